"""Opening and closing a team, and the units it is joined of."""

from datetime import date

from django import forms

from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Unit, Village
from zhucun.work.teams.models import Posting

from .fields import UnitField, UnitsField, VillageField, day_field, reason_field


class OpenForm(forms.Form):
    """成立工作队."""

    groups = (("驻点", ("village", "number", "start")), ("单位", ("lead_unit", "partners")))
    village = VillageField(label="驻点村")
    number = forms.CharField(label="工作队编号", max_length=40, help_text="县内不能重复，例如 QD-001。")
    start = day_field("成立日期")
    lead_unit = UnitField(label="牵头单位")
    partners = UnitsField(label="参与单位", required=False, help_text="联合派队时填写；没有就空着。")
    wide = {"village"}

    def __init__(self, *args, scope: Scope, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = Village.objects.within(scope).select_related("township")
        self.fields["lead_unit"].queryset = self.fields["partners"].queryset = Unit.objects.within(scope)
        self.fields["start"].initial = day


class UnitsForm(forms.Form):
    """变更单位."""

    lead_unit = UnitField(label="牵头单位")
    partners = UnitsField(label="参与单位", required=False)
    reason = reason_field("变更理由")
    wide = {"lead_unit"}

    def __init__(self, *args, team, **kwargs):
        super().__init__(
            *args, initial={"lead_unit": team.lead_unit_id, "partners": list(team.partners.all())}, **kwargs
        )
        self.fields["lead_unit"].queryset = self.fields["partners"].queryset = Unit.objects.filter(
            county=team.county_id
        )


class CloseForm(forms.Form):
    """撤销工作队."""

    ENDINGS = ((Posting.Ending.TERM, "期满"), (Posting.Ending.OTHER, "其他"))
    last_day = day_field("最后一天", help_text="含这一天。仍在任的队员同一天离任。")
    ending = forms.ChoiceField(
        label="队员离任方式", choices=ENDINGS, widget=forms.RadioSelect, initial=Posting.Ending.TERM
    )
    reason = reason_field("撤销理由")
