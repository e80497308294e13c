"""What somebody says of a placement, and the answer."""

from django import forms


class ObjectionForm(forms.Form):
    """The objection, in one's own words."""

    text = forms.CharField(
        label="我的意见",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明事实和希望，县驻村办会答复。",
    )


class AnswerForm(forms.Form):
    """The county office's answer."""

    answer = forms.CharField(label="答复", max_length=400, widget=forms.Textarea(attrs={"rows": 4}))
