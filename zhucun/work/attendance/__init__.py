"""出勤：编制《祁东县乡村振兴驻村帮扶工作队出勤记录本》，明确“县驻村办统筹管理、乡镇具体管理、派出单位跟踪管理”的三级管理体系。

The room's nouns: the book (记录本, `book/`: printed; `scan/`: read back), marks (出勤, a person's month), leave and notices
of outing (请假报备), confirmation (乡镇确认), corrections (更正) and objections (异议). The paper is the record; there is no punch.
"""
