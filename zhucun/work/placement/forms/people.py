"""Quotas of units, and what is said of somebody put forward."""

from django import forms
from django.db.models import Q

from zhucun.base.directory.models import Division, Unit
from zhucun.base.people.models import Person
from zhucun.base.web.forms import PickManyWidget, WholeField
from zhucun.work.placement.models import Candidate, Quota


class QuotaForm(forms.Form):
    """How many teams a unit may lead, and whose people may join them."""

    capacity = WholeField(0, 50, label="可牵头工作队（支）", help_text="填 0 表示只出人、不牵头。")
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
    spouse = forms.CharField(
        label="同批推荐的配偶",
        max_length=40,
        required=False,
        help_text="没有就空着；写姓名，重名的写人员编号。夫妻不同时驻村。",
    )
    reason = forms.CharField(
        label="仍要推荐的理由", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, candidate: Candidate, **kwargs):
        names = ("may_lead", "preference", "spouse", "reason")
        super().__init__(*args, initial={name: getattr(candidate, name) for name in names}, **kwargs)
        self.candidate = candidate
        self.fields["preference"].queryset = Division.objects.filter(parent=candidate.round.county_id)

    def clean_spouse(self) -> Person | None:
        """The one other candidate of the round with this name or number; nobody's list is shown for it."""
        text = self.cleaned_data["spouse"].strip()
        if not text:
            return None
        others = Person.objects.filter(pk__in=self.candidate.round.candidates.values("person"))
        found = list(others.filter(Q(number=text) | Q(name=text)).exclude(pk=self.candidate.person_id)[:2])
        if len(found) != 1:
            many = (
                "这一批里有几个人叫这个名字，请写人员编号。"
                if found
                else "这一批的推荐人选里没有这个人，请核对姓名或编号。"
            )
            raise forms.ValidationError(many)
        return found[0]
