"""What may be typed about leave: a slip asked for, one recorded from paper, a decision, a return, a withdrawal."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.base.web.forms import DayField, PickWidget
from zhucun.work.attendance.models import Leave
from zhucun.work.teams.forms.fields import PersonField
from zhucun.work.teams.models import Posting

_LEAVE = [(kind, label) for kind, label in Leave.Kind.choices if kind not in Leave.NOTICES]
_NOTICE = [(kind, label) for kind, label in Leave.Kind.choices if kind in Leave.NOTICES]
KINDS = (("", "请选择"), ("请假（不算驻村天数）", _LEAVE), ("报备（视同驻村）", _NOTICE))


class SlipForm(forms.Form):
    """The facts of a slip, both ends of its days inclusive; nobody asks where a phone is."""

    kind = forms.ChoiceField(label="类别", choices=KINDS)
    first = DayField(label="从哪天起")
    last = DayField(label="到哪天止", help_text="含这一天；请一天的，两个日期相同。")
    reason = forms.CharField(label="事由", max_length=200, help_text="一句话说明，不必写病情。")
    place = forms.CharField(label="外出地点", max_length=100, required=False, help_text="报备必填，请假可以不填。")
    stand_in = forms.CharField(label="工作代理人", max_length=40, required=False, help_text="这几天谁代办村里的事。")
    document = forms.CharField(
        label="召集单位或依据文件", max_length=100, required=False, help_text="报备时填，如“县农业农村局会议通知”。"
    )
    wide = {"kind", "reason", "document"}
    FACTS: tuple[str, ...] = ("kind", "reason", "place", "stand_in", "document")

    def clean(self):
        """The days in their order, and a place for a notice."""
        data = super().clean()
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "结束日期早于开始日期，请检查。")
        if data.get("kind") in Leave.NOTICES and not data.get("place", "").strip():
            self.add_error("place", "报备请写明地点。")
        return data

    @property
    def facts(self) -> dict:
        """What the action takes as the slip's fields."""
        return {name: self.cleaned_data[name] for name in self.FACTS}


class AskForm(SlipForm):
    """One's own slip; a 续假 begins where the leave before it ends, and is of its kind."""

    def __init__(self, *args, day: date, extends: Leave | None = None, **kwargs):
        start = extends.until + ONE_DAY if extends else day
        kept = (
            {"kind": extends.kind, "place": extends.place, "stand_in": extends.stand_in, "reason": extends.reason}
            if extends
            else {}
        )
        super().__init__(*args, initial={"first": start, "last": start} | kept, **kwargs)
        if extends is not None:
            self.fields["first"].help_text = "续假从原假期满的次日开始。"
            self.fields["kind"].choices = ((extends.kind, extends.get_kind_display()),)


class StayerField(PersonField):
    """Somebody in post, by search."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget = PickWidget("attendance:pick_person", placeholder="输入姓名、人员编号、村或单位查找")
        self.widget.is_required = True
        self.widget.choices, self.widget.find = self.choices, self.find
        self.error_messages["invalid_choice"] = "没有找到这个人，请从列表中选择。"


class RecordForm(SlipForm):
    """A slip approved on paper."""

    groups = (
        ("谁", ("person",)),
        ("纸质单子上写的", ("kind", "first", "last", "reason", "place", "stand_in", "document")),
        ("哪天、由谁批的，回来没有", ("level", "approved_on", "returned_on", "certificate")),
    )
    person = StayerField(label="人员")
    level = forms.ChoiceField(
        label="批准层级", choices=(("", "按天数该批的那一级"), *Leave.Approver.choices), required=False,
        help_text="比规定更高一级批的才要选。",
    )  # fmt: skip
    approved_on = DayField(label="批准日期")
    returned_on = DayField(
        label="返岗日期", required=False, help_text="单子上已经销假的填；还没有回来的空着，以后再销假。"
    )
    certificate = forms.BooleanField(
        label="病假：已查看诊断证明", required=False, help_text="看过即还给本人，不要上传，系统只记“已查看”。"
    )
    wide = {"person", "kind", "reason", "document"}
    FACTS = (*SlipForm.FACTS, "certificate")

    def __init__(self, *args, people: QuerySet[Person], postings: QuerySet[Posting], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset, self.postings = people, postings
        self.order_fields(["person"])

    def clean(self):
        """The posting the slip belongs to: the one in force on its first day."""
        data = super().clean()
        if data.get("certificate") and data.get("kind") not in ("", None, Leave.Kind.SICK):
            self.add_error("certificate", "只有病假才看诊断证明，请去掉这一项。")
        if data.get("person") and data.get("first") and self.posting is None:
            self.add_error("first", f"{data['person'].name} {data['first']} 不在任，请核对日期。")
        return data

    @property
    def posting(self) -> Posting | None:
        """The posting of the chosen person on the first day."""
        data = getattr(self, "cleaned_data", {})
        if not (data.get("person") and data.get("first")):
            return None
        return self.postings.on(data["first"]).filter(person=data["person"]).first()


class DecisionForm(forms.Form):
    """同意 or 不同意, by which of two buttons is pressed; `turn` is the level the page was shown to."""

    opinion = forms.CharField(
        label="意见", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="同意可以不填；不同意要写明理由。",
    )  # fmt: skip
    certificate = forms.BooleanField(
        label="已查看诊断证明", required=False, help_text="看过即还给本人，不要上传，系统只记“已查看”。"
    )
    turn = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    agreed = forms.ChoiceField(choices=(("yes", "同意"), ("no", "不同意")), widget=forms.HiddenInput)

    def __init__(self, *args, leave: Leave, **kwargs):
        super().__init__(*args, **kwargs)
        if leave.kind != Leave.Kind.SICK or leave.certificate:
            del self.fields["certificate"]

    def clean_agreed(self) -> bool:
        """Which button."""
        return self.cleaned_data["agreed"] == "yes"


class ReturnForm(forms.Form):
    """销假."""

    returned_on = DayField(label="返岗日期", help_text="回到村里的那一天，从这天起不再算请假。")


class WithdrawForm(forms.Form):
    """撤回; the township says why."""

    reason = forms.CharField(label="撤回理由", max_length=200, required=False)

    def __init__(self, *args, own: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.own = own
        if own:
            del self.fields["reason"]

    def clean(self):
        """A reason where it is not one's own."""
        data = super().clean()
        if not self.own and not data.get("reason", "").strip() and "reason" not in self.errors:
            raise ValidationError("替本人撤回请写明理由。")
        return data
