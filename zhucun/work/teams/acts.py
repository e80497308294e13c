"""What the journal says about a team and its people, as plain sentences."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from zhucun.base.access.scope import Scope
from zhucun.base.journal.labels import label_of
from zhucun.base.journal.models import Entry
from zhucun.base.people.models import Person, Record

from .models import Handover, Posting, Team

SEALED = {
    "id_number": "身份证号码",
    "phone": "联系电话",
    "address": "家庭住址",
    "bank_card": "银行卡号",
    "emergency": "紧急联系人",
}
OTHER = {"units": "单位", "end": "最后一天", "last_day": "最后一天", "leads": "队长"}


@dataclass(frozen=True)
class Act:
    """One entry as people read it: when, who, what to whom, what changed, and why."""

    seq: int
    day: str
    time: str
    who: str
    what: str
    whom: str
    changes: tuple[str, ...]
    reason: str


def of_team(team: Team, scope: Scope, *, reasons: bool) -> list[Act]:
    """What was done to a team, its postings and hand-over lists, as far as the reader may see it; newest first.

    Without `reasons` the acts are told without why: causes may speak of health or fault.
    """
    postings = [str(pk) for pk in Posting.objects.filter(team=team).values_list("pk", flat=True)]
    handovers = [str(pk) for pk in Handover.objects.filter(posting__team=team).values_list("pk", flat=True)]
    about = _about(Team, [str(team.pk)]) | _about(Posting, postings) | _about(Handover, handovers)
    told = sentences(Entry.objects.filter(about & scope.condition(Entry))[:60])
    return told if reasons else [_without_causes(act) for act in told]


def _without_causes(act: Act) -> Act:
    cause = str(Posting._meta.get_field("ending_reason").verbose_name)
    return replace(act, reason="", changes=tuple(change for change in act.changes if not change.startswith(cause)))


def of_person(person: Person) -> list[Act]:
    """What was done to a person's own record; newest first. For those who see the whole record."""
    return sentences(Entry.objects.filter(_about(Person, [str(person.pk)])).exclude(action="person.revealed")[:60])


def of_looks(person: Person) -> list[Act]:
    """Who looked at sensitive columns of a person, and why; newest first. For that person."""
    return sentences(Entry.objects.filter(_about(Person, [str(person.pk)]), action="person.revealed")[:60])


def sentences(entries: QuerySet[Entry]) -> list[Act]:
    """Journal entries as acts."""
    return [sentence(entry) for entry in entries]


def sentence(entry: Entry) -> Act:
    """One journal entry as people read it."""
    data = json.loads(entry.data)
    return Act(
        seq=entry.seq,
        day=entry.at[:10],
        time=entry.at[11:16],
        who=entry.actor_name,
        what=label_of(entry.action),
        whom=entry.target_name,
        changes=tuple(_changes(entry.action, data)),
        reason=entry.reason,
    )


def _about(model, keys: Iterable[str]) -> Q:
    return Q(target_type=model._meta.label_lower, target_id__in=list(keys))


def _changes(action: str, data: dict) -> Iterable[str]:
    if action == "posting.opened":
        yield f"{_shown('role', data.get('role'))}，{data.get('start')} 起，派出单位{data.get('unit', '')}"
    elif action == "team.opened":
        joined = "、".join(data.get("partners", ()))
        yield f"{data.get('start')} 起，牵头单位{data.get('lead', '')}" + (f"，参与单位{joined}" if joined else "")
    elif action.startswith("posting.ended_by") or action == "team.closed":
        yield f"最后一天 {data.get('last_day')}"
    elif action == "handover.filled":
        done = sum(bool(item[2]) for item in data.get("items", ()))
        signed = f"，{data['signed_on']} 三方签字" if data.get("signed_on") else ""
        yield f"{len(data.get('items', ()))} 项，已交接 {done} 项{signed}"
    elif action == "person.revealed":
        yield SEALED.get(data.get("column", ""), "")
    elif action == "evidence.attached":
        yield f"《{data.get('name', '')}》"
    else:
        yield from _pairs(data)


def _pairs(data: dict) -> Iterable[str]:
    """Columns that changed as “label：old → new”; sealed ones only by name."""
    for name, value in data.items():
        if isinstance(value, list) and len(value) == 2 and name not in {"concerns"}:
            old, new = (_shown(name, one) for one in value)
            yield f"{_label(name)}：{old or '空'} → {new or '空'}"
        elif isinstance(value, str) and name in SEALED:
            yield f"{SEALED[name]}：{value}"


def _field(name: str):
    """The column an entry's data names; None when it is none of a posting, a record or a person."""
    for model in (Posting, Record, Person):
        for field in model._meta.concrete_fields:
            if field.name == name:
                return field
    return None


def _label(name: str) -> str:
    field = _field(name)
    return OTHER.get(name) or (str(field.verbose_name) if field else name)


def _shown(name: str, value) -> str:
    """A value as people read it: choices by label, the exclusive end as it stands in the record, lists joined."""
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    field = _field(name)
    choices = dict(field.flatchoices) if field else {}
    return str(choices[value]) if value in choices else "" if value is None else str(value)
