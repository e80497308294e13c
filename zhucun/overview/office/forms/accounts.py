"""What may be typed about accounts and duties."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from zhucun.base.access.permissions import ROLES, Role
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.people.models import Person
from zhucun.base.web.forms import DayField, PickWidget

AREA_NAMES = {"county": "县", "township": "乡镇（街道、管理处）", "village": "村（社区）", "unit": "派出单位"}


def without_account():
    """People who have no account, to be picked by number or name; the administrator sees no more of them than that."""
    return Person.objects.filter(user__isnull=True)


class PersonField(forms.ModelChoiceField):
    """A person by number and name."""

    def label_from_instance(self, person) -> str:
        """How a person reads in the picker."""
        return f"{person.number} {person.name}"


def person_field(**more) -> PersonField:
    """A picker of a person without an account."""
    widget = PickWidget("office:pick_person", find=_person_called, placeholder="输入人员编号或姓名")
    return PersonField(without_account(), label="属于哪一位驻村人员", widget=widget, **more)


def _person_called(text: str):
    found = list(without_account().filter(Q(number=text.split(" ")[0]) | Q(name=text))[:2])
    return str(found[0].pk) if len(found) == 1 else None


class AccountForm(forms.Form):
    """A new account; the first password is made by the system."""

    username = forms.CharField(
        label="用户名",
        max_length=60,
        help_text="登录时输入，建议用人员编号或单位简称的拼音，不要用身份证号码和手机号码。",
    )
    name = forms.CharField(label="姓名", max_length=40, help_text="使用这个账号的人的姓名，一人一号，不要几个人共用。")
    person = person_field(required=False, help_text="不是驻村人员（如县驻村办、乡镇、单位的经办人）就空着。")

    def clean_username(self) -> str:
        """No blanks, no ID or phone number."""
        name = self.cleaned_data["username"]
        if any(c.isspace() for c in name):
            raise ValidationError("用户名里不能有空格。")
        if name[:-1].isdigit() and len(name) in (11, 18):
            raise ValidationError("用户名不要用手机号码或身份证号码，请换一个。")
        return name


class TieForm(forms.Form):
    """Whose account it is."""

    person = person_field(help_text="关联后，这个账号在任职期间能看到所驻村的工作队。")


class BatchForm(forms.Form):
    """Whom to open an account for."""

    people = forms.ModelMultipleChoiceField(Person.objects.none(), error_messages={"required": "请至少选一个人。"})

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


def areas(term: str):
    """Divisions, villages and units that contain `term`: (“kind:key”, name, what it is)."""
    divisions = Division.objects.filter(
        Q(name__icontains=term) | Q(code__startswith=term), villages__isnull=False
    ).distinct()
    counties = Division.objects.filter(Q(name__icontains=term) | Q(code__startswith=term), kind=Division.Kind.COUNTY)
    for row in counties[:5]:
        yield f"county:{row.pk}", row.name, "县"
    for row in divisions.select_related("parent")[:8]:
        yield f"township:{row.pk}", row.name, f"{row.get_kind_display()}　{row.pk}"
    for unit in Unit.objects.filter(name__icontains=term)[:8]:
        yield f"unit:{unit.pk}", unit.name, "派出单位"
    called = Village.objects.filter(Q(name__icontains=term) | Q(code__startswith=term))
    for village in called.select_related("township")[:8]:
        yield f"village:{village.pk}", f"{village.township}{village.name}", "村（社区）"


MODELS: dict[str, Any] = {"county": Division, "township": Division, "village": Village, "unit": Unit}


def area_of(value: str):
    """(kind, row) of a “kind:key”; raises ValidationError with a sentence for anything else."""
    kind, _, key = value.partition(":")
    try:
        row = MODELS[kind].objects.filter(pk=key).first()
    except (KeyError, ValidationError):
        row = None
    if row is None:
        raise ValidationError(f"没有找到“{value[:40]}”，请输入几个字后从列表中选择。")
    return kind, row


def _area_label(value: str) -> str:
    try:
        return str(area_of(value)[1])
    except ValidationError:
        return ""


def _area_called(text: str):
    found = [value for value, name, _ in areas(text) if name == text]
    return found[0] if len(found) == 1 else None


class DutyForm(forms.Form):
    """A role, where it holds, and from when until when."""

    role = forms.ChoiceField(
        label="角色",
        choices=[(role, f"{spec.label}：{spec.purpose}") for role, spec in ROLES.items()],
        widget=forms.RadioSelect,
    )
    area = forms.CharField(
        label="范围", required=False, widget=PickWidget("office:pick_area", label_of=_area_label, find=_area_called, placeholder="输入县、乡镇、村或单位的名称"),
        help_text="县驻村办、县领导、财政、督查组选县；乡镇经办人选乡镇；联络员选派出单位；工作队长、队员选村；三种管理员不用选。",
    )  # fmt: skip
    start = DayField(label="开始日期")
    last_day = DayField(label="最后一天", required=False, help_text="没有期限就空着，以后随时可以收回。")
    wide = {"role", "area"}

    def clean(self):
        """The area is of the kind the role asks for; the only county need not be chosen."""
        data = super().clean()
        if "role" in data and "area" in data:
            wanted = ROLES[Role(data["role"])].area
            try:
                data["area"] = _fitting(wanted, data["area"], ROLES[Role(data["role"])].label)
            except ValidationError as wrong:
                self.add_error("area", wrong)
        if data.get("start") and data.get("last_day") and data["last_day"] < data["start"]:
            self.add_error("last_day", "最后一天不能早于开始日期。")
        return data


def _fitting(wanted: str, value: str, role: str):
    if not wanted:
        if value:
            raise ValidationError(f"{role}不对应任何范围，请把范围清空。")
        return None
    if not value:
        counties = list(Division.objects.filter(kind=Division.Kind.COUNTY)[:2]) if wanted == "county" else []
        if len(counties) == 1:
            return counties[0]
        raise ValidationError(f"{role}要选一个{AREA_NAMES[wanted]}。")
    kind, row = area_of(value)
    if kind != wanted:
        raise ValidationError(f"{role}的范围应当是{AREA_NAMES[wanted]}，“{row}”是{AREA_NAMES[kind]}，请重新选择。")
    return row


class DutyEndForm(forms.Form):
    """Until when a duty holds."""

    last_day = DayField(label="最后一天", help_text="过了这一天就不能再办理。要马上收回，请填昨天的日期。")
