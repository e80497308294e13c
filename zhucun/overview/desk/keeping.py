"""What the three kinds of administrators look after: the steps to a working installation, its health, the journal."""

from datetime import date, datetime

from zhucun.base.access.models import User
from zhucun.base.access.permissions import Permission
from zhucun.base.journal.models import Entry
from zhucun.base.notices.todos import waiting_for
from zhucun.overview.office import story
from zhucun.overview.office.beginning import steps
from zhucun.overview.office.health import findings

MOST_ENTRIES = 8


def of(user: User, day: date, now: datetime) -> dict:
    """The template's context; each part only for whoever may look into it, and only while it says something."""
    found: dict = {"todos": waiting_for(user, day), "today": day}
    if user.may(Permission.ACCOUNT_EDIT, day) or user.may(Permission.DUTY_EDIT, day):
        todo = steps(user, day)
        found["steps"] = todo if any(step["state"] != "done" for step in todo) else []
    if user.may(Permission.HEALTH_VIEW, day):
        found |= {"watched": True, "findings": [one for one in findings(now) if one.tone in {"red", "yellow"}]}
    if user.may(Permission.JOURNAL_VIEW, day):
        found["entries"] = [
            (entry, story.moment(entry), story.action(entry), story.brief(entry))
            for entry in Entry.objects.all()[:MOST_ENTRIES]
        ]
    return found
