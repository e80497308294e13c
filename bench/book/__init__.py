"""The examiner of the attendance book: judges printer and reader from outside, knowing only a PDF and its layout.

It shares no code and no numbers with the product. `examine` gives simulated files with their truth, `python -m bench.book`
writes them, judges answers, and runs the installed product through both; see README.md beside this file.
"""

from bench.book.examining import examine
from bench.book.judging import judge

__all__ = ["examine", "judge"]
