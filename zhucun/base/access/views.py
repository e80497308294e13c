"""Signing in and out, and changing one's password."""

from urllib.parse import urlsplit

from django.conf import settings
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

    def get_redirect_url(self):
        """Where one wanted to go: a page of this site, and not this page itself."""
        url = super().get_redirect_url()
        return "" if urlsplit(url).path == self.request.path else url

    def form_valid(self, form):
        """Sign in, with an entry in the journal."""
        actions.note_sign_in(by=form.get_user(), at=self.request.now)
        return super().form_valid(form)

    def form_invalid(self, form):
        """An entry for a wrong password; an empty form is none."""
        if form.non_field_errors():
            locked = bool(getattr(self.request, "axes_locked_out", False))
            name = form.data.get("username", "")[:60]
            actions.note_failed_sign_in(username=name, locked=locked, by=actions.NOBODY, at=self.request.now)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs):
        """The demonstration's accounts, where this is one; `site` is ours, not Django's of the same name."""
        context = super().get_context_data(accounts=ShownAccount.objects.select_related("user"), **kwargs)
        del context["site"], context["site_name"]
        return context


class SignOut(LogoutView):
    """Leaving, by a button only."""

    next_page = "access:sign_in"

    def post(self, request, *args, **kwargs):
        """Sign out, with an entry in the journal."""
        if request.user.is_authenticated:
            actions.note_sign_out(idle=False, by=request.user, at=request.now)
        return super().post(request, *args, **kwargs)


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()


def locked_out(request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """What is shown while sign-in is locked after too many wrong passwords."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "tries": settings.AXES_FAILURE_LIMIT}
    return render(request, "access/locked_out.html", context, status=429)


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password, of one's own will or because it is the first one."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.change_password(
                user=request.user, password=form.cleaned_data["new"], by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error("new", refusal)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已经修改，下次请用新密码登录。")
            return redirect("/")
    return render(request, "access/change_password.html", {"form": form, "back": "/"})
