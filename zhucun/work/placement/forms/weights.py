"""Weights for a trial: every one with its label, unit and the sentence of why."""

from collections.abc import Mapping

from django import forms

from zhucun.base.web.forms import TenthsField, WholeField
from zhucun.work.placement.rules import labels

MOST = 200
TENTHS = "0.1 "
GROUPS = (
    ("单位到村", "key_factor model_factor ordinary_factor other_share led_before"),
    ("稳定", "stay_bonus joint_penalty"),
    ("队长", "leader_rank leader_rural leader_relief"),
    ("个人与村", "preference familiar"),
    ("需求专业", "skill_first skill_second skill_third"),
    ("队伍结构", "women young young_age party rural relief"),
)


class WeightsForm(forms.Form):
    """Points with one decimal, percentages and years whole; what differs from the rules in force makes it a trial."""

    groups = tuple((title, tuple(names.split())) for title, names in GROUPS)
    note = forms.CharField(label="给这次试算起个名", max_length=60, required=False, help_text="例如：更看重留任")
    wide = {"note"}

    def __init__(self, *args, weights: Mapping[str, int], **kwargs):
        super().__init__(*args, initial=dict(weights), **kwargs)
        known = labels()
        for _, names in self.groups:
            for name in names:
                self.fields[name] = _field(*known[name], now=weights[name])
        self.order_fields([*(name for _, names in self.groups for name in names), "note"])

    @property
    def weights(self) -> dict[str, int]:
        """The weights by name, points in tenths."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}


def _field(label: str, unit: str, note: str, now: int) -> WholeField:
    """The field of a weight; what is in force stays possible, however large."""
    if unit.startswith(TENTHS):
        label = f"{label}（{unit.removeprefix(TENTHS)}）"
        return TenthsField(0, max(10 * MOST, now), label=label, help_text=note)
    return WholeField(0, max(MOST, now), label=f"{label}（{unit}）", help_text=note)


def changes_in_words(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Which weights differ, a phrase each, in the order of the page: “连任加分 2.5→20.0 分”, “重点村系数 130→150%”."""
    known = labels()
    names = [name for _, group in GROUPS for name in group.split() if before.get(name) != after.get(name)]
    return [_change(*known[name][:2], before.get(name), after.get(name)) for name in names]


def _change(label: str, unit: str, old: int | None, new: int | None) -> str:
    if unit.startswith(TENTHS):
        return f"{label} {_points(old)}→{_points(new)} 分"
    return f"{label} {_whole(old)}→{_whole(new)}{unit if unit == '%' else f' {unit}'}"


def _points(tenths: int | None) -> str:
    return "未定" if tenths is None else f"{tenths / 10:.1f}"


def _whole(number: int | None) -> str:
    return "未定" if number is None else str(number)
