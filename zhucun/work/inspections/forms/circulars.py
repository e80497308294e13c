"""What may be typed about a circular: the rounds it rests on, its text, its addressees, a remark when it goes back."""

from django import forms
from django.db.models import QuerySet

from zhucun.base.directory.models import Division, Unit
from zhucun.work.inspections.models import Circular, Round
from zhucun.work.teams.forms.fields import UnitsField


class RoundChoice(forms.ModelMultipleChoiceField):
    """Several rounds by tick; what is no key at all is answered like a round that is not there."""

    def label_from_instance(self, obj: Round) -> str:
        """A round with its day, method and state."""
        used = "，已通报过" if getattr(obj, "told", False) else ""
        return f"{obj}　{obj.get_state_display()}{used}"


class RoundsForm(forms.Form):
    """Which rounds a circular is about."""

    rounds = RoundChoice(
        Round.objects.none(), label="督查", widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有这次督查，请重新选择。", "invalid_pk_value": "没有这次督查，请重新选择。"},
    )  # fmt: skip

    def __init__(self, *args, rounds: QuerySet[Round], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rounds"].queryset = rounds


class CircularForm(forms.Form):
    """Title, text and addressees."""

    groups = (("内容", ("title", "body")), ("主送", ("townships", "units")))
    title = forms.CharField(label="标题", max_length=Circular._meta.get_field("title").max_length)
    body = forms.CharField(
        label="正文", max_length=20_000, widget=forms.Textarea(attrs={"rows": 12, "class": "circular-body"}),
        help_text="由督查记录自动写成，可以改。每行一段；“一、”“（一）”开头的是标题；【 】是留给您填写的；“附件：”以下的另起一页，各栏用“｜”隔开；“抄送：”写在最后一行。",
    )  # fmt: skip
    townships = forms.ModelMultipleChoiceField(
        Division.objects.none(), label="乡镇（街道、管理处）", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有这个乡镇，请重新选择。", "invalid_pk_value": "没有这个乡镇，请重新选择。"},
    )  # fmt: skip
    units = UnitsField(label="派出单位", required=False)
    wide = {"title"}

    def __init__(self, *args, townships: QuerySet[Division], units: QuerySet[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["townships"].queryset, self.fields["units"].queryset = townships, units

    def clean(self):
        """Somebody to whom it goes."""
        data = super().clean()
        if not data.get("townships") and not data.get("units") and not {"townships", "units"} & set(self.errors):
            self.add_error("townships", "请至少选一个主送单位。")
        return data


class JudgementForm(forms.Form):
    """Review or signature, by which of two buttons is pressed; sending back needs a remark."""

    remark = forms.CharField(
        label="意见", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="退回要写明意见；同意可以不填。",
    )  # fmt: skip
    agreed = forms.ChoiceField(choices=(("yes", "同意"), ("no", "退回")), widget=forms.HiddenInput)

    def clean_agreed(self) -> bool:
        """Which button."""
        return self.cleaned_data["agreed"] == "yes"
