"""Registering a person, putting right what was wrong, changing what is different from a day on, and revealing."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.forms.models import fields_for_model

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit
from zhucun.base.people.models import SEALED, Person, Record
from zhucun.base.web.forms import DayField

from .fields import UnitField, day_field, reason_field

IDENTITY = ("name", "number", "sex", "born", "ethnicity", "native_place", "party_joined_on")
WORK = ("unit", "post", "political", "education", "degree", "school", "major", "rank", "title", "identity")
EXPERIENCE = ("agriculture", "rural", "poverty_relief", "skills")
RECORD = (*WORK, *EXPERIENCE)
SEALED_LABELS = {
    "id_number": "身份证号码", "phone": "联系电话", "address": "家庭住址", "bank_card": "银行卡号", "emergency": "紧急联系人及电话",
}  # fmt: skip
LENGTHS = {"id_number": 18, "phone": 40, "address": 200, "bank_card": 40, "emergency": 100}
WHO = ("身份", IDENTITY)
WHAT = ("单位和学历", WORK)
PAST = ("专业和经历", EXPERIENCE)
KEPT = ("敏感信息（加密保存，平时打星号）", ("id_number", "phone", "address", "bank", "bank_card", "emergency"))


class _Columns(forms.Form):
    """Adds the columns of identity and record that a form asks for."""

    identity: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()

    def __init__(
        self, *args, units: QuerySet[Unit], person: Person | None = None, record: Record | None = None, **kwargs
    ):
        kept = {name: getattr(person, name) for name in self.identity if person} | {
            name: getattr(record, name) for name in RECORD if record
        }
        super().__init__(*args, initial=kwargs.pop("initial", {}) | kept, **kwargs)
        days = {"born": DayField, "party_joined_on": DayField}
        asked = fields_for_model(Person, fields=self.identity, field_classes=days) | fields_for_model(
            Record, fields=RECORD
        )
        for name, field in asked.items():
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [
                    ("", "请选择" if field.required else "—"),
                    *[pair for pair in field.choices if pair[0]],
                ]
            self.fields[name] = field
        self.fields["unit"] = UnitField(label="派出单位")
        self.fields["unit"].queryset = units
        for name in self.sealed:
            self.fields[name] = _sealed_field(name, person)
        self.order_fields([*self.identity, *RECORD, *self.sealed, "county", "start", "reason"])

    def clean_id_number(self) -> str:
        """Full-width digits and a small x are no mistakes."""
        return (
            self.cleaned_data["id_number"]
            .strip()
            .upper()
            .translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X"))
        )

    @property
    def identity_fields(self) -> dict:
        """Columns of the person; a sealed one left empty stays as it is."""
        data = self.cleaned_data
        return {name: data[name] for name in self.identity} | {name: data[name] for name in self.sealed if data[name]}

    @property
    def record_fields(self) -> dict:
        """Columns of the record."""
        return {name: self.cleaned_data[name] for name in RECORD}


class RegisterForm(_Columns):
    """登记人员."""

    groups = (WHO, WHAT, PAST, KEPT, ("", ("county",)))
    identity = (*IDENTITY, "bank")
    sealed = SEALED
    county = forms.ModelChoiceField(Division.objects.none(), label="县")

    def __init__(self, *args, scope: Scope, **kwargs):
        super().__init__(*args, units=Unit.objects.within(scope), **kwargs)
        counties = Division.objects.filter(pk__in=scope.county)
        self.fields["county"].queryset = counties
        if len(counties) == 1:
            self.initial["county"] = counties[0].pk
            self.fields["county"].widget = forms.HiddenInput()


class CorrectPersonForm(_Columns):
    """更正: it was never as written down."""

    groups = (WHO, WHAT, PAST, KEPT, ("更正", ("reason",)))
    identity = (*IDENTITY, "bank")
    sealed = SEALED
    reason = reason_field("更正理由", help_text="例如“档案核实，出生年月登记有误”。旧的和新的内容都会留痕。")


class ChangeForm(_Columns):
    """变更: different from a day on."""

    groups = (("从哪一天起", ("start",)), WHAT, PAST)
    start = day_field("变更日期", help_text="从这一天起按新的情况计算，以前的统计不变。")

    def __init__(self, *args, day: date, **kwargs):
        super().__init__(*args, initial={"start": day}, **kwargs)


class RevealForm(forms.Form):
    """查看 of a sensitive column."""

    REASONS = tuple((text, text) for text in ("办理保险", "发放补助", "核对身份", "紧急联系", "其他"))
    column = forms.ChoiceField(label="查看哪一项", choices=tuple(SEALED_LABELS.items()))
    purpose = forms.ChoiceField(label="用途", choices=(("", "请选择"), *REASONS))
    words = forms.CharField(label="说明", max_length=100, required=False, help_text="用途选“其他”时必须写明。")

    def clean(self):
        """The reason as the action takes it."""
        data = super().clean()
        words = data.pop("words", "").strip()
        purpose = data.pop("purpose", "")
        if purpose == "其他" and not words:
            self.add_error("words", "请写明用途。")
        return {**data, "reason": f"{purpose}：{words}" if words else purpose}


def _sealed_field(name: str, person: Person | None) -> forms.CharField:
    kept = person.masked(name) if person else ""
    hint = f"已保存 {kept}，空着表示不改。" if kept else ""
    attrs = {"autocomplete": "off", "inputmode": "tel" if name == "phone" else "text"}
    return forms.CharField(
        label=SEALED_LABELS[name],
        max_length=LENGTHS[name],
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs=attrs),
    )
