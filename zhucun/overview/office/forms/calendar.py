"""What may be typed about a day of the calendar."""

from django import forms

from zhucun.base.timeline.models import CalendarDay


class DayForm(forms.Form):
    """What a day is, and what it is called."""

    kind = forms.ChoiceField(label="类型", choices=CalendarDay.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label="说明", max_length=40, required=False, help_text="例如：春节、国庆节调休、县里统一安排。"
    )
