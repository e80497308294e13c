"""What a person says against a mark of their own, and the answer."""

from django import forms

from zhucun.work.attendance.rules import OUT, SYMBOLS

MARKS = tuple((symbol, f"{symbol} {meaning}") for symbol, meaning in SYMBOLS.items() if symbol != OUT)


class ObjectionForm(forms.Form):
    """One day, or the whole month, in one's own words."""

    wanted = forms.ChoiceField(label="应当记为", choices=(("", "请选择"), *MARKS))
    text = forms.CharField(
        label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清当天在哪里、做什么、谁知道。不用上传照片。",
    )  # fmt: skip

    def __init__(self, *args, whole: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if whole:
            del self.fields["wanted"]


class AnswerForm(forms.Form):
    """The township's answer."""

    upheld = forms.TypedChoiceField(
        label="结论", choices=(("True", "采纳"), ("False", "不采纳")), coerce=lambda text: text == "True", widget=forms.RadioSelect
    )  # fmt: skip
    text = forms.CharField(
        label="答复", max_length=190, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明核对了什么，本人会看到。"
    )
