"""页面家具: base page, tables, forms, drawers, charts, Excel output; no pages of its own.

How to make a page, a table, a form and a drawer stands in docs/explanation/pages.md.
This room knows no other room: whatever is shown is handed to it.
"""
