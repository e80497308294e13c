"""驻村工作队: “逐人逐村进行分析研判，精准分村选队，并建立专门台账”, “累计调整驻村工作队长18人、队员82人”.

Nouns: team, posting (a person in a team in a role for a time), transfer (调整, no fault), review (选派审核表), hand-over (交接清单).
"""
