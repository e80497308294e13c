"""The catalogue of every parameter of every room, and how each is read and written as text."""

from dataclasses import Field, dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Entry:
    """One parameter of the catalogue: `key` is “room.field”, `kind` the type of its value."""

    key: str
    kind: type
    default: Any
    label: str
    unit: str
    note: str
    group: str

    def read(self, text: str) -> Any:
        """The value written in `text`; raises ValidationError with a sentence."""
        text = text.strip()
        try:
            if self.kind is bool:
                return {"是": True, "否": False}[text]
            if self.kind is Decimal:
                return _finite(Decimal(text))
            value = self.kind(text)
        except (ValueError, KeyError, InvalidOperation):
            raise ValidationError(f"“{self.label}”不能写成“{text[:40]}”，应为{self.wanted}。") from None
        if self.kind is int and not 0 <= value <= 1_000_000_000:
            raise ValidationError(f"“{self.label}”应为 0 到 10 亿之间的整数。")
        return value

    def write(self, value: Any) -> str:
        """The text kept and shown for a value."""
        return {True: "是", False: "否"}[value] if self.kind is bool else str(value)

    @property
    def choices(self) -> list[str]:
        """The texts to choose from; empty when anything of the kind may be written."""
        if self.kind is bool:
            return ["是", "否"]
        return [choice.value for choice in self.kind] if issubclass(self.kind, StrEnum) else []

    @property
    def wanted(self) -> str:
        """What may be written, in words."""
        return "、".join(self.choices) or {int: "整数", Decimal: "数字"}.get(self.kind, "文字")


def _finite(value: Decimal) -> Decimal:
    """The number itself; ValueError for “NaN” and “Infinity”, which Decimal reads too."""
    if not value.is_finite():
        raise ValueError(value)
    return value


def policies() -> list[type]:
    """The policy dataclasses of all rooms, as listed in the settings."""
    return [import_string(path) for path in settings.ZHUCUN_POLICIES]


@cache
def catalogue() -> dict[str, Entry]:
    """Every parameter there is, by key, in the order of the settings and the dataclasses."""
    return {entry.key: entry for policy in policies() for entry in (_entry(policy, one) for one in fields(policy))}


def _entry(policy: Any, one: Field) -> Entry:
    meta = one.metadata
    return Entry(
        key_of(policy, one), type(one.default), one.default, meta["label"], meta["unit"], meta["note"], policy.GROUP
    )


def key_of(policy: Any, one: Field) -> str:
    """The key of a field: the policy's room and the field's name."""
    return f"{policy.ROOM}.{one.name}"
