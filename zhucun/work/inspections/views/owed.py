"""乡镇和单位的未办事项: what managers owe, and taking it into the ledger of findings."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division
from zhucun.base.web.pages import done
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.taking_up import take_up
from zhucun.work.inspections.forms.findings import TakeUpForm
from zhucun.work.inspections.models import Finding, Round
from zhucun.work.inspections.owed import Debt, owed
from zhucun.work.inspections.sight import CLOSE, area_of


@login_required
def owing(request: Request) -> HttpResponse:
    """What townships and units owe today; the office ticks what goes into the ledger."""
    scope = Scope(county=area_of(request, CLOSE).county)
    debts, rounds = owed(scope, request.today), _rounds(scope)
    form = TakeUpForm(request.POST or None, rounds=rounds)
    chosen = set(request.POST.getlist("source"))
    if request.method == "POST" and form.is_valid():
        found = [_found(debt) for debt in debts if debt.source in chosen]
        county = get_object_or_404(Division, pk__in=scope.county)
        try:
            made = take_up(
                county=county, round=form.cleaned_data["round"], found=found, by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, f"{reverse('inspections:findings')}?manager=yes", f"{len(made)} 项已列入问题台账。")
    context = {
        "title": "乡镇和单位未办事项",
        "pretitle": "问题台账",
        "debts": debts,
        "form": form,
        "chosen": chosen,
        "open": [one for one in debts if not one.taken],
    }
    return render(request, "inspections/owed.html", context)


def _rounds(scope: Scope) -> QuerySet[Round]:
    """Rounds of method 资料 in which something may still be written down."""
    rows = Round.objects.within(scope).filter(method=Round.Method.PAPERS)
    return rows.filter(state__in=(Round.State.PLANNED, Round.State.UNDERWAY))


def _found(debt: Debt) -> Found:
    due = f"{debt.due.month}月{debt.due.day}日"
    return Found(
        Finding.Kind.OTHER, f"{debt.what}（期限 {due}）", township=debt.township, unit=debt.unit, manager=True, source=debt.source
    )  # fmt: skip
