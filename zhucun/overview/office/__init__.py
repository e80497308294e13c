"""名录 制度 日历 账号 留痕 运行状况: the pages of base, which has none of its own.

“县驻村办统筹管理、乡镇具体管理、派出单位跟踪管理”: who is who, by which rules, since when, and who did what.
"""
