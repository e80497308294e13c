"""What may be typed about villages and units."""

from django import forms

from zhucun.base.directory.models import Standing, Unit
from zhucun.base.web.forms import DayField

OWN = ("chief", "deputy", "contact", "phone")
"""What a unit's own contact keeps up to date."""


class VillageForm(forms.Form):
    """The name, needs and point of a village; its code is its key and stays."""

    name = forms.CharField(label="名称", max_length=60)
    needs = forms.CharField(
        label="需求专业",
        max_length=200,
        required=False,
        help_text="多个用顿号隔开，例如：种植、电商、水利。分村选队时使用。",
    )
    longitude = forms.DecimalField(
        label="经度",
        max_digits=9,
        decimal_places=6,
        min_value=-180,
        max_value=180,
        required=False,
        help_text="WGS-84，小数，例如 112.095654",
    )
    latitude = forms.DecimalField(
        label="纬度",
        max_digits=8,
        decimal_places=6,
        min_value=-90,
        max_value=90,
        required=False,
        help_text="WGS-84，小数，例如 26.786745",
    )
    wide = {"needs"}

    def clean(self):
        """A point has two numbers."""
        data = super().clean()
        if ("longitude" in data and "latitude" in data) and (data["longitude"] is None) != (data["latitude"] is None):
            missing = "longitude" if data["longitude"] is None else "latitude"
            self.add_error(missing, "经度和纬度要么都填，要么都不填。")
        return data


class StandingForm(forms.Form):
    """村类别 and 村情 from a day on."""

    start = DayField(label="起始日期", help_text="从这一天起按新类别；以前的类别到前一天为止，不会改动。")
    category = forms.ChoiceField(label="村类别", choices=Standing.Category.choices, widget=forms.RadioSelect)
    conditions = forms.MultipleChoiceField(
        label="村情",
        choices=Standing.CONDITIONS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不是就都不选。",
    )

    def clean_conditions(self) -> set[str]:
        """The conditions as a set, as the action takes them."""
        return set(self.cleaned_data["conditions"])


class ContactForm(forms.Form):
    """The people in charge of a unit and how to reach them."""

    chief = forms.CharField(label="主要负责人", max_length=40, required=False)
    deputy = forms.CharField(label="分管负责人", max_length=40, required=False)
    contact = forms.CharField(label="联络员", max_length=40, required=False)
    phone = forms.CharField(label="联系电话", max_length=40, required=False, help_text="单位办公电话或联络员电话。")


class UnitForm(ContactForm):
    """A sending unit; the county is asked for only by those who look after several."""

    groups = (("单位", ("county", "name", "category", "level")), ("负责人和联系方式", OWN))
    name = forms.CharField(label="单位名称", max_length=80, help_text="写全称，导入台账时按名称对应。")
    category = forms.ChoiceField(label="单位类别", choices=Unit.Category.choices)
    level = forms.ChoiceField(label="单位层级", choices=Unit.Level.choices, initial=Unit.Level.COUNTY)

    def __init__(self, *args, counties=None, **kwargs):
        super().__init__(*args, **kwargs)
        if counties is not None and counties.count() > 1:
            self.fields["county"] = forms.ModelChoiceField(counties, label="县")
