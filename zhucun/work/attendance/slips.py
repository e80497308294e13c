"""A slip as the form, the page and the printed 请假条 or 报备单 show it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from zhucun.base.access.models import User
from zhucun.base.journal.journal import history
from zhucun.base.journal.labels import label_of
from zhucun.base.policy.models import Clause
from zhucun.base.timeline.periods import ONE_DAY, end_after, parse
from zhucun.work.attendance import ladder as ladders
from zhucun.work.attendance.disagreements import otherwise
from zhucun.work.attendance.ladder import PERMISSIONS, Ladder, Used, absent_together, days_inside, used_in
from zhucun.work.attendance.models import Decision, Leave
from zhucun.work.attendance.rules import LADDER, Level
from zhucun.work.teams.models import Posting

TONES = {"asked": "yellow", "approved": "green", "returned": "gray", "refused": "red", "withdrawn": "gray"}
TITLES = {"leave": "驻村工作队员请假审批表", "notice": "驻村工作队员因公外出报备单"}
RECORD = "attendance.leave_record"
TOLD_WITHIN = 7 * ONE_DAY
"""For how long after its end somebody may say that they came back early from an outing; nobody has to say anything."""


def title(leave: Leave) -> str:
    """The name of its paper."""
    return TITLES["notice" if leave.is_notice else "leave"]


def signer(level: Level, leave: Leave) -> str:
    """Who stands for a level, in words: the team's leader, the township by its name, the county office."""
    if level == Level.TOWNSHIP:
        return leave.posting.team.village.township.name
    return "县驻村办" if level == Level.COUNTY else "队长"


@dataclass(frozen=True)
class Limit:
    """Leave days of a calendar year against the policy's reminder, this slip and those that wait included."""

    year: int
    used: Used
    adds: int
    most: int

    @property
    def total(self) -> int:
        """Used before, asked for besides, and by this one."""
        return self.used.days + self.used.waiting + self.adds

    @property
    def passed(self) -> bool:
        """Whether the reminder is due; nothing follows from it by itself."""
        return self.total > self.most


def limits_of(leave: Leave, most: int) -> list[Limit]:
    """Every calendar year it has days in; none for a notice. A slip refused or withdrawn adds nothing."""
    counts = leave.status in ladders.OPEN
    years = [] if leave.is_notice else range(leave.start.year, leave.until.year + 1)
    return [
        Limit(year, used_in(leave.person_id, year, but=leave.pk), days_inside(leave, parse(str(year))) if counts else 0, most)
        for year in years
    ]  # fmt: skip


# -- while the form is filled in ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """What a slip would mean: who signs, on what grounds, and what to look at first."""

    leave: Leave
    ladder: Ladder
    path: list[str]
    grounds: list[tuple[str, Clause | None]]
    limits: list[Limit]
    overlaps: list[Leave]
    alone: str
    otherwise: list[str]
    late: int
    in_post: bool


def check(*, posting: Posting, kind: str, first: date, last: date, by: User, at: datetime) -> Check:
    """The check of a slip that is not kept; nothing is written."""
    leave = Leave(posting=posting, person=posting.person, county_id=posting.team.county_id, kind=kind, start=first,
                  end=end_after(last), asked_by=by, asked_at=at)  # fmt: skip
    found = ladders.ladder_of(leave, timezone.localtime(at).date())
    return Check(
        leave=leave, ladder=found, path=[signer(level, leave) for level in found.path], grounds=ladders.grounds(found, leave),
        limits=limits_of(leave, found.numbers.yearly_days), otherwise=[one.sentence for one in otherwise([leave])], overlaps=ladders.overlapping(leave), alone=absent_together(leave),
        late=ladders.days_late(leave) if posting.person.user_id == by.pk else 0, in_post=ladders.posting_of(leave) is not None,
    )  # fmt: skip


# -- one slip on its page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """One entry of the journal about it."""

    at: str
    what: str
    who: str
    reason: str


@dataclass
class Stand:
    """Where a slip stands for one reader: its steps, its opinions, what may be done next, what to look at."""

    ladder: Ladder
    own: bool
    decisions: list[Decision]
    steps: list[dict] = field(default_factory=list)
    grounds: list[tuple[str, Clause | None]] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    alone: str = ""
    otherwise: list[str] = field(default_factory=list)
    beside: list[Leave] = field(default_factory=list)
    late: int = 0
    overstay: int = 0
    may_decide: bool = False
    may_return: bool = False
    may_withdraw: bool = False
    may_extend: bool = False
    acts: list[Act] = field(default_factory=list)


def stand(leave: Leave, *, by: User, at: datetime) -> Stand:
    """Where it stands at this moment for `by`."""
    day = timezone.localtime(at).date()
    ladder = ladders.ladder_of(leave, day)
    decisions = list(leave.decisions.select_related("decided_by"))
    found = Stand(ladder, leave.person.user_id == by.pk, decisions)
    found.steps = _steps(leave, ladder, decisions, day)
    found.grounds = ladders.grounds(ladder, leave)
    found.limits = limits_of(leave, ladder.numbers.yearly_days)
    found.otherwise = [one.sentence for one in otherwise([leave])] if leave.status in ladders.OPEN else []
    found.late, found.overstay = ladders.days_late(leave), _overstay(leave, day)
    if leave.status == Leave.Status.ASKED or (leave.status == Leave.Status.APPROVED and leave.until >= day):
        found.alone = absent_together(leave)
    found.acts = [_act(entry) for entry in history(leave)]
    _offer(found, leave, by, day)
    found.beside = ladders.waiting_beside(leave) if found.may_decide else []
    return found


def _offer(found: Stand, leave: Leave, by: User, day: date) -> None:
    """The steps open to this reader."""
    turn, status = found.ladder.turn, leave.status
    handles = found.own or by.may(RECORD, day, leave)
    found.may_decide = turn is not None and not found.own and by.may(PERMISSIONS[turn], day, leave)
    begun = handles and status == Leave.Status.APPROVED and leave.start <= day
    found.may_return = begun and (
        day <= leave.until + TOLD_WITHIN if leave.is_notice else not leave.was_asked_afterwards
    )
    before = status == Leave.Status.APPROVED and leave.start > day
    found.may_withdraw = handles and (status == Leave.Status.ASKED or before)
    extended = leave.extensions.filter(status__in=ladders.OPEN).exists()
    found.may_extend = (
        found.own and status == Leave.Status.APPROVED and not extended and by.may("attendance.leave_ask", day)
    )


def _overstay(leave: Leave, day: date) -> int:
    """Days after the last day on which the person was not back (or has not said so)."""
    if leave.status == Leave.Status.RETURNED and leave.returned_on:
        return max(0, (leave.returned_on - leave.until).days - 1)
    open_ended = leave.status == Leave.Status.APPROVED and not leave.is_notice and not leave.was_asked_afterwards
    return max(0, (day - leave.until).days - 1) if open_ended else 0


def _steps(leave: Leave, ladder: Ladder, decisions: list[Decision], day: date) -> list[dict]:
    """From the request to 销假, as `{% steps %}` draws it."""
    known = {Level(one.level): one for one in decisions}
    asked = timezone.localtime(leave.asked_at)
    on_paper = not decisions and leave.approved_on is not None
    steps = [{"label": "乡镇登记" if on_paper else "提出", "state": "done", "note": f"{leave.asked_by} {asked:%m-%d}"}]
    if on_paper:
        who = signer(Level(leave.level), leave) if leave.level else ""
        steps.insert(
            0,
            {
                "label": f"{who}{'签收' if leave.is_notice else '批准'}",
                "state": "done",
                "note": f"纸质 {leave.approved_on:%m-%d}",
            },
        )
    waiting = leave.status == Leave.Status.ASKED
    for level in [*known, *((one for one in ladder.path if one not in known) if waiting else ())]:
        steps.append(_step(level, leave, known.get(level), level == ladder.turn))
    if leave.status in (Leave.Status.WITHDRAWN, Leave.Status.REFUSED):
        return (
            [*steps, {"label": leave.get_status_display(), "state": "done"}]
            if leave.status == Leave.Status.WITHDRAWN
            else steps
        )
    if leave.returned_on is None and (leave.is_notice or leave.was_asked_afterwards):
        return steps
    back = f"{leave.returned_on:%m-%d} 返岗" if leave.returned_on else f"{leave.until:%m-%d} 到期"
    state = (
        "done"
        if leave.returned_on
        else "now"
        if leave.status == Leave.Status.APPROVED and leave.start <= day
        else "todo"
    )
    return [*steps, {"label": "销假", "state": state, "note": back}]


def _step(level: Level, leave: Leave, decision: Decision | None, turn: bool) -> dict:
    if decision is None:
        return {
            "label": f"{signer(level, leave)}{'签收' if leave.is_notice else '审批'}",
            "state": "now" if turn else "todo",
            "note": "等待办理" if turn else "",
        }
    word = "同意" if decision.agreed else "不同意"
    when = timezone.localtime(decision.decided_at)
    return {"label": f"{signer(level, leave)}{word}", "state": "done", "note": f"{decision.decided_by} {when:%m-%d}"}


def _act(entry) -> Act:
    return Act(entry.at[:16].replace("T", " "), label_of(entry.action), entry.actor_name, entry.reason)


# -- on paper -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opinion:
    """One box for a signature: empty until somebody has signed."""

    label: str
    text: str = ""
    who: str = ""
    on: date | None = None
    needed: bool = True


@dataclass(frozen=True)
class Paper:
    """The cells of the form (domain.md 3.5); a blank one has none filled in."""

    is_notice: bool
    kinds: list[tuple[str, bool]]
    opinions: list[Opinion]
    leave: Leave | None = None
    used: Used | None = None
    year: int | None = None
    attached: str = ""


LEAVE_BOXES = (("队长意见", Level.LEADER), ("村党组织意见（备案）", None), ("乡镇党委意见", Level.TOWNSHIP),
               ("派出单位意见（备案）", None), ("县驻村办意见", Level.COUNTY))  # fmt: skip
NOTICE_BOXES = (("队长意见", Level.LEADER), ("乡镇签收", Level.TOWNSHIP))


def blank(sort: str) -> Paper:
    """The empty form, `leave` or `notice`."""
    boxes = NOTICE_BOXES if sort == "notice" else LEAVE_BOXES
    kinds = [(label, False) for kind, label in Leave.Kind.choices if (kind in Leave.NOTICES) == (sort == "notice")]
    return Paper(sort == "notice", kinds, [Opinion(label) for label, _ in boxes])


def paper(leave: Leave, day: date) -> Paper:
    """The form of one slip; 本年已请天数 is what was approved besides it when it was decided (or by `day`, while it waits)."""
    known = {Level(one.level): one for one in leave.decisions.select_related("decided_by")}
    boxes = NOTICE_BOXES if leave.is_notice else LEAVE_BOXES
    path = ladders.path_of(leave, day)
    kinds = [
        (label, kind == leave.kind) for kind, label in Leave.Kind.choices if (kind in Leave.NOTICES) == leave.is_notice
    ]
    attached = "诊断证明（已查看，退还本人）" if leave.certificate else leave.document if not leave.is_notice else ""
    used = used_in(leave.person_id, leave.start.year, but=leave.pk, known_by=leave.approved_on or day)
    return Paper(
        leave.is_notice, kinds, [_opinion(leave, path, known, label, level) for label, level in boxes],
        leave=leave, used=used, year=leave.start.year, attached=attached,
    )  # fmt: skip


def _opinion(
    leave: Leave, path: tuple[Level, ...], known: dict[Level, Decision], label: str, level: Level | None
) -> Opinion:
    """What stands in a box: what was decided here, what was signed on another paper, or that nobody signs there."""
    if level is None:
        return Opinion(label)
    decision = known.get(level)
    if decision is None:
        if not known and leave.approved_on and level == leave.level:
            return Opinion(label, "见纸质原件", "", leave.approved_on)
        top = Level(leave.level) if leave.level else path[-1] if path else level
        above = LADDER.index(level) > LADDER.index(top)
        return Opinion(label, "按请假天数不需要" if above else "", needed=not above)
    word = "同意" if decision.agreed else "不同意"
    text = decision.opinion if decision.opinion.startswith(word) else f"{word}　{decision.opinion}".rstrip()
    return Opinion(label, text, str(decision.decided_by), timezone.localtime(decision.decided_at).date())
