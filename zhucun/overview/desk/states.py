"""docs/reference/states.md: every process of the house as a diagram, drawn from its table of transitions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from zhucun.base.access.permissions import ROLES
from zhucun.overview.exchange import models as exchange
from zhucun.work.accountability import models as accountability
from zhucun.work.accountability import rules as accountability_rules
from zhucun.work.attendance import models as attendance
from zhucun.work.attendance import rules as attendance_rules
from zhucun.work.inspections import models as inspections
from zhucun.work.inspections import rules as inspections_rules
from zhucun.work.placement import rules as placement_rules

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/states.md"
HEAD = """# States

Written from the `TRANSITIONS` and `OWNERS` of the rooms; after a change there:
`.venv/bin/zhucun shell -c "from zhucun.overview.desk.states import write; write()"`.

The diagrams are [Mermaid](https://mermaid.js.org); the table below each says whose turn it is in a state: the permission, and the
roles that hold it. Nothing waits in a state that has no line.
"""


@dataclass(frozen=True)
class Process:
    """One process: its title, where its table stands, what may follow what, how a state is called, whose turn it is."""

    title: str
    where: str
    after: Mapping
    labels: Mapping[str, str]
    owners: Mapping


S = attendance_rules.LeaveStatus
LEAVE_OWNERS = {
    S.ASKED: ("attendance.leave_as_leader", "attendance.leave_as_township", "attendance.leave_as_county"),
    S.APPROVED: ("attendance.leave_ask", "attendance.leave_record"),
}
JOB, ROUND = exchange.Status, placement_rules.Status
JOB_OWNERS = {state: ("exchange.import",) for state, after in exchange.TRANSITIONS.items() if after}
PLACEMENT_OWNERS = {ROUND.GATHERING: ("placement.need_edit", "placement.candidate_edit", "placement.edit"), ROUND.DELIBERATING: ("placement.edit",)}  # fmt: skip


def processes() -> Iterator[Process]:
    """Every process, in the order of the article."""
    yield Process(
        "选派批次 placement round", "work/placement/rules.py", placement_rules.TRANSITIONS, _labels(ROUND), PLACEMENT_OWNERS
    )  # fmt: skip
    leave = attendance.Leave.Status
    yield Process(
        "请假报备 leave", "work/attendance/rules.py", attendance_rules.TRANSITIONS, _labels(leave), LEAVE_OWNERS
    )
    for title, status, model in (
        ("督查 inspection round", inspections_rules.RoundStatus, inspections.Round),
        ("问题 finding", inspections_rules.FindingStatus, inspections.Finding),
        ("整改意见 correction", inspections_rules.CorrectionStatus, inspections.Correction),
        ("督查通报 circular", inspections_rules.CircularStatus, inspections.Circular),
    ):
        owners = {state: (name,) for state, name in inspections_rules.OWNERS[status].items()}
        table = inspections_rules.TRANSITIONS[status]
        yield Process(title, "work/inspections/rules.py", table, _labels(model.State), owners)
    case = accountability.Case.State
    yield Process("提醒、约谈、召回 case", "work/accountability/rules.py", accountability_rules.TRANSITIONS, _labels(case), accountability_rules.OWNERS)  # fmt: skip
    yield Process("台账导入 import", "overview/exchange/models.py", exchange.TRANSITIONS, _labels(JOB), JOB_OWNERS)


def _labels(choices) -> dict[str, str]:
    return {str(one.value): str(one.label) for one in choices}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for process in processes() for line in _drawn(process))])


def _drawn(process: Process) -> Iterator[str]:
    order = list(process.after)
    names = {state: value_of(state) for state in order}
    yield f"## {process.title}\n\n`{process.where}`\n\n```mermaid\nstateDiagram-v2"
    yield from (f"  {names[state]}: {process.labels.get(names[state], names[state])}" for state in order)
    yield f"  [*] --> {names[order[0]]}"
    for state in order:
        after = process.after[state]
        yield from (f"  {names[state]} --> {names[one]}" for one in order if one in after)
        if not after:
            yield f"  {names[state]} --> [*]"
    yield "```\n\n| state | 状态 | permission | whose turn |\n|---|---|---|---|"
    for state in order:
        owners = process.owners.get(state, ())
        if owners:
            roles = "；".join("、".join(spec.label for spec in ROLES.values() if name in spec.may) for name in owners)
            yield f"| `{names[state]}` | {process.labels.get(names[state], '')} | {'；'.join(f'`{name}`' for name in owners)} | {roles} |"
    yield ""


def value_of(state) -> str:
    """A state as it is kept in the database."""
    return str(state.value) if isinstance(state, Enum) else str(state)


def write() -> None:
    """Write the page into the docs of this checkout."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
