"""The paper book: one list of numbers used by printer and reader, what a page holds, and the printer itself; pure."""
