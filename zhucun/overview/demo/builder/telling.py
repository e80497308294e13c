"""Telling the plan through the actions of the rooms, in the order of days, so that the journal reads like the years."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from zhucun.base.access.models import User
from zhucun.base.directory import actions as directory
from zhucun.base.people import actions as people
from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import age_on
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Handover, Posting, Team

from . import acts, sheets
from .accounting_for import AccountingFor
from .acts import Act
from .attending import Attending
from .casework import Casework
from .chance import Chance, workday_before
from .choosing import Choosing
from .circulating import Circulating
from .diary import Diary
from .ground import Ground
from .inspecting import Inspecting
from .outline import Outline
from .plan import Crew, Place, Plan, Stay, Who
from .seed import Seed

TOWNSHIP = 9
"""Digits of a township's code."""
Tell = Callable[[str], None]


class Telling:
    """Holds what the plan has become so far: villages, units, people, teams and postings as rows."""

    def __init__(self, seed: Seed, plan: Plan, ground: Ground) -> None:
        self.seed, self.plan, self.ground = seed, plan, ground
        self.chance = Chance(seed.structure["seed"] + 1)
        self.persons: dict[Who, Person] = {}
        self.teams: dict[Crew, Team] = {}
        self.postings: dict[Stay, Posting] = {}
        self.open_lists = sheets.overdue(self.chance, plan)

    def tell(self, say: Tell) -> None:
        """Do every act on its day, saying each new year aloud."""
        year = month = 0
        for act, at in acts.in_order(self._acts()):
            if act.day.year != year:
                year = act.day.year
                say(f"{year} 年：选派、调整、交接……")
            if act.day.month != month:
                month = act.day.month
                _take_stock()
            act.do(at)

    def _acts(self) -> list[Act]:
        found = self.ground.rules()
        for who in [*self.plan.people, *self.plan.selection.newcomers]:
            found += self._of_person(who)
        for crew in self.plan.crews:
            found += self._of_crew(crew)
        for place in self.plan.places:
            found += [Act(day, acts.CLASS, self._classing(place, day, category)) for day, category in place.classes]
        for row in self.plan.accounts.values():
            if "who" in row:
                found.append(Act(workday_before(row["who"].first_day), acts.ACCOUNT, self._account(row)))
        attending = Attending(self.seed, self.plan, self.ground, self.persons, self.teams, self.postings)
        found += attending.acts() + self._inspected(attending.diary)
        return found + Choosing(self.seed, self.plan, self.ground, self.persons).acts()

    def _inspected(self, diary: Diary) -> list[Act]:
        """Inspections, circulars, and what followed for people: reminders, interviews, recalls."""
        townships = {row["name"]: row["code"] for row in self.seed.divisions if len(row["code"]) == TOWNSHIP}
        outline = Outline(self.seed.inspections, self.plan, diary, townships)
        inspecting = Inspecting(self.seed, self.ground, outline, self.teams, self.postings)
        cases = AccountingFor(self.seed, self.plan, outline, Casework(inspecting, self.postings))
        return inspecting.acts() + Circulating(inspecting).acts() + cases.acts()

    def _of_person(self, who: Who) -> list[Act]:
        entered = who.entered_on or workday_before(who.first_day - timedelta(days=17 + int(who.number[1:]) % 9))
        found = [Act(entered, acts.REGISTER, lambda at: self._register(who, at))]
        if who.review:
            found.append(Act(who.review["reviewed_on"], acts.REVIEW, lambda at: self._review(who, at)))
        return found + [Act(day, acts.CHANGE, self._change(who, day, after)) for day, after in who.changes]

    def _of_crew(self, crew: Crew) -> list[Act]:
        found = [Act(crew.start, acts.OPEN, lambda at: self._open(crew, at))]
        if (last := crew.last) is not None:
            found.append(Act(last, acts.LEAVE, lambda at: self._close(crew, last, at)))
        taken = {stay.next for stay in crew.stays if stay.next and self._at_once(stay)}
        for stay in crew.stays:
            if stay not in taken:
                found.append(Act(stay.start, acts.POST, self._post(stay)))
            if stay.last:
                if not (crew.last and stay.last == crew.last) and stay.ending != "recall":
                    found.append(Act(stay.last, acts.LEAVE, self._leave(stay)))
                found += self._handover(stay)
        return found

    @staticmethod
    def _at_once(stay: Stay) -> bool:
        """Whether the successor takes over the next day, in one act with the leaving; a mover's leaving must come first."""
        return stay.ending == "transfer" and (stay.heir.start - stay.ended).days == 1 and not _moves(stay.heir.who)

    # --- people ----------------------------------------------------------------------------------

    def _register(self, who: Who, at: datetime) -> None:
        identity = {
            name: getattr(who, name)
            for name in "number name sex ethnicity born native_place party_joined_on id_number phone".split()
        }
        record = who.record | {"unit": self.ground.units[who.unit]}
        self.persons[who] = people.register(
            county=self.ground.county, identity_fields=identity, record_fields=record, by=self.ground.office, at=at
        )

    def _change(self, who: Who, day: date, after: dict) -> Callable:
        return lambda at: people.change_record(
            person=self.persons[who], start=day, fields=after, by=self.ground.office, at=at
        )

    def _review(self, who: Who, at: datetime) -> None:
        sheet = dict(who.review or {})
        judgements = {standard: (True, grounds) for standard, grounds in sheet.pop("judgements").items()}
        sheet |= {name: self.ground.villages[sheet[name]] for name in ("home_village", "relatives_in") if name in sheet}
        fields = sheet | {"on_staff": True, "opinion": "符合选派条件，同意推荐。"}
        record = self.persons[who].records.select_related("person", "unit").on(sheet["reviewed_on"]).get()
        by = self.ground.contact if self.ground.contact_unit == who.unit else self.ground.office
        teams.fill_review(record=record, fields=fields, judgements=judgements, by=by, at=at)

    def _account(self, row: dict) -> Callable:
        def give(at: datetime) -> None:
            user = self.ground.open_account(row, at)
            people.give_account(person=self.persons[row["who"]], user=user, by=self.ground.system, at=at)

        return give

    # --- teams -----------------------------------------------------------------------------------

    def _open(self, crew: Crew, at: datetime) -> None:
        self.teams[crew] = teams.open_team(
            number=crew.number, village=self.ground.villages[crew.place.code], lead_unit=self.ground.units[crew.lead],
            partners=[self.ground.units[name] for name in crew.partners], start=crew.start, by=self.ground.office, at=at,
        )  # fmt: skip

    def _close(self, crew: Crew, last: date, at: datetime) -> None:
        reason = self.seed.words["reasons"][crew.why]
        teams.close_team(
            team=self.teams[crew], last_day=last, ending="term", reason=reason, by=self.ground.office, at=at
        )

    def _facts(self, stay: Stay) -> dict:
        who = stay.who
        return {
            "document": _document(stay),
            "reason": sheets.posting_reason(self.seed, stay, age_on(who.born, stay.start)),
        }

    def _post(self, stay: Stay) -> Callable:
        def post(at: datetime) -> None:
            self.postings[stay] = teams.post(
                person=self.persons[stay.who], team=self.teams[stay.crew], role=_role(stay), start=stay.start,
                by=self.ground.office, at=at, **self._facts(stay),
            )  # fmt: skip

        return post

    def _leave(self, stay: Stay) -> Callable:
        reason = sheets.ending_reason(self.chance, self.seed, stay)
        fields: dict[str, Any] = {"last_day": stay.last, "reason": reason, "by": self.ground.office}

        def leave(at: datetime) -> None:
            posting = self.postings[stay]
            if stay.next is None or not self._at_once(stay):
                teams.end_posting(posting=posting, ending=stay.ending, at=at, **fields)
                return
            facts = self._facts(stay.next)
            arrived = teams.transfer(
                posting=posting, successor=self.persons[stay.next.who], successor_reason=facts["reason"],
                document=facts["document"], at=at, **fields,
            )  # fmt: skip
            assert arrived is not None
            self.postings[stay.next] = arrived

        return leave

    def _handover(self, stay: Stay) -> list[Act]:
        day = sheets.signed_on(self.chance, stay, self.open_lists)
        begun = day is not None or stay.crew is self.plan.shown or self.chance.holds(0.6)
        if not begun or stay.ended >= sheets.LAST:
            return []
        in_party = stay.who.record["political"] in ("party", "probationary")
        items = sheets.handover_lines(self.chance, self.seed, stay.crew.place, in_party, day is not None)
        written = day or min(stay.ended + timedelta(days=2), sheets.LAST)
        return [Act(written, acts.HANDOVER, lambda at: self._hand_over(stay, items, day, at))]

    def _hand_over(self, stay: Stay, items: list[dict], day: date | None, at: datetime) -> None:
        handover = Handover.objects.get(posting=self.postings[stay])
        handover.posting = self.postings[stay]
        receiver = self._receiver(stay, at.date())
        fields = {"receiver": receiver, "witness": stay.crew.place.secretary if day else "", "signed_on": day}
        teams.fill_handover(handover=handover, fields=fields, items=items, by=self._keeper(stay, at), at=at)

    def _receiver(self, stay: Stay, day: date):
        """Who takes the list over: the successor in the seat, else the leader or another of those there that day."""
        if stay.next in self.postings:
            return self.postings[stay.next]
        there = [
            other
            for other in self.plan.stays
            if other.crew.place is stay.crew.place and other is not stay and other.holds_on(day)
        ]
        there.sort(key=lambda other: not other.leads)
        return next((self.postings[other] for other in there if other in self.postings), None)

    def _keeper(self, stay: Stay, at: datetime) -> User:
        """Hand-overs are the township's business where its clerk has an account."""
        clerk = self.ground.clerk
        return (
            clerk if stay.crew.place.township == self.ground.clerk_township and at.year > 2021 else self.ground.office
        )

    # --- places ----------------------------------------------------------------------------------

    def _classing(self, place: Place, day: date, category: str) -> Callable:
        conditions = {place.condition} - {""}
        return lambda at: directory.class_village(
            village=self.ground.villages[place.code],
            start=day,
            category=category,
            conditions=conditions,
            by=self.ground.office,
            at=at,
        )


def _take_stock() -> None:
    """Let PostgreSQL count the rows told so far: in one long transaction nothing else tells its planner how many there are."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _moves(who: Who) -> bool:
    """Whether the person goes from one team to another in 2022."""
    return any(stay.reason.startswith("moved") for stay in who.stays)


def _role(stay: Stay) -> str:
    """Leaders are 第一书记兼队长, where they are party members and the village has a first secretary at all."""
    if not stay.leads:
        return stay.role
    plain = stay.crew.plainly_led or stay.who.record["political"] != "party"
    return "leader" if plain else "first_secretary"


def _document(stay: Stay) -> str:
    """文号 of the posting, numbered by half-months of the year."""
    issue = (stay.start.month - 1) * 2 + (stay.start.day > 15) + 1
    return f"祁组通〔{stay.start.year}〕演示{issue}号"
