"""What may be typed about findings and corrections: what is to be put right, a reply, a verification, a reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.people.models import Person
from zhucun.base.web.forms import DayField
from zhucun.work.inspections.models import Finding, Round
from zhucun.work.teams.forms.fields import PersonField, UnitField, VillageField


def _words(label: str, help_text: str = "", longest: int = 400) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


class OrderForm(forms.Form):
    """整改意见 about a finding."""

    text = _words("整改要求", "写清楚改什么、改到什么程度。")
    due = DayField(label="整改期限", required=False, help_text="不填按制度规定的天数计算，含这一天。")


class RoundOrderForm(OrderForm):
    """整改意见 about a round as a whole, addressed to a township or a unit."""

    township = forms.ModelChoiceField(Division.objects.none(), label="责任乡镇", required=False, empty_label="请选择")
    unit = UnitField(label="责任单位", required=False)
    field_order = ("township", "unit", "text", "due")

    def __init__(self, *args, towns: QuerySet[Division], units: QuerySet[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = towns
        _search(self.fields["unit"], "inspections:pick_unit", units)

    def clean(self):
        """Somebody has to answer."""
        data = super().clean()
        if not data.get("township") and not data.get("unit"):
            raise ValidationError("请选择由哪个乡镇或单位整改。")
        return data


class FindingForm(forms.Form):
    """A finding that stands on no on-site sheet: from papers, a call, households."""

    kind = forms.ChoiceField(label="类别", choices=(("", "请选择"), *Finding.Kind.choices))
    text = _words("问题描述", "时间、地点、情况。只写查实的事。")
    village = VillageField(label="村", required=False)
    person = PersonField(label="责任人", required=False)
    unit = UnitField(label="责任单位", required=False)
    township = forms.ModelChoiceField(
        Division.objects.none(), label="责任乡镇", required=False, empty_label="请选择",
        help_text="选了村的不用选。",
    )  # fmt: skip
    manager = forms.BooleanField(label="责任在乡镇或单位的管理", required=False)
    groups = (("", ("kind", "text")), ("关于谁", ("village", "person", "unit", "township", "manager")))

    def __init__(self, *args, towns: QuerySet[Division], villages: QuerySet[Village], people: QuerySet[Person],
                 units: QuerySet[Unit], **kwargs):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = towns
        _search(self.fields["village"], "inspections:pick_village", villages)
        _search(self.fields["person"], "inspections:pick_person", people)
        _search(self.fields["unit"], "inspections:pick_unit", units)

    def clean(self):
        """A finding is about somebody."""
        data = super().clean()
        if not any(data.get(name) for name in ("village", "person", "unit", "township")):
            raise ValidationError("请写明问题是关于哪个村、哪个人、哪个单位或哪个乡镇的。")
        if data.get("manager") and data.get("person"):
            self.add_error("manager", "责任在乡镇或单位管理的，不要再写责任人。")
        return data


def _search(field: forms.Field, url_name: str, rows: QuerySet) -> None:
    """Let a field search this room's own pages, and only these rows."""
    field.widget.url_name = url_name
    field.queryset = rows


class ReplyForm(forms.Form):
    """整改情况."""

    text = _words("整改情况", "做了什么、什么时候做的。材料在下面“佐证材料”里上传，不要求拍照。")


class VerifyForm(forms.Form):
    """核实, by which of two buttons is pressed."""

    text = _words("核实情况", "怎么核实的、是否属实；退回的写明还差什么。")
    accepted = forms.ChoiceField(choices=(("yes", "通过"), ("no", "退回")), widget=forms.HiddenInput)

    def clean_accepted(self) -> bool:
        """Which button."""
        return self.cleaned_data["accepted"] == "yes"


class WordsForm(forms.Form):
    """Why, or how something was settled."""

    text = _words("说明", longest=200)

    def __init__(self, *args, label: str = "说明", help_text: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, help_text


class TakeUpForm(forms.Form):
    """Which of the debts become findings, in which round."""

    round = forms.ModelChoiceField(
        Round.objects.none(), label="记入哪次督查", required=False, empty_label="新建一次资料督查（今天）"
    )

    def __init__(self, *args, rounds: QuerySet[Round], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds
