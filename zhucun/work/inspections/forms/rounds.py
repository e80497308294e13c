"""What may be typed about a round: its plan, its villages by hand, a draw, why it is cancelled or taken up again."""

from collections.abc import Mapping

from django import forms
from django.db.models import QuerySet

from zhucun.base.directory.models import Division, Standing, Village
from zhucun.base.web.forms import DayField
from zhucun.work.inspections.models import Round

MOST = 60
"""How many villages a search shows; more are found by a narrower word."""


class RoundForm(forms.Form):
    """A plan; the county is asked for only where one has several."""

    county = forms.ModelChoiceField(Division.objects.none(), label="县", empty_label="请选择")
    held_on = DayField(label="日期", help_text="到村的那一天。暗访在进行前乡镇和工作队看不到。")
    method = forms.ChoiceField(label="方式", choices=(("", "请选择"), *Round.Method.choices))
    group = forms.CharField(
        label="督查组", max_length=120, required=False, help_text="人员或牵头单位，如“县纪委监委、县驻村办”。"
    )
    purpose = forms.CharField(
        label="督查内容", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一句话，如“在岗情况、出勤记录本、入户走访”。",
    )  # fmt: skip

    def __init__(self, *args, counties: QuerySet[Division] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        if counties is None:
            del self.fields["county"]
            return
        field.queryset = counties
        only = counties[:2]
        if len(only) == 1:
            field.initial, field.widget = only[0].pk, forms.HiddenInput()


class DrawForm(forms.Form):
    """How many villages of each class; a second draw says why."""

    reason = forms.CharField(
        label="重新抽取的理由", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="前一次的种子、范围和结果仍然保留，任何人都能查到。",
    )  # fmt: skip

    def __init__(self, *args, pools: Mapping[str, list[str]], usual: int, again: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
        for name, pool in pools.items():
            label = Standing.Category(name).label
            self.fields[name] = forms.IntegerField(
                label=f"{label}抽几个", min_value=0, max_value=len(pool), initial=min(usual, len(pool)), required=False,
                help_text=f"有工作队的{label}共 {len(pool)} 个。",
                error_messages={"max_value": f"{label}只有 {len(pool)} 个有工作队的村。"},
            )  # fmt: skip
        self.order_fields([*pools, "reason"])

    @property
    def numbers(self) -> dict[str, int]:
        """How many of each class."""
        return {name: self.cleaned_data.get(name) or 0 for name in Standing.Category.values}


class VillagesForm(forms.Form):
    """Villages ticked, those found by the words searched for among them."""

    q = forms.CharField(label="村名、区划代码或乡镇", max_length=60, required=False)
    category = forms.ChoiceField(label="村类别", choices=(("", "全部类别"), *Standing.Category.choices), required=False)
    villages = forms.ModelMultipleChoiceField(
        Village.objects.none(), required=False, error_messages={"invalid_choice": "有的村不在本县，请重新勾选。"}
    )
    reason = forms.CharField(label="手工增减的理由", max_length=200, required=False)

    def __init__(self, *args, villages: QuerySet[Village], drawn: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["villages"].queryset = villages
        if not drawn:
            del self.fields["reason"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
