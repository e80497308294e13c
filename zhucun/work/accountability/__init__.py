"""提醒 · 约谈 · 召回：提醒通报23人；通过“表彰一批、约谈一批、召回一批”，推动驻村工作队员履职尽责；召回队长1人、队员2人。

The room's nouns: case (一件处理) with its measure — reminder (提醒), interview (约谈), recall (召回) —, opinion (审批意见),
statement (陈述申辩), appeal (申诉). Recall is for fault; transfer (调整) has none and stays in `teams`.
"""
