"""职责: granting roles in an area for a time, and taking them away (security administrator)."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access import actions
from zhucun.base.access.models import AREAS, Duty, User
from zhucun.base.access.request import Request
from zhucun.base.timeline.periods import ONE_DAY, end_after
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.base.web.pages import done
from zhucun.overview.office.forms.accounts import DutyEndForm, DutyForm, areas

from .gate import needs

SECURITY = "access.duty_edit"


@needs(SECURITY)
def duty_grant(request: Request, pk) -> HttpResponse:
    """Give an account a role in an area from a day on."""
    user = get_object_or_404(User, pk=pk, is_caretaker=False)
    form = DutyForm(request.POST or None, initial={"start": request.today})
    back = reverse("office:account", args=[pk])
    if form.is_valid():
        fields = form.cleaned_data
        fields["end"] = end_after(fields.pop("last_day"))
        try:
            duty = actions.grant(user=user, by=request.user, at=request.now, **fields)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(
                request,
                back,
                f"已授予“{duty}”，即刻生效。"
                if duty.start <= request.today
                else f"已授予“{duty}”，{duty.start} 生效。",
            )
    context = {
        "form": form,
        "title": "授予职责",
        "pretitle": f"{user.name}（{user.username}）",
        "submit": "授予",
        "cancel_url": back,
    }
    return render(request, "office/plain_form.html", context)


@needs(SECURITY)
def duty_end(request: Request, pk) -> HttpResponse:
    """Take a role away after a last day; from the next request on it is refused."""
    duty = get_object_or_404(Duty.objects.select_related("user", *AREAS), pk=pk)
    form = DutyEndForm(request.POST or None, initial={"last_day": request.today})
    back = reverse("office:account", args=[duty.user_id])
    if form.is_valid():
        last = form.cleaned_data["last_day"]
        try:
            actions.end_duty(duty=duty, end=last + ONE_DAY, by=request.user, at=request.now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, back, f"“{duty}”到 {last} 为止。")
    context = {"form": form, "title": f"收回“{duty}”", "pretitle": duty.user.name, "submit": "收回", "cancel_url": back}
    if duty.source:
        context["intro"] = "这项职责是随任职自动授予的，离任时会自动结束；现在收回只影响这一次。"
    return render(request, "web/form_page.html", context)


@needs(SECURITY)
@require_safe
def pick_area(request: Request) -> HttpResponse:
    """Divisions, units and villages by name or code."""
    term = pick_term(request)
    return pick_options(request, areas(term))
