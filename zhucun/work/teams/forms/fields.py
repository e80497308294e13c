"""Fields that several forms of teams share: picking people, villages and units, last days, reasons."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from zhucun.base.directory.models import Unit, Village
from zhucun.base.people.models import Person
from zhucun.base.web.forms import DayField, PickManyWidget, PickWidget

YES_NO = ((True, "是"), (False, "否"))


class Keyed:
    """A choice among rows: text that is no key at all is answered like the key of a row that is not there."""

    def clean(self, value):
        """The chosen row or rows."""
        try:
            return super().clean(value)
        except ValidationError as wrong:
            if wrong.code in {"required", "invalid_choice"}:
                raise
            raise self._not_there(value) from None

    def to_python(self, value):
        """The row of a key."""
        try:
            return super().to_python(value)
        except ValidationError:
            raise self._not_there(value) from None

    def _not_there(self, value) -> ValidationError:
        return ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})


class _Picked(Keyed):
    """What all picks share: `find` looks in the rows given to the form."""

    widget: PickWidget

    def __deepcopy__(self, memo):
        """A form's copy of the field searches the copy's rows."""
        copy = super().__deepcopy__(memo)
        copy.widget.find = copy.find
        return copy


class PersonField(_Picked, forms.ModelChoiceField):
    """A person by search; reads “李敏 P002”, and finds the person by that text or the bare number without scripts."""

    def __init__(self, **kwargs):
        widget = PickWidget("teams:pick_person", placeholder="输入姓名、人员编号或单位查找")
        errors = {"invalid_choice": "没有找到这个人，请从列表中选择，或先登记人员。"}
        super().__init__(queryset=Person.objects.none(), widget=widget, error_messages=errors, **kwargs)

    def label_from_instance(self, person: Person) -> str:
        """How a person reads in the box."""
        return f"{person.name} {person.number}"

    def find(self, text: str):
        """The one person meant by a typed text: the number at its end, or the whole name where it is the only one."""
        last = text.split()[-1:]
        found = self.queryset.filter(number__in=last)[:2] or self.queryset.filter(name=text)[:2]
        return str(found[0].pk) if len(found) == 1 else None


class VillageField(_Picked, forms.ModelChoiceField):
    """A village by search; reads “石桥村（金桥镇）”."""

    def __init__(self, **kwargs):
        widget = PickWidget("teams:pick_village", placeholder="输入村名或区划代码查找")
        errors = {"invalid_choice": "没有找到这个村，请从列表中选择。"}
        super().__init__(queryset=Village.objects.none(), widget=widget, error_messages=errors, **kwargs)

    def label_from_instance(self, village: Village) -> str:
        """How a village reads in the box."""
        return f"{village.name}（{village.township}）"

    def find(self, text: str):
        """The one village meant by a typed text: its label, its code, or its name where it is the only one."""
        name = text.partition("（")[0]
        rows = list(self.queryset.filter(Q(name=name) | Q(pk=text))[:200])
        found = [row for row in rows if self.label_from_instance(row) == text] or [
            row for row in rows if text in {row.pk, row.name}
        ]
        return found[0].pk if len(found) == 1 else None


class UnitField(_Picked, forms.ModelChoiceField):
    """A unit by search; its name is unique in a county."""

    def __init__(self, **kwargs):
        widget = PickWidget("teams:pick_unit", placeholder="输入单位名称查找")
        errors = {"invalid_choice": "没有找到这个单位，请从列表中选择，或先在派出单位名录里登记。"}
        super().__init__(queryset=Unit.objects.none(), widget=widget, error_messages=errors, **kwargs)

    def find(self, text: str):
        """The unit of exactly that name."""
        found = self.queryset.filter(name=text)[:2]
        return str(found[0].pk) if len(found) == 1 else None


class UnitsField(_Picked, forms.ModelMultipleChoiceField):
    """Several units by search."""

    def __init__(self, **kwargs):
        widget = PickManyWidget("teams:pick_unit", placeholder="输入单位名称查找，可选多个")
        errors = {"invalid_choice": "有的单位不在派出单位名录里，请从列表中选择。"}
        super().__init__(queryset=Unit.objects.none(), widget=widget, error_messages=errors, **kwargs)

    find = UnitField.find


def day_field(label: str, **kwargs) -> DayField:
    """A day, in the browser's own picker."""
    return DayField(label=label, **kwargs)


def reason_field(label: str = "理由", **kwargs) -> forms.CharField:
    """A reason in words, kept in the journal."""
    kwargs.setdefault("max_length", 200)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)


def yes_no_field(label: str, **kwargs) -> forms.TypedChoiceField:
    """是 or 否, one of which must be chosen."""
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda text: text in {"True", True}, widget=forms.RadioSelect, **kwargs
    )
