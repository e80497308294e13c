"""Telling what is done about people: how a reminder, an interview and a recall go, step by step, each on its day."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from zhucun.base.access import actions as access
from zhucun.base.access.models import User
from zhucun.base.access.permissions import Role
from zhucun.base.policy.models import Clause
from zhucun.work.accountability import beginnings
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.actions.opening import About
from zhucun.work.accountability.models import Case
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting

from . import acts
from .acts import Act
from .chance import Chance, workdays_later
from .ground import Ground
from .inspecting import Inspecting
from .outline import Matter
from .plan import Stay

REMINDED, INTERVIEWED, RECALLED = "第二十一条", "第二十二条", "第二十三条"
DEPUTY = "county2"


class Casework:
    """Holds the cases told so far; every way through one gives its acts."""

    def __init__(self, inspecting: Inspecting, postings: dict[Stay, Posting]) -> None:
        self.inspecting, self.postings = inspecting, postings
        self.words: dict[str, Any] = inspecting.words
        self.ground: Ground = inspecting.ground
        self.chance = Chance(inspecting.seed + 9)
        self.cases: dict[Matter, Case] = {}
        self.letters: Counter[tuple[str, int]] = Counter()

    # --- the three ways ----------------------------------------------------------------------------

    def oral(self, matter: Matter, day: date) -> list[Act]:
        """An oral reminder: told and closed some days later."""
        words = self.words["reminder"]["oral"]
        return [
            Act(day, acts.CASE, self._open(matter)),
            Act(workdays_later(day, 2), acts.CASE, self._close(matter, words)),
        ]

    def letter(self, matter: Matter, day: date, *, is_answered: bool = True) -> list[Act]:
        """A reminder in writing: opened and approved, sent the next working day, answered and closed."""
        answer = self.chance.random.choice(self.words["reminder"]["reply"].split("|"))
        found = [
            Act(day, acts.CASE, self._open(matter)),
            Act(day, acts.CASE, self._judge(matter, self.ground.office)),
            Act(workdays_later(day, 1), acts.CASE, self._notify(matter, "祁驻村函")),
        ]
        if is_answered:
            replied = workdays_later(day, 4)
            found.append(Act(replied, acts.CASE, self._reply(matter, answer)))
            found.append(
                Act(workdays_later(replied, 1), acts.CASE, self._close(matter, self.words["reminder"]["closed"]))
            )
        return found

    def interview(self, matter: Matter, day: date, record: str, *, is_held: bool = True) -> list[Act]:
        """Heard, approved by the office, told, held and closed."""
        words = self.words["interview"]
        held = workdays_later(day, 4)
        found = [
            Act(day, acts.CASE, self._open(matter)),
            Act(workdays_later(day, 1), acts.CASE, self._state(matter, words["statement"])),
            Act(workdays_later(day, 2), acts.CASE, self._end_hearing(matter)),
            Act(workdays_later(day, 2), acts.CASE, self._judge(matter, self.ground.office)),
            Act(workdays_later(day, 3), acts.CASE, self._notify(matter, "祁驻村函")),
        ]
        if is_held:
            found.append(Act(held, acts.CASE, self._hold(matter, held, record)))
            found.append(Act(workdays_later(held, 15), acts.CASE, self._close(matter, words["closed"])))
        return found

    def recall(self, matter: Matter, statement: str) -> list[Act]:
        """Told six working days before the last day, heard, four opinions, notice, carried out; the successor named, closed."""
        stay = matter.stay
        assert stay is not None
        ground, last = self.ground, stay.ended
        found = [
            Act(workdays_later(last, -6), acts.CASE, self._open(matter)),
            Act(workdays_later(last, -5), acts.CASE, self._state(matter, statement)),
            Act(workdays_later(last, -4), acts.CASE, self._end_hearing(matter)),
            Act(workdays_later(last, -4), acts.CASE, lambda at: self._judge(matter, self._clerk(stay))(at)),
            Act(workdays_later(last, -3), acts.CASE, self._judge(matter, ground.office)),
            Act(workdays_later(last, -2), acts.CASE, self._judge(matter, ground.office, "祁组函")),
            Act(workdays_later(last, -2), acts.CASE, self._judge(matter, ground.magistrate)),
            Act(workdays_later(last, -1), acts.CASE, self._notify(matter, "祁驻村")),
            Act(last, acts.LEAVE, self._carry_out(matter)),
        ]
        if stay.next is not None:
            follows = stay.next
            found.append(Act(follows.start, acts.CASE, self._succeed(matter, follows)))
            found.append(
                Act(workdays_later(follows.start, 12), acts.CASE, self._close(matter, self.words["recall"]["closed"]))
            )
        return found

    def appealed(self, matter: Matter, day: date) -> list[Act]:
        """Appealed by the person, and refused by an officer who had no part in it."""
        words = self.words["recall"]

        def answer(at: datetime) -> None:
            appeal = self.cases[matter].appeals.get()
            effects.answer_appeal(
                appeal=appeal, upheld=False, text=words["answer"], by=self.ground.accounts[DEPUTY], at=at
            )

        return [
            Act(workdays_later(day, -1), acts.ACCOUNT, self._open_deputy),
            Act(day, acts.CASE, lambda at: effects.appeal(case=self.cases[matter], text=words["appeal"], by=self._speaker(matter), at=at)),
            Act(workdays_later(day, 5), acts.CASE, answer),
        ]  # fmt: skip

    # --- accounts ----------------------------------------------------------------------------------

    def open_own(self, stay: Stay) -> Callable:
        """An account for somebody who is to be heard, in the name of their 人员编号."""

        def open_own(at: datetime) -> None:
            person = self.postings[stay].person
            user = self.ground.open_account(
                {"username": person.number.lower(), "name": person.name, "who": stay.who}, at
            )
            teams.give_account(person=person, user=user, by=self.ground.system, at=at)

        return open_own

    def _open_deputy(self, at: datetime) -> None:
        row = {"username": DEPUTY, "name": self.words["deputy"], "who": None}
        user = self.ground.open_account(row, at)
        access.grant(
            user=user, role=Role.OFFICE, area=self.ground.county, start=at.date(), end=None,
            by=self.ground.accounts["secadmin"], at=at,
        )  # fmt: skip

    def _clerk(self, stay: Stay) -> User:
        return self.ground.clerk_of(stay.crew.place.township)

    def _speaker(self, matter: Matter) -> User:
        """Who speaks: the person with an account, else the township writes it down; the office for the head of a unit."""
        if matter.stay is None:
            return self.ground.office
        own = self.ground.accounts.get(matter.stay.who.number.lower())
        return own or self._clerk(matter.stay)

    # --- the steps ---------------------------------------------------------------------------------

    def _open(self, matter: Matter) -> Callable:
        """Opened with what the page would begin with, and put to the person or to approval at once."""

        def open_it(at: datetime) -> None:
            fields: dict[str, Any] = {"grounds": matter.grounds, "facts": matter.facts, "clause": self._clause(matter)}
            finding = self.inspecting.found[matter.fault] if matter.fault else None
            if finding is not None:
                begun = beginnings.of(finding, None, matter.measure, at.date()).fields
                fields = {name: value or begun[name] for name, value in fields.items()}
                fields["facts"] += self._earlier(matter)
            case = opening.open_case(
                county=self.ground.county, measure=matter.measure, about=self._about(matter), source=matter.source, way=matter.way,
                finding=finding, after=self.cases[matter.after] if matter.after else None, by=self.ground.office, at=at, **fields,
            )  # fmt: skip
            self.cases[matter] = opening.put_forward(case=case, by=self.ground.office, at=at)

        return open_it

    def _earlier(self, matter: Matter) -> str:
        """For a recall on another ground than absence: what inspections found of the person before."""
        if matter.measure != "recall" or matter.source == "absence":
            return ""
        rows = [
            row
            for fault, row in self.inspecting.found.items()
            if fault.stay is matter.stay and fault is not matter.fault
        ]
        told = "、".join(f"{row.found_on.month}月{row.found_on.day}日（{row.number}）" for row in rows)
        return f"\n此前督查发现无故不在岗：{told}。" if told else ""

    def _about(self, matter: Matter) -> About:
        return About(self.postings[matter.stay]) if matter.stay else About(unit=self.ground.units[matter.unit])

    def _clause(self, matter: Matter) -> Clause:
        number = {"reminder": REMINDED, "interview": INTERVIEWED, "recall": RECALLED}[matter.measure]
        return self.ground.clauses["rules", "第二十六条" if matter.source == "grade" else number]

    def _state(self, matter: Matter, text: str) -> Callable:
        return lambda at: opening.state(case=self.cases[matter], text=text, by=self._speaker(matter), at=at)

    def _end_hearing(self, matter: Matter) -> Callable:
        return lambda at: opening.end_hearing(case=self.cases[matter], by=self.ground.office, at=at)

    def _judge(self, matter: Matter, by: User, document: str = "") -> Callable:
        words = self.words["words"]["agreed"]

        def judge(at: datetime) -> None:
            number = self._number(document, at) if document else ""
            opening.give_opinion(case=self.cases[matter], agreed=True, text=words, document=number, by=by, at=at)

        return judge

    def _notify(self, matter: Matter, mark: str) -> Callable:
        return lambda at: effects.notify(
            case=self.cases[matter], document=self._number(mark, at), by=self.ground.office, at=at
        )

    def _number(self, mark: str, at: datetime) -> str:
        """文号: one series a year for each mark."""
        self.letters[mark, at.year] += 1
        return f"{mark}〔{at.year}〕演示{self.letters[mark, at.year]}号"

    def _reply(self, matter: Matter, text: str) -> Callable:
        return lambda at: effects.reply(case=self.cases[matter], text=text, by=self.ground.office, at=at)

    def _hold(self, matter: Matter, day: date, record: str) -> Callable:
        place = self.words["interview"]["place"]
        return lambda at: effects.hold(
            case=self.cases[matter], held_on=day, place=place, record=record, by=self.ground.office, at=at
        )

    def _carry_out(self, matter: Matter) -> Callable:
        def carry_out(at: datetime) -> None:
            assert matter.stay is not None
            case = effects.carry_out(case=self.cases[matter], last_day=matter.stay.ended, by=self.ground.office, at=at)
            posting, ended = self.postings[matter.stay], case.posting
            assert ended is not None
            posting.end, posting.ending, posting.ending_reason = ended.end, ended.ending, ended.ending_reason

        return carry_out

    def _succeed(self, matter: Matter, follows: Stay) -> Callable:
        return lambda at: effects.name_successor(
            case=self.cases[matter], successor=self.postings[follows], by=self.ground.office, at=at
        )

    def _close(self, matter: Matter, text: str) -> Callable:
        return lambda at: effects.close(case=self.cases[matter], result=text, by=self.ground.office, at=at)
