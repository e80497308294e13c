"""到任, 期满, 召回, 调整 and 更正."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import end_after
from zhucun.work.teams.models import Posting

from .fields import Keyed, PersonField, day_field, reason_field

CAUSES = tuple((cause, cause) for cause in ("轮换", "健康", "年龄", "工作需要", "单位变动"))
"""The no-fault causes of 调整 (domain.md 1.8)."""


class PostForm(forms.Form):
    """到任."""

    person = PersonField(label="人员")
    role = forms.ChoiceField(label="队内职务", choices=Posting.Role, initial=Posting.Role.MEMBER)
    start = day_field("到任日期", help_text="从这一天起算。")
    document = forms.CharField(label="任职文号", max_length=60, required=False)
    reason = reason_field("说明理由", required=False, help_text="审核提示“说明理由后可以选派”时必须填写，会留痕。")
    wide = {"person"}

    def __init__(self, *args, people: QuerySet[Person], day: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["start"].initial = day


class EndForm(forms.Form):
    """期满 or another ending without fault that is no 调整."""

    ENDINGS = ((Posting.Ending.TERM, "期满"), (Posting.Ending.OTHER, "其他（退休、调离本县、去世等）"))
    last_day = day_field("最后一天", help_text="含这一天；第二天起不再计入在任。")
    ending = forms.ChoiceField(label="离任方式", choices=ENDINGS, widget=forms.RadioSelect, initial=Posting.Ending.TERM)
    reason = reason_field("原因", required=False, help_text="期满可以不填，其他方式必须写明。")

    def clean(self):
        """A reason for anything but 期满."""
        data = super().clean()
        if data.get("ending") == Posting.Ending.OTHER and not data.get("reason", "").strip():
            self.add_error("reason", "离任方式不是期满，请写明原因。")
        return data


class RecallForm(forms.Form):
    """召回: for a fault, kept apart from 调整."""

    last_day = day_field("最后一天", help_text="含这一天。")
    reason = reason_field("召回事由及依据", help_text="写明事实和依据，例如督查通报文号。")
    wide = {"sure"}
    sure = forms.BooleanField(label="确认是追责召回，不是轮换、健康、年龄、工作需要等正常调整")

    def clean(self):
        """What the action takes."""
        data = super().clean()
        return {**{name: data.get(name) for name in ("last_day", "reason")}, "ending": Posting.Ending.RECALL}


class TransferForm(forms.Form):
    """调整 (no fault), with a successor where one is known."""

    groups = (
        ("离任", ("cause", "last_day", "words")),
        ("接任（可以以后再办）", ("successor", "document", "successor_reason")),
    )
    cause = forms.ChoiceField(label="原因类别", choices=(("", "请选择"), *CAUSES))
    last_day = day_field("最后一天", help_text="含这一天；接任的人第二天到任。")
    words = reason_field("具体说明", required=False, max_length=150)
    successor = PersonField(label="接任人员", required=False)
    document = forms.CharField(label="接任任职文号", max_length=60, required=False)
    successor_reason = reason_field(
        "选派接任人员的理由", required=False, help_text="审核提示“说明理由后可以选派”时必须填写。"
    )
    wide = {"successor"}

    def __init__(self, *args, people: QuerySet[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = people

    def clean(self):
        """What the action takes: cause and words as one reason."""
        data = super().clean()
        words = data.pop("words", "").strip()
        cause = data.pop("cause", "")
        data["reason"] = f"{cause}：{words}" if words else cause
        return data


class CorrectForm(forms.Form):
    """更正 of what was wrongly written down."""

    groups = (
        ("任职", ("role", "document", "start", "duties", "party_transferred")),
        ("离任", ("last_day", "ending", "ending_reason")),
        ("更正", ("why",)),
    )
    role = forms.ChoiceField(label="队内职务", choices=Posting.Role)
    start = day_field("到任日期")
    document = forms.CharField(label="任职文号", max_length=60, required=False)
    duties = forms.CharField(label="分工", max_length=100, required=False)
    party_transferred = forms.TypedChoiceField(
        label="党组织关系已转入", choices=(("", "未填"), ("是", "是"), ("否", "否")), required=False,
        coerce=lambda text: text == "是", empty_value=None,
    )  # fmt: skip
    last_day = day_field("最后一天", required=False, help_text="还在任就空着。")
    ending = forms.ChoiceField(label="离任方式", choices=(("", "—"), *Posting.Ending.choices), required=False)
    ending_reason = forms.CharField(label="离任原因", max_length=200, required=False)
    why = reason_field("更正理由", help_text="旧的和新的内容都会留痕。")

    def __init__(self, *args, posting: Posting, **kwargs):
        kept = {
            name: getattr(posting, name)
            for name in ("role", "start", "document", "duties", "last_day", "ending", "ending_reason")
        }
        told = {True: "是", False: "否", None: ""}[posting.party_transferred]
        super().__init__(*args, initial=kept | {"party_transferred": told}, **kwargs)

    def clean(self):
        """The last day as the exclusive end; day and way of leaving go together."""
        data = super().clean()
        if bool(data.get("last_day")) != bool(data.get("ending")):
            raise ValidationError("最后一天和离任方式要么都填，要么都空着。")
        if data.get("last_day") and data.get("start") and data["last_day"] < data["start"]:
            raise ValidationError(f"最后一天 {data['last_day']} 早于到任日期 {data['start']}，请检查。")
        data["end"] = end_after(data.pop("last_day", None))
        return data


class PostingsField(Keyed, forms.ModelMultipleChoiceField):
    """Several postings to tick."""

    def label_from_instance(self, posting: Posting) -> str:
        """Who, where, since when."""
        return f"{posting.person}　{posting.team.village}{posting.get_role_display()}　{posting.start} 到任　{posting.unit}"


class EndManyForm(forms.Form):
    """Several full terms with one last day."""

    GONE = "选中的人里有的已经离任，不用重复办理，请重新勾选。"
    postings = PostingsField(
        Posting.objects.none(), label="人员", widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE},
    )  # fmt: skip
    last_day = day_field("最后一天", help_text="含这一天，所有选中的人同一天离任。")
    reason = reason_field("说明", required=False, help_text="期满可以不填。")

    def __init__(self, *args, postings: QuerySet[Posting], ticked: Iterable[str], due_by: date, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        known = [key for key in ticked if _is_uuid(key)]
        offered = postings.filter(pk__in=known) if known else postings.filter(start__lte=due_by)
        self.fields["postings"].queryset = postings if self.is_bound else offered
        self.initial = {"postings": known, "last_day": day}

    def clean(self):
        """What the action takes."""
        data = super().clean()
        return {**data, "ending": Posting.Ending.TERM, "postings": list(data.get("postings", ()))}


def _is_uuid(text: str) -> bool:
    try:
        forms.UUIDField().clean(text)
    except ValidationError:
        return False
    return True
