"""What may be put right in a confirmed month."""

from django import forms

from zhucun.work.attendance.days import meaning_of
from zhucun.work.attendance.models import PersonMonth
from zhucun.work.attendance.rules import OUT

from .objections import MARKS


class CorrectionForm(forms.Form):
    """Which day, what it should say, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    day = forms.TypedChoiceField(label="哪一天", coerce=int)
    new = forms.ChoiceField(label="更正为", choices=(("", "请选择"), *MARKS))
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明依据，本人和派出单位会看到。",
    )

    def __init__(self, *args, month: PersonMonth, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [
            (number, f"{month.start.month}月{number}日　现在记为 {symbol} {meaning_of(symbol)}")
            for number, symbol in enumerate(month.marks, start=1)
            if symbol != OUT
        ]
        self.fields["day"].choices = [("", "请选择"), *choices]
