"""A team member's own village, team and posting, for the home page that is mostly read on a phone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from zhucun.base.access.models import User
from zhucun.base.directory.models import Standing
from zhucun.base.policy import policy
from zhucun.work.accountability.sight import own_cases
from zhucun.work.inspections.sight import own_findings
from zhucun.work.placement.models import Objection, Seat
from zhucun.work.teams.models import Handover, Posting
from zhucun.work.teams.rules import TeamsPolicy, term_ends

from .home import contacts


@dataclass(frozen=True)
class Mine:
    """Somebody's posting on a day with everything around it; `days` is how long one has been there, first day included."""

    posting: Posting
    standing: Standing | None
    others: list[Posting]
    full: date
    days: int
    left: int
    handovers: list[Handover]
    contacts: list[tuple[str, str]]

    @property
    def done(self) -> int:
        """How much of the term is over, in percent."""
        total = max((self.full - self.posting.start).days, 1)
        return min(100, round(100 * self.days / total))


def posting_of(user: User, day: date) -> Posting | None:
    """The posting in force on `day` of the person whose account this is."""
    rows = Posting.objects.on(day).filter(person__user=user)
    return rows.select_related(
        "person", "unit", "team__village__township", "team__village__county", "team__lead_unit"
    ).first()


def placed(user: User) -> Seat | None:
    """Where the latest approved round placed the user, before or after the first day there."""
    rows = Seat.objects.filter(candidate__person__user=user, proposal__adopted=True)
    rows = rows.annotate(answered=Exists(Objection.objects.filter(seat=OuterRef("pk"), answered_at__isnull=False)))
    return rows.select_related("line__village", "proposal__round").order_by("-proposal__round__starts_on").first()


def found(user: User) -> int:
    """How many things inspections found about the user, settled or not."""
    return own_findings(user).count()


def cases(user: User) -> int:
    """How many 提醒, 约谈 or 召回 the user was told of, over or not."""
    return own_cases(user).count()


def of(user: User, today: date, day: date) -> Mine | None:
    """What stands around the user's posting on `day`; None for whoever has none that day."""
    posting = posting_of(user, day)
    if posting is None:
        return None
    full = term_ends(posting.start, policy.on(day, TeamsPolicy, area=posting.team.village_id))
    others = Posting.objects.on(day).filter(team=posting.team).exclude(pk=posting.pk).select_related("person", "unit")
    open_lists = Handover.objects.filter(signed_on__isnull=True).select_related("posting__person", "receiver__person")
    return Mine(
        posting=posting,
        standing=posting.team.village.standing_on(day),
        others=sorted(others, key=lambda one: (Posting.Role.values.index(one.role), one.start)),
        full=full,
        days=(day - posting.start).days + 1,
        left=(full - day).days,
        handovers=[*open_lists.filter(posting__team=posting.team).order_by("posting__end")[:5]],
        contacts=contacts(posting, today),
    )
