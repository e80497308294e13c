"""Weights for a trial: every one with its label, unit and the sentence of why."""

from collections.abc import Mapping

from django import forms

from zhucun.work.placement.rules import labels

GROUPS = (
    ("单位到村", "key_factor model_factor ordinary_factor other_share led_before"),
    ("稳定", "stay_bonus joint_penalty"),
    ("队长", "leader_rank leader_rural leader_relief"),
    ("个人与村", "preference familiar"),
    ("需求专业", "skill_first skill_second skill_third"),
    ("队伍结构", "women young young_age party rural relief"),
)


class WeightsForm(forms.Form):
    """Whole numbers; what differs from the rules in force makes it a trial."""

    groups = tuple((title, tuple(names.split())) for title, names in GROUPS)
    note = forms.CharField(label="给这次试算起个名", max_length=60, required=False, help_text="例如：更看重留任")
    wide = {"note"}

    def __init__(self, *args, weights: Mapping[str, int], **kwargs):
        super().__init__(*args, initial=dict(weights), **kwargs)
        known = labels()
        for _, names in self.groups:
            for name in names:
                label, unit, note = known[name]
                self.fields[name] = forms.IntegerField(
                    label=f"{label}（{unit}）", min_value=0, max_value=2000, help_text=note
                )
        self.order_fields([*(name for _, names in self.groups for name in names), "note"])

    @property
    def weights(self) -> dict[str, int]:
        """The weights by name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}
