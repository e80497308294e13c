"""How a room writes down the numbers its rules need: a frozen dataclass of dated parameters; pure, so rules may use it."""

from dataclasses import field
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    """How heavy a doubt about a candidate weighs."""

    REFUSE = "不得选派"
    WARN = "说明理由后可以选派"
    IGNORE = "不检查"


def parameter(default: Any, label: str, unit: str = "", note: str = "") -> Any:
    """A field of a policy dataclass: its default (also its type), Chinese label, unit, and where the default comes from."""
    return field(default=default, metadata={"label": label, "unit": unit, "note": note})
