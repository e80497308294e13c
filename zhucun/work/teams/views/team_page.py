"""What a team's page shows."""

from datetime import date

from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Record
from zhucun.base.policy import policy
from zhucun.work.teams import acts
from zhucun.work.teams.models import Handover, Posting, Team
from zhucun.work.teams.rules import TeamsPolicy, due_when_begun_by, shortages, term_ends

from . import links
from .roster import CLASS_TONES, ENDING_TONES, ROLE_TONES
from .seen import manages

BAR_TONES = {"first_secretary": "red", "leader": "red", "deputy": "yellow", "member": "blue"}


def team_facts(team: Team, scope: Scope, day: date) -> dict:
    """The template's context for a team as on `day`, people and acts only as far as `scope` reaches."""
    numbers = policy.on(day, TeamsPolicy, area=team.village_id)
    everybody = Posting.objects.filter(team=team)
    seen = list(everybody.within(scope).select_related("person", "unit").ranked().order_by("place", "start"))
    now = [posting for posting in seen if posting.holds_on(day)]
    total, leaders = everybody.on(day).count(), everybody.on(day).filter(role__in=Posting.LEADERS).count()
    records = {row.person_id: row for row in Record.objects.on(day).filter(person__in=[p.person_id for p in now])}
    former = sorted((p for p in seen if p.end and p.end <= day), key=lambda p: p.end, reverse=True)
    return {
        "team": team,
        "standing": team.village.standing_on(day),
        "class_tones": CLASS_TONES,
        "in_force": team.holds_on(day),
        "people": [line(posting, numbers, day, records.get(posting.person_id)) for posting in now],
        "unseen": total - len(now),
        "to_come": [posting for posting in seen if posting.start > day],
        "former": [line(posting, numbers, day) for posting in former],
        "bars": [bar(posting, str(posting.person), links.person(posting.person_id)) for posting in sorted(seen, key=lambda p: p.start)],
        "handovers": Handover.objects.within(scope).filter(posting__team=team).select_related("posting__person", "receiver__person"),
        "acts": acts.of_team(team, scope, reasons=manages(scope)),
        "tells": manages(scope),
        "lacks": shortages(total, leaders, numbers) if team.holds_on(day) else [],
        "numbers": numbers,
    }  # fmt: skip


def line(posting: Posting, numbers: TeamsPolicy, day: date, record: Record | None = None) -> dict:
    """One posting in a list: with its tones, its record and the day its term is full."""
    full = term_ends(posting.start, numbers)
    return {
        "posting": posting,
        "record": record,
        "age": posting.person.age_on(day),
        "role_tone": ROLE_TONES[posting.role],
        "ending_tone": ENDING_TONES.get(posting.ending, "gray"),
        "term_end": full,
        "term_over": full <= day,
        "term_near": posting.start <= due_when_begun_by(day, numbers),
    }


def bar(posting: Posting, lane: str, url: str) -> dict:
    """One posting on a time line; how it ended stands in the words that appear on pointing at it."""
    ended = f"，{posting.get_ending_display()}" if posting.ending else ""
    until = f"至 {posting.last_day}" if posting.end else "至今"
    return {
        "lane": lane, "label": posting.get_role_display(), "start": posting.start, "end": posting.end,
        "tone": BAR_TONES[posting.role], "url": url, "title": f"{posting.person} {posting.get_role_display()} {posting.start} {until}{ended}",
    }  # fmt: skip
