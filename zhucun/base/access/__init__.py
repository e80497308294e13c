"""权限: “县驻村办统筹管理、乡镇具体管理、派出单位跟踪管理”: who may do what, in which area, on which days.

Nouns: user, role, permission, duty (a role in an area for a time), scope (which rows one sees), figure (a number over them).
"""
