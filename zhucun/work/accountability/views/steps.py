"""Every step of a case: one form, one action, back to the page; what is refused stays typed."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from zhucun.base.access.request import Request
from zhucun.base.web.pages import done
from zhucun.work.accountability.models import Appeal, Case
from zhucun.work.accountability.sight import case_seen

from .cases import case_page
from .offers import STEPS


@login_required
@require_POST
def step(request: Request, pk, name: str) -> HttpResponse:
    """Take one step of a case."""
    row = case_seen(request, pk)
    chosen = STEPS[name]
    form = chosen.fresh(request, row, request.POST)
    if form.is_valid():
        try:
            chosen.act(**_target(row, name), by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("accountability:case", args=[pk]), chosen.said)
    return case_page(request, case_seen(request, pk), name, form)


def _target(row: Case, name: str) -> dict[str, Case | Appeal]:
    """What the step is done to: the case, or the appeal that waits in it (the last one answered, to be told so)."""
    if name != "answer":
        return {"case": row}
    found = row.appeals.filter(answered_at__isnull=True).first() or row.appeals.first()
    if found is None:
        raise ValidationError("这件处理没有申诉。")
    return {"appeal": found}
