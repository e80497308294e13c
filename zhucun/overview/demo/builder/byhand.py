"""What the shown accounts have to do with attendance: leave asked for and decided step by step, an objection answered, one open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from zhucun.base.access.models import User
from zhucun.work.attendance.actions import leaves, objections
from zhucun.work.attendance.models import Leave, Objection, PersonMonth
from zhucun.work.attendance.rules import ABSENT, PRESENT, REST
from zhucun.work.teams.models import Posting

from . import acts
from .acts import Act
from .diary import Slipped
from .ground import Ground
from .plan import DAY, Plan, Stay
from .slips import Slip

OCTOBER, NOVEMBER = date(2022, 10, 1), date(2022, 11, 1)
MISSED = date(2022, 10, 20)
OBJECTED_ON, ANSWERED_ON, OPEN_ON = date(2022, 11, 10), date(2022, 11, 14), date(2022, 12, 6)
WRONG = "当天没有看到本人，记录本未填"


@dataclass(frozen=True)
class Asked:
    """A slip asked for in the system: when, who agreed when (leader, town, county), whether it was refused, when it ended."""

    slip: Slip
    on: date
    signed: tuple[tuple[str, date], ...] = ()
    refused: str = ""
    returned: bool = False


class ByHand:
    """The story of the shown leader and member; `postings` are all told so far."""

    def __init__(self, plan: Plan, ground: Ground, postings: dict[Stay, Posting]) -> None:
        self.ground, self.postings = ground, postings
        self.leader, self.member = (_stay(plan, name) for name in ("leader", "member"))
        self.asked = self._asked()
        self.late = Slip(self.member, "training", MISSED, MISSED, "防返贫监测业务培训", "镇政府", "镇政府通知")
        self.rows: dict[Slip, Leave] = {}
        self.objection: Objection | None = None

    @property
    def slips(self) -> list[Slip]:
        """Those that hold or may come to hold, for the rows of marks and for everybody else to keep clear of."""
        return [one.slip for one in self.asked if not one.refused] + [self.late]

    @property
    def wrong(self) -> Slipped:
        """The day the member was written down as absent and was not."""
        return Slipped(self.member, MISSED, ABSENT, WRONG)

    def _asked(self) -> list[Asked]:
        def day(month: int, n: int) -> date:
            return date(2022, month, n)

        def slip(
            stay: Stay, kind: str, first: date, last: date, reason: str, place: str = "", document: str = ""
        ) -> Slip:
            return Slip(stay, kind, first, last, reason, place, document, "" if place else "罗锦华")

        member, leader = self.member, self.leader
        return [
            Asked(slip(member, "annual", day(10, 1), day(10, 5), "国庆假期加年休假，探望父母"), day(9, 27), refused="国庆期间轮到值班，请改到10月下旬"),
            Asked(slip(member, "sick", day(11, 8), day(11, 9), "身体不适，卫生院就诊"), day(11, 7),
                  (("leader", day(11, 7)), ("town", day(11, 7))), returned=True),
            Asked(slip(leader, "duty", day(11, 16), day(11, 16), "对接产业路项目资金", "县乡村振兴局"), day(11, 15), (("town", day(11, 15)),)),
            Asked(slip(member, "training", day(11, 22), day(11, 24), "农业实用技术培训", "县农业农村局", "县驻村办通知"), day(11, 18),
                  (("town", day(11, 18)),)),
            Asked(slip(member, "personal", day(12, 5), day(12, 6), "家中老人出院"), day(12, 2), (("leader", day(12, 2)), ("town", day(12, 2)))),
            Asked(slip(leader, "duty", day(12, 8), day(12, 8), "送机埠维修立项材料", "县水利局"), day(12, 6)),
            Asked(slip(member, "personal", day(12, 12), day(12, 13), "办理购房手续"), day(12, 6)),
            Asked(slip(leader, "annual", day(12, 19), day(12, 23), "年休假"), day(12, 5), (("town", day(12, 6)),)),
        ]  # fmt: skip

    # --- acts --------------------------------------------------------------------------------------

    def acts(self) -> list[Act]:
        """Asking, deciding, coming back, objecting and answering."""
        found = []
        for one in self.asked:
            found.append(Act(one.on, acts.ASK, self._ask(one)))
            if one.refused:
                found.append(Act(one.on, acts.DECIDE, self._decide(one.slip, "leader", one.refused)))
            found += [Act(on, acts.DECIDE, self._decide(one.slip, name)) for name, on in one.signed]
            if one.returned:
                found.append(Act(one.slip.back_on, acts.RETURN, self._return(one.slip)))
        found.append(Act(OBJECTED_ON, acts.OBJECT, self._object))
        found.append(Act(ANSWERED_ON, acts.SLIP, self._record_late))
        found.append(Act(ANSWERED_ON, acts.ANSWER, self._answer))
        found.append(Act(OPEN_ON, acts.OBJECT, self._object_again))
        return found

    def _user(self, stay: Stay) -> User:
        return self.ground.accounts["leader" if stay is self.leader else "member"]

    def _ask(self, one: Asked) -> Callable:
        fields = {name: getattr(one.slip, name) for name in ("kind", "reason", "place", "stand_in", "document")}

        def ask(at: datetime) -> None:
            self.rows[one.slip] = leaves.ask(
                posting=self.postings[one.slip.stay], first=one.slip.first, last=one.slip.last, fields=fields,
                by=self._user(one.slip.stay), at=at,
            )  # fmt: skip

        return ask

    def _decide(self, slip: Slip, name: str, refusal: str = "") -> Callable:
        opinion = refusal or ("情况属实，同意" if name == "leader" else "同意")

        def decide(at: datetime) -> None:
            leaves.decide(
                leave=self.rows[slip], agreed=not refusal, opinion=opinion, by=self.ground.accounts[name], at=at
            )

        return decide

    def _return(self, slip: Slip) -> Callable:
        return lambda at: leaves.give_back(
            leave=self.rows[slip], returned_on=slip.back_on, by=self._user(slip.stay), at=at
        )

    def _record_late(self, at: datetime) -> None:
        slip = self.late
        fields = {name: getattr(slip, name) for name in ("kind", "reason", "place", "document")}
        leaves.record(
            posting=self.postings[slip.stay], first=slip.first, last=slip.last, fields=fields, level=slip.level,
            approved_on=slip.approved_on, by=self.ground.clerk, at=at,
        )  # fmt: skip

    def _object(self, at: datetime) -> None:
        text = "10月20日我在镇政府参加防返贫监测培训，有签到，不是缺勤，请更正为培训。"
        self.objection = objections.object_to(
            month=self._month(self.member, OCTOBER),
            day=MISSED,
            wanted="培",
            text=text,
            by=self._user(self.member),
            at=at,
        )

    def _answer(self, at: datetime) -> None:
        assert self.objection is not None
        text = "经查镇政府培训签到表，本人当天参加培训，补登报备并更正。"
        objections.answer(objection=self.objection, upheld=True, text=text, by=self.ground.clerk, at=at)

    def _object_again(self, at: datetime) -> None:
        row = self._month(self.leader, NOVEMBER)
        rests = [row.day(n) for n, symbol in enumerate(row.marks, start=1) if symbol == REST]
        day = next((day for day in rests if day.weekday() > 4), rests[0])
        text = f"{day.month}月{day.day}日轮到我在村部值班，日页上有记录，月页的勾画错了一格，请更正。"
        objections.object_to(month=row, day=day, wanted=PRESENT, text=text, by=self._user(self.leader), at=at)

    def _month(self, stay: Stay, first: date) -> PersonMonth:
        rows = PersonMonth.objects.select_related("person", "team__village", "team__county")
        return rows.get(person=self.postings[stay].person, team=self.postings[stay].team, start=first)


def _stay(plan: Plan, name: str) -> Stay:
    """The posting in force of the person an account belongs to."""
    who = plan.accounts[name]["who"]
    return next(stay for stay in who.stays if stay.crew is plan.shown and stay.holds_on(DAY))
