"""One slip: where it stands, who signed, what is done with it, and its paper."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.request import Request
from zhucun.base.web.pages import done
from zhucun.work.attendance import ladder, slips
from zhucun.work.attendance.actions import leaves as actions
from zhucun.work.attendance.forms.leaves import DecisionForm, ReturnForm, WithdrawForm
from zhucun.work.attendance.models import Leave
from zhucun.work.attendance.sight import admit, knows_why, leave_seen
from zhucun.work.attendance.slips import TONES


@login_required
@require_safe
def leave(request: Request, pk) -> HttpResponse:
    """One slip: where it stands, who signed, what may be done with it."""
    return _page(request, leave_seen(request, pk))


def _page(request: Request, row: Leave, **forms) -> HttpResponse:
    """The page of a slip, with the forms that were refused in place of fresh ones."""
    found = slips.stand(row, by=request.user, at=request.now)
    context = {
        "leave": row, "stand": found, "title": f"{row.person} {row.get_kind_display()}", "pretitle": f"{row.posting.team}　{row.number}",
        "tone": TONES[row.status], "knows_why": knows_why(request) or found.own, "person_url": reverse("teams:person", args=[row.person_id]),
        "decision": DecisionForm(leave=row, initial={"turn": found.ladder.turn}), "back": ReturnForm(initial={"returned_on": request.today}),
        "withdrawal": WithdrawForm(own=found.own),
    } | forms  # fmt: skip
    offered = {"decision": found.may_decide, "back": found.may_return, "withdrawal": found.may_withdraw}
    context["refused"] = [sentence for name, form in forms.items() if not offered[name] for sentence in _told(form)]
    return render(request, "attendance/leave.html", context)


def _told(form: Form) -> list[str]:
    """What was wrong with a form that the page does not show any more, since the slip has moved on meanwhile."""
    return [message for errors in form.errors.as_data().values() for error in errors for message in error.messages]


def _done_with(request: Request, row: Leave, said: str) -> HttpResponse:
    return done(request, reverse("attendance:leave", args=[row.pk]), said)


@login_required
@require_POST
def leave_decide(request: Request, pk) -> HttpResponse:
    """Agree or refuse."""
    row = leave_seen(request, pk)
    form = DecisionForm(request.POST, leave=row)
    if form.is_valid():
        try:
            row = actions.decide(leave=row, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            row = leave_seen(request, pk)
        else:
            turn = ladder.next_level(row, request.today)
            waits = f"，接下来等{Leave.Approver(turn).label}办理" if turn else ""
            return _done_with(
                request,
                row,
                f"{row.person}的{row.get_kind_display()}{row.get_status_display() if not turn else '已签意见'}{waits}。",
            )
    return _page(request, row, decision=form)


@login_required
@require_POST
def leave_return(request: Request, pk) -> HttpResponse:
    """销假."""
    row = leave_seen(request, pk)
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            row = actions.give_back(leave=row, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            row = leave_seen(request, pk)
        else:
            return _done_with(request, row, f"已销假，{row.start} 至 {row.until}，共 {row.days} 天。")
    return _page(request, row, back=form)


@login_required
@require_POST
def leave_withdraw(request: Request, pk) -> HttpResponse:
    """撤回."""
    row = leave_seen(request, pk)
    form = WithdrawForm(request.POST, own=row.person.user_id == request.user.pk)
    if form.is_valid():
        try:
            actions.withdraw(leave=row, reason=form.cleaned_data.get("reason", ""), by=request.user, at=request.now)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            row = leave_seen(request, pk)
        else:
            return _done_with(request, row, "已撤回。")
    return _page(request, row, withdrawal=form)


@login_required
@require_safe
def leave_slip(request: Request, pk) -> HttpResponse:
    """The 请假条 or 报备单 on A4: signatures empty where nobody has signed yet, so that paper may come first."""
    row = leave_seen(request, pk)
    if not (knows_why(request) or row.person.user_id == request.user.pk):
        raise PermissionDenied("请假条由本人、乡镇、派出单位或县驻村办打印。")
    return render(
        request, "attendance/leave_slip.html", {"slip": slips.paper(row, request.today), "title": slips.title(row)}
    )


@login_required
@require_safe
def slip_blank(request: Request) -> HttpResponse:
    """An empty form of either kind, to be written by hand and recorded afterwards."""
    admit(request)
    sort = "notice" if request.GET.get("kind") == "notice" else "leave"
    return render(request, "attendance/leave_slip.html", {"slip": slips.blank(sort), "title": slips.TITLES[sort]})
