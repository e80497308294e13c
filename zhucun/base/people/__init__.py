"""人员: cadres and their record by date: 学历 职级 政治面貌 派出单位, “涉农相关专业”, “农村工作经历”, “脱贫攻坚驻村”.

Nouns: person, record (what holds of a person for a time), sealed (encrypted columns).
"""
