"""What may be typed to open a case, or to put a draft right."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from zhucun.base.directory.models import Unit
from zhucun.base.people.models import Person
from zhucun.base.policy.clauses import ClauseChoiceField
from zhucun.base.policy.models import Clause, Document
from zhucun.base.web.forms import PickWidget
from zhucun.work.accountability.actions.opening import About
from zhucun.work.accountability.models import Case
from zhucun.work.accountability.rules import Measure
from zhucun.work.teams.forms.fields import Keyed, PersonField, UnitField
from zhucun.work.teams.models import Posting


class ConcernedField(PersonField):
    """Somebody who is or was in post, by search."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget = PickWidget("accountability:pick_person", placeholder="输入姓名、人员编号、村或单位查找")
        self.widget.choices, self.widget.find = self.choices, self.find
        self.error_messages["invalid_choice"] = "没有找到这个人，请从列表中选择。"


class ClauseField(Keyed, ClauseChoiceField):
    """A clause of a document in force, under its document."""

    def __init__(self, **kwargs):
        errors = {"invalid_choice": "没有这一条款，请重新选择。"}
        super().__init__(queryset=Clause.objects.none(), empty_label="不引用条款", error_messages=errors, **kwargs)

    def label_from_instance(self, obj: Clause) -> str:
        """The clause with how it begins."""
        begins = obj.text.replace("\n", " ")
        return f"{obj}　{begins[:36]}{'…' if len(begins) > 36 else ''}"


def clauses_on(day: date) -> QuerySet[Clause]:
    """The clauses a case may rest on: those of documents in force on `day`."""
    return Clause.objects.filter(document__in=Document.objects.on(day))


class DraftForm(forms.Form):
    """What may still be put right before anybody is told."""

    way = forms.ChoiceField(
        label="方式", choices=(("", "请选择"), *Case.Way.choices), required=False, help_text="提醒才需要选择。"
    )
    grounds = forms.CharField(label="事由", max_length=200, help_text="一句话，会写进通知和台账。")
    facts = forms.CharField(
        label="事实和依据", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写清时间、地点、经过和核实情况；本人会看到。约谈和召回必填。",
    )  # fmt: skip
    clause = ClauseField(label="依据条款", required=False)
    place = forms.CharField(label="约谈地点", max_length=100, required=False, help_text="约谈才需要填写。")
    wide = {"grounds", "clause"}

    def __init__(self, *args, day: date, measure: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = clauses_on(day)
        if measure and measure != Measure.REMINDER:
            del self.fields["way"]
        if measure and measure != Measure.INTERVIEW:
            del self.fields["place"]


class OpenForm(DraftForm):
    """A case: the measure, about whom, from what source."""

    groups = (
        ("怎么处理", ("measure", "way")),
        ("对谁", ("person", "unit")),
        ("为什么", ("source", "grounds", "facts", "clause")),
    )
    measure = forms.ChoiceField(label="处理", choices=(("", "请选择"), *Case.Measure.choices))
    person = ConcernedField(label="队长或队员", required=False, help_text="约谈单位主要负责人的不填。")
    unit = UnitField(label="单位主要负责人", required=False, help_text="只在约谈单位主要负责人时填单位名称。")
    source = forms.ChoiceField(label="来源", choices=(("", "请选择"), *Case.Source.choices))
    field_order = ("measure", "way", "person", "unit", "source", "grounds", "facts", "clause")

    def __init__(self, *args, postings: QuerySet[Posting], units: QuerySet[Unit], on: date, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["place"]  # settled with the notice, on the draft
        self.postings, self.on = postings, on
        people = Person.objects.filter(pk__in=postings.order_by().values("person"))
        self.fields["person"].queryset, self.fields["unit"].queryset = people, units

    def clean(self):
        """One of the two, and the way of a reminder."""
        data = super().clean()
        if not {"person", "unit"} & set(self.errors):
            if not data.get("person") and not data.get("unit"):
                self.add_error("person", "请选择队长或队员；约谈单位主要负责人的，在下一栏选择单位。")
            elif data.get("person") and data.get("unit"):
                self.add_error("unit", "人员和单位只选一个：处理队员就不填单位。")
            elif data.get("person") and self.posting is None:
                raise ValidationError(f"{data['person'].name}没有任职记录，请核对。")
        if data.get("measure") == Measure.REMINDER and not data.get("way"):
            self.add_error("way", "请选择提醒的方式。")
        if (
            data.get("measure") not in ("", None, Measure.REMINDER)
            and not data.get("facts", "").strip()
            and "facts" not in self.errors
        ):
            self.add_error("facts", "约谈和召回请写明事实和依据。")
        return data

    @property
    def posting(self) -> Posting | None:
        """The posting it is about: the one in force on the day of what happened, else the latest begun by then."""
        rows = self.postings.filter(person=self.cleaned_data["person"])
        return (
            rows.on(self.on).first()
            or rows.filter(start__lte=self.on).order_by("-start").first()
            or rows.order_by("start").first()
        )

    @property
    def about(self) -> About:
        """Whom the action is told."""
        return About(posting=self.posting) if self.cleaned_data.get("person") else About(unit=self.cleaned_data["unit"])

    @property
    def told(self) -> dict:
        """What the action takes besides."""
        names = ("measure", "way", "source", "grounds", "facts", "clause")
        return {name: self.cleaned_data[name] for name in names}
