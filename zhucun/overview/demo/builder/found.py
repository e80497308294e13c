"""What the database holds: nothing, a demonstration, or a county's own data."""

from enum import StrEnum

from zhucun.base.access.models import ShownAccount, User
from zhucun.base.directory.models import Division
from zhucun.base.people.models import Person
from zhucun.base.timeline.models import FixedClock
from zhucun.work.teams.models import Team


class Found(StrEnum):
    """What stands in the database."""

    NOTHING = "nothing"
    DEMO = "demo"
    OTHER = "other"


def found() -> Found:
    """A demonstration has its own clock and shows its accounts; a county has neither, and its data is never touched."""
    if FixedClock.objects.exists() and ShownAccount.objects.exists():
        return Found.DEMO
    people_of_the_county = User.objects.filter(is_caretaker=False)
    rows = (people_of_the_county, Division.objects.all(), Person.objects.all(), Team.objects.all())
    return Found.OTHER if any(some.exists() for some in rows) else Found.NOTHING
