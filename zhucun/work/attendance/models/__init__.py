"""A person's month, its corrections and objections; leave and notices; the printed pages and what was read from them."""

from .leaves import Decision, Leave
from .months import Correction, Objection, PersonMonth, managed_by, objections_of
from .papers import PrintedPage, Question, Reading

__all__ = [
    "Correction", "Decision", "Leave", "Objection", "PersonMonth", "PrintedPage", "Question", "Reading", "managed_by",
    "objections_of",
]  # fmt: skip
