"""Where a case stands and who is asked next."""

from datetime import date, timedelta

from zhucun.base.policy import policy

from .models import Case
from .rules import AccountabilityPolicy, Level, Measure, levels, next_level


def path_of(case: Case) -> tuple[Level, ...]:
    """Who must agree to a case, in order; a unit head has no township."""
    numbers = policy.on(case.opened_on, AccountabilityPolicy)
    found = levels(Measure(case.measure), oral=case.way == Case.Way.ORAL, policy=numbers)
    return tuple(level for level in found if level is not Level.TOWNSHIP or case.township_id)


def next_for(case: Case) -> Level | None:
    """Whose opinion a case waits for; None when it waits for nobody's."""
    if case.state != Case.State.APPROVAL:
        return None
    return next_level(path_of(case), [Level(one.level) for one in case.opinions.all()])


def appeal_until(case: Case) -> date | None:
    """The last day, inclusive, on which a case may be appealed against, counted from the notice; None before it."""
    if case.notified_on is None:
        return None
    return case.notified_on + timedelta(days=policy.on(case.notified_on, AccountabilityPolicy).appeal_days)
