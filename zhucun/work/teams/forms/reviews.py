"""选派审核表: facts, and the five standards each with its grounds."""

from datetime import date

from django import forms

from zhucun.base.directory.models import Village
from zhucun.base.people.models import Record
from zhucun.work.teams.models import Review, Standard

from .fields import VillageField, day_field, yes_no_field

FACTS = (
    "reviewed_on", "on_staff", "appraisal_last", "appraisal_before", "home_village", "relatives_in",
    "spouse_posted", "under_discipline", "healthy", "opinion",
)  # fmt: skip


class ReviewForm(forms.Form):
    """The whole sheet on one page."""

    groups = (
        ("基本情况", ("reviewed_on", "on_staff", "appraisal_last", "appraisal_before", "under_discipline", "healthy")),
        ("回避", ("home_village", "relatives_in", "spouse_posted")),
        ("五条标准", tuple(f"{part}_{standard}" for standard in Standard.values for part in ("met", "grounds"))),
        ("意见", ("opinion",)),
    )
    reviewed_on = day_field("审核日期")
    on_staff = yes_no_field("在编在岗")
    appraisal_last = forms.ChoiceField(label="上一年度考核", choices=(("", "请选择"), *Review.Appraisal.choices))
    appraisal_before = forms.ChoiceField(label="前一年度考核", choices=(("", "请选择"), *Review.Appraisal.choices))
    home_village = VillageField(label="本人老家所在村", required=False, help_text="不在本县就空着。")
    relatives_in = VillageField(label="近亲属任村“两委”的村", required=False, help_text="没有就空着。")
    spouse_posted = yes_no_field("配偶正在驻村")
    under_discipline = yes_no_field("在试用期或处分影响期内")
    healthy = yes_no_field("身体能够胜任驻村工作")
    opinion = forms.CharField(
        label="审核意见", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, record: Record, before: Review | None, day: date, **kwargs):
        super().__init__(*args, initial=_before(before) | {"reviewed_on": day}, **kwargs)
        villages = Village.objects.filter(county=record.person.county_id).select_related("township")
        self.fields["home_village"].queryset = self.fields["relatives_in"].queryset = villages
        for standard, label in Standard.choices:
            met = ((True, "符合"), (False, "不符合"))
            self.fields[f"met_{standard}"] = forms.TypedChoiceField(
                label=label, choices=met, coerce=lambda text: text == "True", widget=forms.RadioSelect
            )
            self.fields[f"grounds_{standard}"] = forms.CharField(label=f"{label}的依据", max_length=200, required=False)

    def clean(self):
        """Grounds for every standard that is not met."""
        data = super().clean()
        for standard in Standard.values:
            if data.get(f"met_{standard}") is False and not data.get(f"grounds_{standard}", "").strip():
                self.add_error(f"grounds_{standard}", "不符合的要写明依据。")
        return data

    @property
    def facts(self) -> dict:
        """The columns of the sheet."""
        return {name: self.cleaned_data[name] for name in FACTS}

    @property
    def judgements(self) -> dict[str, tuple[bool, str]]:
        """Each standard with (met, grounds)."""
        data = self.cleaned_data
        return {standard: (data[f"met_{standard}"], data[f"grounds_{standard}"]) for standard in Standard.values}


def _before(review: Review | None) -> dict:
    """What the last sheet said, so that nothing is asked twice."""
    if review is None:
        return {}
    kept = {name: getattr(review, name) for name in FACTS}
    for judgement in review.judgements.all():
        kept[f"met_{judgement.standard}"], kept[f"grounds_{judgement.standard}"] = judgement.met, judgement.grounds
    return kept
