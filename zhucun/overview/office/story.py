"""An entry of the journal as people read it: who did what to what, and what it was before and after."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

from zhucun.base.access.permissions import ROLES
from zhucun.base.directory.models import Standing
from zhucun.base.journal.labels import KEYS, label_of
from zhucun.base.journal.models import Entry
from zhucun.base.policy.catalogue import catalogue
from zhucun.base.timeline.models import CalendarDay
from zhucun.base.web.cells import text_of
from zhucun.work.teams.models import HandoverItem, Standard
from zhucun.work.teams.rules import Doubt

ROLE_NAMES = {role.value: spec.label for role, spec in ROLES.items()}
WORDS = {
    **dict(Standing.Category.choices),
    **dict(Standing.CONDITIONS),
    **dict(HandoverItem.Kind.choices),
    **dict(Standard.choices),
    **dict(CalendarDay.Kind.choices),
    **{doubt.name: doubt.value for doubt in Doubt},
}
"""What the codes inside lists and tables of an entry's data mean."""
LONGEST, BRIEF = 300, 90


@dataclass(frozen=True)
class Change:
    """One thing an entry holds: its name, the old text (None where there was no change, only a value), the new text."""

    name: str
    old: str | None
    new: str

    def __str__(self) -> str:
        return (
            f"{self.name}：{self.new}"
            if self.old is None
            else f"{self.name}：{self.old or '（空）'} → {self.new or '（空）'}"
        )


def moment(entry: Entry) -> datetime | None:
    """When it was, in the county's time; None for a text that is no moment (an altered entry)."""
    try:
        return timezone.localtime(datetime.fromisoformat(entry.at))
    except ValueError:
        return None


def action(entry: Entry) -> str:
    """What was done, in Chinese."""
    return label_of(entry.action)


def changes(entry: Entry) -> list[Change]:
    """What the entry holds besides actor, action and target, each in words."""
    try:
        data = json.loads(entry.data)
    except ValueError:
        return [Change("内容", None, entry.data[:LONGEST])]
    if not isinstance(data, dict):
        return [Change("内容", None, _text(data))]
    return [_change(entry, key, value) for key, value in data.items() if value not in ("", None, [], {})]


def sentence(entry: Entry) -> str:
    """All of it in one line, for the workbook: 村名：旧 → 新；…"""
    return "；".join(map(str, changes(entry)))


def brief(entry: Entry) -> str:
    """The same for the page, cut where it gets long."""
    text = sentence(entry)
    return text if len(text) <= BRIEF else f"{text[:BRIEF]}…"


def _change(entry: Entry, key: str, value: Any) -> Change:
    field = _field(entry.target_type, key)
    name = str(field.verbose_name) if field is not None else KEYS.get(key, key)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if key == "role" and not choices:
        choices = ROLE_NAMES
    if key == "key":
        return Change("参数", None, catalogue()[value].label if value in catalogue() else _text(value))
    if isinstance(value, list) and len(value) == 2 and entry.action.split(".")[1] not in LISTS:
        return Change(name, _text(value[0], choices), _text(value[1], choices))
    return Change(name, None, _text(value, choices))


LISTS = {"opened", "added", "registered", "filled", "classed", "issued"}
"""Acts that begin something: a list of two in their data is a list, not an old and a new value."""


ALSO = {"people.person": "people.record"}
"""Entries about a person tell what holds of one for a time, too."""


@cache
def _field(target_type: str, key: str):
    """The model field an entry's key names, for its label and choices; None where there is no such field."""
    for kind in (target_type, ALSO.get(target_type, "")):
        try:
            found = apps.get_model(kind)._meta.get_field(key)
        except (LookupError, ValueError, FieldDoesNotExist):
            continue
        if hasattr(found, "verbose_name"):
            return found
    return None


def _text(value: Any, choices: dict = {}) -> str:  # noqa: B006  read only
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_text(one, choices) for one in value)
    if isinstance(value, dict):
        return "；".join(f"{KEYS.get(key) or WORDS.get(key, key)}：{_text(one)}" for key, one in value.items())[
            :LONGEST
        ]
    return text_of(choices.get(value) or WORDS.get(value, value))[:LONGEST]
