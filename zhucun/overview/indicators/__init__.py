"""指标: “平均年龄41岁，大专以上学历235人……相比往年，在年龄、学历、技能等结构方面均有较大改善和提升”.

Nouns: indicator (a figure with its code, label and unit), area (whose figures), structure (队伍结构 by dimension and category).
"""
