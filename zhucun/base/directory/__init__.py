"""名录: 县、乡镇（街道、管理处）、村 and their classes by date; 派出单位 and their kind.

“示范村、重点村、一般村”, “穷村、弱村、乱村”, “经济部门、党群部门、政法部门”. Nouns: division, village, standing, unit.
"""
