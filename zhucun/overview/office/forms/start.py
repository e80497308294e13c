"""What may be typed in an empty installation."""

from django import forms


class CountyForm(forms.Form):
    """The county the installation is for."""

    name = forms.CharField(label="名称", max_length=60, help_text="例如：祁东县。")
    code = forms.CharField(label="区划代码", max_length=6, help_text="6 位统计用区划代码，例如 430426。")
