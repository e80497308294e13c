"""What waits for somebody because of teams and postings."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from zhucun.base.access.models import User
from zhucun.base.access.scope import Scope
from zhucun.base.notices.todos import Todo
from zhucun.base.policy import policy
from zhucun.base.timeline.models import in_force
from zhucun.base.timeline.periods import months_after

from .models import Handover, Posting, Team
from .rules import TeamsPolicy, due_when_begun_by, shortages

ROOM = "teams"


def waiting(user: User, day: date) -> Iterator[Todo]:
    """Full terms, teams short of people and hand-overs not signed, for whoever may do something about them."""
    numbers = policy.on(day, TeamsPolicy)
    office = user.scope_on(day, "teams.posting_edit")
    if office:
        yield from _terms(office, day, numbers)
        yield from _short_teams(office, day, numbers)
    hands = user.scope_on(day, "teams.handover_edit")
    if hands:
        yield from _handovers(hands, day, numbers)


def _terms(scope: Scope, day: date, numbers: TeamsPolicy) -> Iterator[Todo]:
    postings = Posting.objects.on(day).within(scope).filter(start__lte=due_when_begun_by(day, numbers))
    n, first = postings.count(), postings.order_by("start").values_list("start", flat=True).first()
    if n:
        due = months_after(first, numbers.term_months)
        yield Todo(
            f"{n} 人任期将满或已满",
            f"任期 {numbers.term_months} 个月，请安排轮换或续派",
            f"{reverse('teams:ledger')}?term=due",
            due,
            ROOM,
        )


def _short_teams(scope: Scope, day: date, numbers: TeamsPolicy) -> Iterator[Todo]:
    here = in_force(day, "postings__")
    teams = Team.objects.on(day).within(scope).annotate(
        people=Count("postings", filter=here),
        leaders=Count("postings", filter=here & Q(postings__role__in=Posting.LEADERS)),
    )  # fmt: skip
    for team in teams.filter(Q(people__lt=numbers.min_people) | Q(leaders=0)).select_related("village")[:20]:
        lacks = "、".join(shortages(team.people, team.leaders, numbers))
        yield Todo(f"{team}：{lacks}", "请补充选派", reverse("teams:team", args=[team.pk]), None, ROOM)


def _handovers(scope: Scope, day: date, numbers: TeamsPolicy) -> Iterator[Todo]:
    since = day - timedelta(days=365)
    open_lists = Handover.objects.within(scope).filter(
        signed_on__isnull=True, posting__end__gt=since, posting__end__lte=day
    )
    for handover in open_lists.select_related("posting__person", "posting__team__village").order_by("posting__end")[
        :20
    ]:
        due = handover.posting.last_day + timedelta(days=numbers.handover_days)
        why = f"{handover.posting.last_day} 离任，{numbers.handover_days} 天内三方签字"
        yield Todo(
            f"{handover.posting.person}的交接清单未签字", why, reverse("teams:handover", args=[handover.pk]), due, ROOM
        )
