"""All hints about a team's month, in order; pure."""

from collections.abc import Callable, Iterator

from .patterns import alike, below, far_more, never_away, nobody_on_duty, same_weekday
from .sheet import Hint, Sheet
from .slips import covered, not_back, of_other_kind, out_of_post, said_otherwise, without_notice, without_slip

CHECKS: tuple[Callable[[Sheet], Iterator[Hint]], ...] = (
    out_of_post, covered, without_slip, of_other_kind, without_notice, not_back, nobody_on_duty, said_otherwise, never_away,
    alike, same_weekday, far_more, below,
)  # fmt: skip


def found(sheet: Sheet) -> list[Hint]:
    """Every hint about a team's month, in the order of the checks; those for information last."""
    hints = [hint for check in CHECKS for hint in check(sheet)]
    return sorted(hints, key=lambda hint: hint.is_information)
