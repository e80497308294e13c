"""A village's need, alone and as a row of the grid."""

from django import forms

from zhucun.base.directory.models import Division, Village
from zhucun.base.web.forms import PickManyWidget, WholeField
from zhucun.work.placement.models import Need

FIELDS = ("size", "poor", "weak", "disorderly", "shortfall", "skills", "remote", "grounds", "judged")


class NeedForm(forms.Form):
    """One village: scores with their grounds, and whom it needs."""

    groups = (
        ("评分（0 到 100，越高越需要）", ("poor", "weak", "disorderly", "grounds", "judged")),
        ("需要什么样的队伍", ("size", "shortfall", "skills", "remote")),
    )
    poor = WholeField(0, 100, label="穷")
    weak = WholeField(0, 100, label="弱")
    disorderly = WholeField(0, 100, label="乱")
    grounds = forms.CharField(
        label="评分依据", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    size = WholeField(1, 10, label="队伍人数")
    shortfall = forms.ChoiceField(label="村情短板", required=False, choices=(("", "未定"), *Need.Shortfall.choices))
    skills = forms.CharField(
        label="需求专业", max_length=200, required=False, help_text="几项用、隔开，例如：果树栽培、财务管理"
    )
    judged = forms.BooleanField(label="评分已核对", required=False, help_text="改了评分或依据就算已核对。")
    remote = forms.BooleanField(label="偏远村", required=False, help_text="身体受限的人不派到偏远村。")

    def __init__(self, *args, need: Need, **kwargs):
        super().__init__(*args, initial={name: getattr(need, name) for name in FIELDS}, **kwargs)
        self.need = need


class VillagesField(forms.ModelMultipleChoiceField):
    """Several villages by search."""

    def __init__(self, **kwargs):
        widget = PickManyWidget("placement:pick_village", placeholder="输入村名或乡镇查找，可选多个")
        super().__init__(queryset=Village.objects.none(), widget=widget, **kwargs)

    def label_from_instance(self, village: Village) -> str:
        """How a village reads in the box."""
        return f"{village.name}（{village.township}）"


class BringForm(forms.Form):
    """Villages to take part in a round."""

    township = forms.ModelChoiceField(
        Division.objects.none(),
        label="整个乡镇的村",
        required=False,
        empty_label="不选",
        help_text="这个乡镇还没有加入的村全部加入。",
    )
    villages = VillagesField(
        label="或者加入哪些村", required=False, error_messages={"invalid_choice": "没有找到这个村，请从列表中选择。"}
    )

    def __init__(self, *args, villages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["villages"].queryset = self.villages = villages
        self.fields["township"].queryset = Division.objects.filter(pk__in=villages.values("township")).order_by("pk")

    def clean(self):
        """One of the two must be chosen."""
        data = super().clean()
        if not self.errors and not (data.get("township") or data.get("villages")):
            raise forms.ValidationError("请选一个乡镇，或查找要加入的村。")
        return data

    @property
    def chosen(self) -> list[Village]:
        """The villages of the township, and those named."""
        of_town = self.villages.filter(township=self.cleaned_data["township"]) if self.cleaned_data["township"] else []
        return [*of_town, *self.cleaned_data["villages"]]
