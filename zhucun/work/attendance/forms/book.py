"""What may be asked of the printer."""

from django import forms

from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.roster import month_named


class PrintForm(forms.Form):
    """Month or year, with cover and daily pages or without, as one PDF or a ZIP with one PDF a team; `only` names one team."""

    WHOLE_YEAR = "year"

    month = forms.CharField(widget=forms.HiddenInput)
    township = forms.CharField(required=False, widget=forms.HiddenInput)
    only = forms.UUIDField(required=False, widget=forms.HiddenInput)
    span = forms.ChoiceField(
        label="印哪些月", choices=(("month", "这个月"), (WHOLE_YEAR, "全年 12 个月")), required=False
    )
    cover = forms.BooleanField(label="加封面和填写说明", required=False)
    daily = forms.BooleanField(label="加日页（每人每天一行）", required=False)
    kind = forms.ChoiceField(choices=(("pdf", "PDF"), ("zip", "ZIP")), required=False, widget=forms.HiddenInput)

    def clean_month(self) -> Period:
        """The month; a sentence for anything else."""
        try:
            return month_named(self.cleaned_data["month"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None

    @property
    def months(self) -> list[str]:
        """The months to print, as the contract writes them."""
        month: Period = self.cleaned_data["month"]
        if self.cleaned_data["span"] != self.WHOLE_YEAR:
            return [month.name]
        return [f"{month.start.year}-{number:02}" for number in range(1, 13)]
