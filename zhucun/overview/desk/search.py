"""Search over people, villages, teams and units within sight; one bounded query each."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from zhucun.base.access.models import User
from zhucun.base.access.permissions import Permission
from zhucun.base.timeline.models import in_force
from zhucun.overview.office.sight import units_seen_by, villages_seen_by
from zhucun.work.teams.models import Posting, Team, people_seen_by

LONGEST = 60
SUGGESTED, LISTED = 5, 20


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, what tells it from others of that name, where it stands."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class Found:
    """What was found of one kind; `more` leads to the full list where `hits` are not all."""

    kind: str
    icon: str
    hits: list[Hit]
    more: str = ""


def term(text: str) -> str:
    """What was typed, cleaned and of bounded length."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST]


def find(text: str, user: User, today: date, day: date, most: int) -> list[Found]:
    """What `user` may see of everything called so, at most `most` of each kind, described as on `day`."""
    words = term(text).split()
    if not words:
        return []
    kinds = (
        (Permission.PERSON_VIEW, _people),
        (Permission.DIRECTORY_VIEW, _villages),
        (Permission.TEAM_VIEW, _teams),
        (Permission.DIRECTORY_VIEW, _units),
    )
    found = []
    for permission, search in kinds:
        scope = user.scope_on(today, permission)
        if scope:
            found.append(search(words, scope, day, most))
    return [one for one in found if one.hits]


def _called(words: list[str], *fields: str) -> Q:
    """Every word in at least one of the fields."""
    every = Q()
    for word in words:
        some = Q()
        for name in fields:
            some |= Q(**{f"{name}__icontains": word})
        every &= some
    return every


def _people(words: list[str], scope, day: date, most: int) -> Found:
    now = Posting.objects.filter(in_force(day)).select_related("team__village", "unit")
    rows = people_seen_by(scope).filter(_called(words, "name", "number")).order_by("name", "number")
    people = rows.prefetch_related(Prefetch("postings", now, to_attr="now"))[: most + 1]
    hits = [Hit(one.name, _post(one.number, one.now), reverse("teams:person", args=[one.pk])) for one in people]
    return _found("人员", "user", hits, most, "teams:people", words)


def _post(number: str, now: list[Posting]) -> str:
    if not now:
        return f"{number}，不在任"
    posting = now[0]
    return f"{posting.team.village}驻村工作队{posting.get_role_display()}，{posting.unit}"


def _villages(words: list[str], scope, day: date, most: int) -> Found:
    rows = villages_seen_by(scope).filter(_called(words, "name", "code", "township__name"))
    hits = [
        Hit(village.name, village.township.name, reverse("teams:village", args=[village.pk]))
        for village in _some(rows, most, "township")
    ]
    return _found("村", "building-cottage", hits, most, "office:villages", words)


def _teams(words: list[str], scope, day: date, most: int) -> Found:
    rows = Team.objects.on(day).seen_by(scope).filter(_called(words, "number", "village__name", "lead_unit__name"))
    teams = _some(rows, most, "village__township", "lead_unit")
    hits = [
        Hit(str(team), f"{team.village.township}，{team.lead_unit}牵头", reverse("teams:team", args=[team.pk]))
        for team in teams
    ]
    return _found("工作队", "users-group", hits, most, "teams:teams", words)


def _units(words: list[str], scope, day: date, most: int) -> Found:
    rows = units_seen_by(scope).filter(_called(words, "name"))
    hits = [
        Hit(unit.name, unit.get_category_display(), reverse("teams:unit", args=[unit.pk])) for unit in _some(rows, most)
    ]
    return _found("派出单位", "building-bank", hits, most, "office:units", words)


def _some(rows: QuerySet, most: int, *related: str) -> list:
    return list((rows.select_related(*related) if related else rows)[: most + 1])


def _found(kind: str, icon: str, hits: list[Hit], most: int, name: str, words: list[str]) -> Found:
    more = f"{reverse(name)}?{urlencode({'q': ' '.join(words)})}" if len(hits) > most else ""
    return Found(kind, icon, hits[:most], more)
