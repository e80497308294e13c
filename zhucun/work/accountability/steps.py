"""Where a case stands and who is asked next."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from zhucun.base.policy import policy

from .models import Case
from .rules import AccountabilityPolicy, Level, Measure, levels, next_level


def path_of(case: Case, numbers: AccountabilityPolicy | None = None) -> tuple[Level, ...]:
    """Who must agree to a case, in order, by the policy of the day it was opened; a unit head has no township."""
    numbers = numbers or policy.on(case.opened_on, AccountabilityPolicy)
    found = levels(Measure(case.measure), oral=case.way == Case.Way.ORAL, policy=numbers)
    return tuple(level for level in found if level is not Level.TOWNSHIP or case.township_id)


def next_for(case: Case, numbers: AccountabilityPolicy | None = None) -> Level | None:
    """Whose opinion a case waits for; None when it waits for nobody's."""
    if case.state != Case.State.APPROVAL:
        return None
    return next_level(path_of(case, numbers), [Level(one.level) for one in case.opinions.all()])


def turns(cases: Iterable[Case]) -> dict[UUID, Level | None]:
    """`next_for` of many cases whose opinions were fetched with them, in one query."""
    rows = [case for case in cases if case.state == Case.State.APPROVAL]
    numbers = policy.on_each(AccountabilityPolicy, {(case.opened_on, "") for case in rows})
    return {case.pk: next_for(case, numbers[case.opened_on, ""]) for case in rows}


def appeal_until(case: Case, numbers: AccountabilityPolicy | None = None) -> date | None:
    """The last day, inclusive, on which a case may be appealed against, counted from the notice; None before it."""
    told = case.notified_on or case.on
    if told is None:
        return None
    return told + timedelta(days=(numbers or policy.on(told, AccountabilityPolicy)).appeal_days)


def appeals_until(cases: Iterable[Case]) -> dict[UUID, date | None]:
    """`appeal_until` of many cases, in one query."""
    told = {case.pk: (case, case.notified_on or case.on) for case in cases}
    numbers = policy.on_each(AccountabilityPolicy, {(day, "") for _, day in told.values() if day})
    return {key: appeal_until(case, numbers[day, ""]) if day else None for key, (case, day) in told.items()}
