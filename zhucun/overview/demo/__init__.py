"""The demonstration county: 祁东县 on 2022-12-07, as the article tells it, with invented people.

“截止目前,全县91支乡村振兴驻村工作队平均年龄41岁,大专以上学历235人……相比往年,在年龄、学历、技能等结构方面均有较大改善和提升。”
Nouns: seed (what stands in `seed/`), place, crew, who, stay (the plan, drawn once and always the same), act (what is done on a day).
"""
