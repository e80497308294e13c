"""What every list hands to `tables.answer(on_export=…)`, so that no list leaves the system unnoticed."""

from typing import Any

from . import actions


def note_export(request: Any, table: Any, count: int) -> None:
    """An entry that a list left as a workbook or on paper: which one, how many rows, by whom."""
    form = "打印" if request.GET.get("format") == "print" else "Excel"
    actions.note_export(title=table.title, count=count, form=form, by=request.user, at=request.now)
