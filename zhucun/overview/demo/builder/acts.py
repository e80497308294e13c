"""The acts of the story: what is done on which day, in order, with the moments of the day spread over office hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from .plan import SHANGHAI

OPENS, MINUTES = time(8, 40), 470


@dataclass
class Act:
    """One thing done on a day; the phase orders the acts of the same day."""

    day: date
    phase: int
    do: Callable[[datetime], object]


RULES, REGISTER, REVIEW, ACCOUNT, LEAVE, OPEN, POST, CHANGE, CLASS, HANDOVER = range(10)
BEGIN, FILL, BRING, PUT, WISH, TAKE_BACK, MEET, FIX, COMPUTE = range(10, 19)
IMPORT, ASK, DECIDE, SLIP, RETURN, PRINT, READ, CHECK, BOOK, SIGNED, OBJECT, ANSWER = range(19, 31)
PLAN, SET_OUT, VISIT, FIND, ORDER, REPLY, VERIFY, SETTLE, DRAFT, ISSUE, RECEIVE, CASE = range(31, 43)


def in_order(acts: list[Act]) -> Iterator[tuple[Act, datetime]]:
    """The acts by day and phase, each with its moment."""
    acts = sorted(acts, key=lambda act: (act.day, act.phase))
    for day, same in groupby(acts, key=lambda act: act.day):
        todo = list(same)
        step = min(11.0, MINUTES / len(todo))
        for n, act in enumerate(todo):
            yield act, datetime.combine(day, OPENS, SHANGHAI) + timedelta(minutes=round(step * n), seconds=7 * n % 60)
