"""Where a case stands for one reader: its steps, its history, whose turn it is, and what may be done next."""

import json
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from zhucun.base.access.models import User
from zhucun.base.journal.journal import history
from zhucun.base.journal.labels import label_of
from zhucun.base.journal.models import Entry

from .actions.opening import PERMISSIONS
from .models import Appeal, Case, Opinion
from .rules import Level
from .sight import APPEAL, CARRY_OUT, CLOSE, OPEN, REVIEW, STATE
from .steps import appeal_until, next_for, path_of, took_part

TONES = {
    "draft": "gray", "hearing": "yellow", "approval": "blue", "notified": "yellow", "done": "blue", "closed": "green",
    "dismissed": "gray", "revoked": "gray",
}  # fmt: skip
MEASURE_TONES = {"reminder": "blue", "interview": "yellow", "recall": "red"}
S = Case.State


@dataclass(frozen=True)
class Act:
    """One entry of the journal about it."""

    at: str
    what: str
    who: str
    reason: str


@dataclass
class Standing:
    """What the page of a case says to one reader."""

    own: bool
    turn: Level | None
    waits: str
    due: date | None
    may: set[str]
    steps: list[dict]
    appeal_until: date | None
    open_appeal: Appeal | None
    acts: list[Act] = field(default_factory=list)
    barred: bool = False

    @property
    def turn_label(self) -> str:
        """The level asked, in words."""
        return Opinion.By(self.turn).label if self.turn else ""


def stand(case: Case, user: User, day: date) -> Standing:
    """Where a case (with its opinions and appeals loaded) stands on `day` for `user`."""
    turn, until = next_for(case), appeal_until(case)
    waiting = next((one for one in case.appeals.all() if one.answered_at is None), None)
    own = case.is_about(user)
    found = Standing(
        own, turn, waits(case, turn), due_of(case), offered(case, user, day, turn, waiting, until), steps_of(case, turn),
        until if case.state not in (S.DISMISSED, S.REVOKED) else None, waiting,
    )  # fmt: skip
    found.barred = waiting is not None and not own and user.may(REVIEW, day, case) and took_part(case, user)
    found.acts = [_act(entry) for entry in history(case).order_by("seq")]
    return found


def _act(entry: Entry) -> Act:
    return Act(entry.at[:16].replace("T", " "), _what(entry), entry.actor_name, entry.reason)


def _what(entry: Entry) -> str:
    """What was done, in words; of an opinion at which level and whether it agreed: one hand may sign for two levels."""
    label = label_of(entry.action)
    if entry.action != "case.judged":
        return label
    try:
        data = json.loads(entry.data)
        return f"{Opinion.By(data['level']).label}{label}：{'同意' if data['agreed'] else '不同意'}"
    except (ValueError, KeyError, TypeError):  # an altered entry: the journal's check tells, the page still opens
        return label


def waits(case: Case, turn: Level | None) -> str:
    """What a case waits for, in words; empty when it waits for nothing."""
    if case.state == S.APPROVAL:
        return f"等{Opinion.By(turn).label}签署意见" if turn else "审批完毕，等县驻村办告知"
    if case.state == S.NOTIFIED:
        return {"reminder": "等回复提醒", "interview": "等约谈", "recall": "等执行召回"}[case.measure]
    if case.state == S.DONE:
        return "等派出单位重新选派" if case.measure == "recall" and case.successor_id is None else "等办结"
    return {
        S.DRAFT: "等县驻村办提交",
        S.HEARING: "等本人陈述申辩" if not case.statement else "已陈述申辩，等提交审批",
    }.get(case.state, "")  # type: ignore[call-overload]


def due_of(case: Case) -> date | None:
    """The last day, inclusive, of what it waits for."""
    if case.state == S.HEARING:
        return case.statement_due
    reselecting = case.state == S.DONE and case.measure == "recall" and case.successor_id is None
    return case.due_on if case.state == S.NOTIFIED or reselecting else None


def offered(
    case: Case, user: User, day: date, turn: Level | None, waiting: Appeal | None, until: date | None
) -> set[str]:
    """The steps open to this reader; nobody handles their own case, but everybody may speak in it."""
    state, own = case.state, case.is_about(user)

    def may(permission: str) -> bool:
        return not own and user.may(permission, day, case)

    reminder, spoken = (
        case.measure == "reminder",
        bool(case.statement) or bool(case.statement_due and case.statement_due < day),
    )
    wanted = {
        "change": state == S.DRAFT and may(OPEN),
        "put_forward": state == S.DRAFT and may(OPEN),
        "state": state == S.HEARING and (own or may(STATE)),
        "end_hearing": state == S.HEARING and spoken and may(OPEN),
        "judge": turn is not None and may(PERMISSIONS[turn]),
        "notify": state == S.APPROVAL and turn is None and may(CARRY_OUT),
        "reply": state == S.NOTIFIED and reminder and (own or may(CARRY_OUT)),
        "hold": state == S.NOTIFIED and case.measure == "interview" and may(CARRY_OUT),
        "carry_out": state == S.NOTIFIED and case.measure == "recall" and may(CARRY_OUT),
        "succeed": state == S.DONE and case.measure == "recall" and case.successor_id is None and may(CARRY_OUT),
        "close": (state == S.DONE or (state == S.NOTIFIED and reminder)) and waiting is None and may(CLOSE),
        "dismiss": state in (S.DRAFT, S.HEARING, S.APPROVAL) and may(OPEN),
        "revoke": state == S.NOTIFIED and waiting is None and may(CLOSE),
        "appeal": state in (S.NOTIFIED, S.DONE, S.CLOSED)
        and waiting is None
        and (until is None or day <= until)
        and (own or may(APPEAL)),
        "answer": waiting is not None and may(REVIEW) and not took_part(case, user),
    }
    return {name for name, open_ in wanted.items() if open_}


def steps_of(case: Case, turn: Level | None) -> list[dict]:
    """From the source to the closed file, as `{% steps %}` draws it."""
    given = {Level(one.level): one for one in case.opinions.all()}
    rows: list[tuple[str, object, date | None, bool]] = [
        ("立案", case.opened_by, case.opened_on, case.state == S.DRAFT)
    ]
    if case.measure != "reminder":
        said = timezone.localtime(case.stated_at).date() if case.stated_at else None
        late = f"期限 {case.statement_due:%m-%d}" if case.statement_due and not said else ""
        rows.append(("陈述申辩", case.stated_by or late, said, case.state == S.HEARING))
    steps = [_step(label, who, on, now) for label, who, on, now in rows]
    for level in path_of(case):
        opinion = given.get(level)
        label = Opinion.By(level).label + ("意见" if opinion is None else "同意" if opinion.agreed else "不同意")
        on = timezone.localtime(opinion.given_at).date() if opinion else None
        steps.append(_step(label, opinion.given_by if opinion else "", on, level == turn))
    effect = {"reminder": "回复", "interview": "约谈", "recall": "离任"}[case.measure]
    done_on = case.replied_on if case.measure == "reminder" else case.on
    approved = case.state == S.APPROVAL and turn is None
    steps.append(_step("告知", case.document, case.notified_on, approved))
    steps.append(_step(effect, _until(case), done_on, case.state == S.NOTIFIED))
    if case.measure == "recall":
        waits_for = case.state == S.DONE and case.successor_id is None
        steps.append(
            _step(
                "接任",
                case.successor.person if case.successor else "",
                case.successor.start if case.successor else None,
                waits_for,
            )
        )
    if case.state in (S.DISMISSED, S.REVOKED):
        reached = [one for one in steps if one["state"] == "done"]
        return [*reached, {"label": case.get_state_display(), "state": "now"}]
    steps.append(_step("办结", "", None, case.state == S.DONE) | ({"state": "done"} if case.state == S.CLOSED else {}))
    return steps


def _until(case: Case) -> str:
    return f"期限 {case.due_on:%m-%d}" if case.due_on and case.state == S.NOTIFIED else ""


def _step(label: str, who, on: date | None, now: bool) -> dict:
    note = " ".join(part for part in (str(who or ""), f"{on:%m-%d}" if on else "") if part)
    return {"label": label, "note": note, "state": "now" if now else "done" if on else "todo"}
