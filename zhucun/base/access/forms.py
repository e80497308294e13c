"""Signing in and changing one's password."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from .passwords import ZhucunPasswordValidator


class SignInForm(AuthenticationForm):
    """User name and password, with sentences that do not tell which of the two was wrong."""

    error_messages = {
        "invalid_login": "用户名或密码不对。请检查大小写；连续输错 5 次会锁定 30 分钟，可以请系统管理员重设密码。",
        "inactive": "这个账号已经停用，请联系系统管理员。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["username"].error_messages["required"] = "请填写用户名。"
        self.fields["password"].label = "密码"
        self.fields["password"].error_messages["required"] = "请填写密码。"


class ChangePasswordForm(forms.Form):
    """The password in use and the new one, twice."""

    current = forms.CharField(
        label="现在的密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="新密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=ZhucunPasswordValidator().get_help_text(),
    )
    again = forms.CharField(label="再输一次新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        """Both new passwords equal, the current one right."""
        data = super().clean()
        if data.get("current") and not self.user.check_password(data["current"]):
            self.add_error("current", "现在的密码不对，密码没有改变。")
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        if data.get("new") and data["new"] == data.get("current"):
            self.add_error("new", ValidationError("新密码不能和现在的一样。"))
        return data
