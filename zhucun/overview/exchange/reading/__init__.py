"""Workbooks from outside, read in a process of their own with limits: a hostile file costs one process and a sentence."""
