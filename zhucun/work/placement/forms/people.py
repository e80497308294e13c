"""Quotas of units, and what is said of somebody put forward."""

from django import forms

from zhucun.base.directory.models import Division, Unit
from zhucun.base.people.models import Person
from zhucun.base.web.forms import PickManyWidget
from zhucun.work.placement.models import Candidate, Quota


class QuotaForm(forms.Form):
    """How many teams a unit may lead, and whose people may join them."""

    capacity = forms.IntegerField(
        label="可牵头工作队（支）", min_value=0, max_value=50, help_text="填 0 表示只出人、不牵头。"
    )
    partners = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label="可联合的单位",
        required=False,
        widget=PickManyWidget("teams:pick_unit", placeholder="输入单位名称查找，可选多个"),
        help_text="这些单位的人可以编入它牵头的工作队。",
    )

    def __init__(self, *args, quota: Quota, **kwargs):
        partners = [] if quota._state.adding else list(quota.partners.all())
        super().__init__(*args, initial={"capacity": quota.capacity, "partners": partners}, **kwargs)
        self.fields["partners"].queryset = Unit.objects.filter(county=quota.round.county_id).exclude(pk=quota.unit_id)


class NewQuotaForm(QuotaForm):
    """A unit that joins the round."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label="请选择")
    field_order = ("unit", "capacity", "partners")

    def __init__(self, *args, quota: Quota, units, **kwargs):
        super().__init__(*args, quota=quota, **kwargs)
        self.fields["unit"].queryset = units


class PutForwardForm(forms.Form):
    """People of one's units, ticked; the reason is needed for those who have a doubt."""

    people = forms.ModelMultipleChoiceField(Person.objects.none(), label="推荐谁")
    reason = forms.CharField(
        label="仍要推荐的理由", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="勾选的人里有疑点的（黄色）才需要写，同一个理由记在他们名下。",
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class CandidateForm(forms.Form):
    """What is said of one person put forward."""

    may_lead = forms.BooleanField(label="可任队长", required=False)
    preference = forms.ModelChoiceField(
        Division.objects.none(),
        label="意愿乡镇",
        required=False,
        empty_label="没有",
        help_text="本人自愿填写，不填不影响选派。",
    )
    spouse = forms.ModelChoiceField(
        Person.objects.none(), label="同批推荐的配偶", required=False, empty_label="没有", help_text="夫妻不同时驻村。"
    )
    reason = forms.CharField(
        label="仍要推荐的理由", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, candidate: Candidate, **kwargs):
        names = ("may_lead", "preference", "spouse", "reason")
        super().__init__(*args, initial={name: getattr(candidate, name) for name in names}, **kwargs)
        county = candidate.round.county_id
        self.fields["preference"].queryset = Division.objects.filter(parent=county)
        others = candidate.round.candidates.exclude(pk=candidate.pk)
        self.fields["spouse"].queryset = Person.objects.filter(pk__in=others.values("person")).order_by("number")
        self.fields["spouse"].label_from_instance = lambda person: f"{person.name} {person.number}"
