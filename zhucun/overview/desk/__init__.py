"""工作台: the home page of each role, the menu and the search; nothing of its own is kept here.

Nouns: menu (groups and entries by permission), home (what somebody needs first thing in the morning), search.
"""
