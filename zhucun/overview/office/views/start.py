"""Beginning: what to do first in an empty installation."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.directory.actions import add_first_county
from zhucun.base.web.pages import done
from zhucun.overview.office.beginning import steps
from zhucun.overview.office.forms.start import CountyForm

from .gate import needs


@needs("access.account_edit", "access.duty_edit", "directory.edit")
@require_safe
def start(request: Request) -> HttpResponse:
    """The steps from an empty installation to the first ledger, with what is done already."""
    return render(request, "office/start.html", {"title": "开始使用", "steps": steps(request.user, request.today)})


@needs("access.duty_edit")
def county_add(request: Request) -> HttpResponse:
    """Enter the county of a new installation, so that its office can be given its duty."""
    form = CountyForm(request.POST or None)
    if form.is_valid():
        try:
            county = add_first_county(by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, "office:start", f"已登记{county}，现在可以给县驻村办授予职责了。")
    context = {"form": form, "title": "登记本县", "cancel_url": reverse("office:start")}
    return render(request, "web/form_page.html", context)
