"""导入导出: “建立专门台账”: a county's ledger workbook in and out, and the roster (花名册) it already keeps.

A workbook is read in a limited process (`reading`), its cells become values (`parsing`), each room compares its own
sheets with what is known and writes them (`loading` of the rooms, put in order by `planning`), all in one transaction.
"""
