"""What a case begins with, so that nothing is typed twice: taken from a finding, or from the case it follows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhucun.work.inspections.models import Finding, Round

from .models import Case
from .rules import Measure
from .sources import Lead, absences, lead_of

NEXT = {Case.Measure.REMINDER: Measure.INTERVIEW, Case.Measure.INTERVIEW: Measure.RECALL}


@dataclass(frozen=True)
class Beginning:
    """The form's first values, the day whose posting it is about, and the lead it follows (with its clause), if any."""

    on: date
    fields: dict[str, Any] = field(default_factory=dict)
    lead: Lead | None = None


def of(finding: Finding | None, after: Case | None, measure: str, day: date) -> Beginning:
    """The beginning of a case; without either, an empty form with the measure asked for."""
    if finding is not None:
        return _from_finding(finding, measure)
    if after is not None:
        return _from_case(after, measure, day)
    return Beginning(day, {"measure": measure} if measure in Case.Measure.values else {})


def _from_finding(row: Finding, measure: str) -> Beginning:
    lead = lead_of(row)
    wanted = measure if measure in Case.Measure.values else lead.measure.value if lead else Measure.REMINDER.value
    fields = {
        "measure": wanted, "way": Case.Way.LETTER if wanted == Measure.REMINDER else "", "person": row.person_id,
        "unit": None if row.person_id else row.unit_id, "source": Case.Source.ABSENCE if lead else Case.Source.FINDING,
        "grounds": _grounds(row, lead)[:200], "facts": _facts(row, lead), "clause": lead.clause if lead else None,
    }  # fmt: skip
    if fields["unit"] and wanted != Measure.INTERVIEW:
        fields |= {"measure": Measure.INTERVIEW.value, "way": ""}
    return Beginning(row.found_on, fields, lead)


def _grounds(row: Finding, lead: Lead | None) -> str:
    day = f"{row.found_on.month}月{row.found_on.day}日"
    if lead:
        return f"{day}督查发现无故不在岗（本年第{lead.count}次）"
    return f"{day}督查发现问题（{row.get_kind_display()}）：{row.text}"


def _facts(row: Finding, lead: Lead | None) -> str:
    """What the records say: when, where, who, what was found, and the absences before it."""
    where = f"{row.team.village.township}{row.team.village}" if row.team else str(row.township or "")
    on_site = row.visit_id is not None and row.round.method != Round.Method.PHONE
    went = f"{'到' if on_site else '对'}{where}"
    who = str(row.person or row.unit or "")
    said = row.text.rstrip("。")
    what = said if who and who in said else f"发现{who}：{said}"
    lines = [
        f"{row.found_on.year}年{row.found_on.month}月{row.found_on.day}日，督查组以{row.round.get_method_display()}方式{went if where else ''}督查，"
        f"{what}（问题编号 {row.number}）。"
    ]
    if lead and lead.count > 1:
        earlier = absences(row.found_on).filter(person=row.person_id).exclude(pk=row.pk).order_by("found_on", "number")
        told = "、".join(
            f"{one.found_on.month}月{one.found_on.day}日（{one.number}）" for one in earlier[: lead.count - 1]
        )
        lines.append(f"此前本年已有{lead.count - 1}次督查发现无故不在岗：{told}。")
    return "\n".join(lines)


def _from_case(row: Case, measure: str, day: date) -> Beginning:
    wanted = measure if measure in Case.Measure.values else NEXT.get(Case.Measure(row.measure), Measure.RECALL).value
    late = f"{row.due_on.month}月{row.due_on.day}日" if row.due_on else ""
    unanswered = row.state == Case.State.NOTIFIED and row.measure == Case.Measure.REMINDER
    grounds = (
        f"提醒（{row.number}）逾期未回复" if unanswered else f"{row.get_measure_display()}（{row.number}）后仍未改正"
    )
    facts = f"{row.facts or row.grounds}\n" + (f"提醒期限{late}已过，没有收到本人回复。" if unanswered else "")
    fields = {
        "measure": wanted, "way": Case.Way.LETTER if wanted == Measure.REMINDER else "", "person": row.person_id,
        "unit": None if row.person_id else row.unit_id, "source": row.source, "grounds": grounds, "facts": facts.strip(), "clause": row.clause,
    }  # fmt: skip
    return Beginning(row.posting.last_day or day if row.posting else day, fields)
