"""Signing in and out, and changing one's password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import actions
from .forms import ChangePasswordForm, SignInForm
from .models import ShownAccount


class SignIn(LoginView):
    """The one page for people who are not signed in; a demonstration shows its accounts here."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        """The demonstration's accounts, where this is one."""
        return super().get_context_data(accounts=ShownAccount.objects.select_related("user"), **kwargs)


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()


def locked_out(request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """What is shown while sign-in is locked after too many wrong passwords."""
    return render(request, "access/locked_out.html", status=429)


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password, of one's own will or because it is the first one."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.change_password(user=request.user, password=form.cleaned_data["new"], by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error("new", refusal)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已经修改，下次请用新密码登录。")
            return redirect("/")
    return render(request, "access/change_password.html", {"form": form})
