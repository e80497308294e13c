"""Where a case stands and who is asked next."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError

from zhucun.base.policy import policy
from zhucun.work.inspections.models import Finding

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


def took_part(case: Case, user) -> bool:
    """Whether somebody opened a case or gave an opinion on it, and so cannot review an appeal against it."""
    return user.pk == case.opened_by_id or any(one.given_by_id == user.pk for one in case.opinions.all())


def check_founded(case: Case) -> None:
    """Raise ValidationError where the finding a case rests on was withdrawn as untrue meanwhile."""
    if case.finding is not None and case.finding.state == Finding.State.WITHDRAWN:
        raise ValidationError(f"所依据的问题 {case.finding.number} 已查明不属实并撤销，请作“不予处理”或撤销。")
