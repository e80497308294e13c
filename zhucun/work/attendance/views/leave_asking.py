"""Asking for leave on a phone, recording a paper slip, and what either would mean while the form is filled in."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.base.web.pages import done
from zhucun.work.attendance import ladder, slips
from zhucun.work.attendance.actions import leaves as actions
from zhucun.work.attendance.forms.leaves import AskForm, RecordForm, SlipForm
from zhucun.work.attendance.models import Leave
from zhucun.work.attendance.rules import LONGEST_LEAVE
from zhucun.work.attendance.sight import ASK, RECORD, leave_seen, may
from zhucun.work.teams.models import Posting

MOST = 21
NOTICES = " ".join(Leave.NOTICES)


def _own_posting(request: Request) -> Posting:
    rows = Posting.objects.on(request.today).filter(person__user=request.user)
    posting = rows.select_related("person", "unit", "team__village__township", "team__county").first()
    if posting is None or not may(request, ASK, posting.team):
        raise PermissionDenied("请假报备由在任的驻村工作队员提出；代办请由乡镇按纸质单子登记。")
    return posting


def _extended(request: Request) -> Leave | None:
    """The leave of one's own that `?extends=` names."""
    asked = request.GET.get("extends", "")
    try:
        return leave_seen(request, UUID(asked)) if asked else None
    except ValueError:
        return None


@login_required
def leave_ask(request: Request) -> HttpResponse:
    """Ask for leave or give notice, a few lines on a phone; who will decide is shown at once."""
    posting, extends = _own_posting(request), _extended(request)
    form = AskForm(request.POST or None, day=request.today, extends=extends)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            leave = actions.ask(posting=posting, first=data["first"], last=data["last"], fields=form.facts, extends=extends,
                                by=request.user, at=request.now)  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(request, reverse("attendance:leave", args=[leave.pk]), _asked(leave, request))
    context = {
        "form": form, "posting": posting, "title": "续假" if extends else "请假 / 报备", "pretitle": str(posting.team), "submit": "提交",
        "cancel_url": reverse("attendance:leaves"), "check_url": reverse("attendance:leave_check"), "extends": extends,
        "check": _check(request, posting, form), "watched": "[name='kind'], [name='first'], [name='last']",
        "notices": NOTICES, "mates": _mates(posting, request.today),
    }  # fmt: skip
    return render(request, "attendance/leave_form.html", context)


def _mates(posting: Posting, day: date) -> list[str]:
    """Names of the others in the team, who may stand in."""
    rows = Posting.objects.on(day).filter(team=posting.team_id).exclude(person=posting.person_id)
    return list(rows.order_by("start", "pk").values_list("person__name", flat=True))


def _asked(leave: Leave, request: Request) -> str:
    turn = ladder.next_level(leave, request.today)
    return f"已提交，编号 {leave.number}，等{Leave.Approver(turn).label}办理。"


def _check(request: Request, posting: Posting | None, form: SlipForm) -> slips.Check | None:
    """What the slip would mean as far as it is filled in; before anything was sent, as it stands in the form."""
    data = getattr(form, "cleaned_data", None) or {}
    kind, first, last = (data.get(name) for name in ("kind", "first", "last"))
    if posting is None or not (kind and first and last) or not first <= last <= first + LONGEST_LEAVE * ONE_DAY:
        return None
    return slips.check(posting=posting, kind=kind, first=first, last=last, by=request.user, at=request.now)


@login_required
@require_safe
def leave_check(request: Request) -> HttpResponse:
    """Who will decide and how many days were used, while the form is filled in: one's own, or `person` when recording."""
    form: SlipForm
    if "recording" in request.GET:
        form = recording = _record_form(request, request.GET)
        form.is_valid()
        posting = recording.posting
    else:
        form, posting = SlipForm(request.GET), _own_posting(request)
        form.is_valid()
    wrong = [sentence for name in ("first", "last") if form.data.get(name) for sentence in form.errors.get(name, ())]
    context = {"check": _check(request, posting, form), "wrong": wrong, "recording": "recording" in request.GET}
    return render(request, "attendance/_leave_check.html", context)


def _recordable(request: Request) -> QuerySet[Posting]:
    scope = request.user.scope_on(request.today, RECORD)
    if not scope:
        raise PermissionDenied("登记纸质请假条由乡镇或县驻村办办理。")
    return Posting.objects.within(scope).select_related("person", "unit", "team__village__township", "team__county")


def _record_form(request: Request, data=None) -> RecordForm:
    postings = _recordable(request)
    people = Person.objects.filter(Exists(postings.filter(person=OuterRef("pk"))))
    known = {name: request.GET[name] for name in ("person", "kind", "first", "last") if name in request.GET}
    approved = known.get("first") or request.today
    return RecordForm(data, people=people, postings=postings, initial={"approved_on": approved} | known)


def record_url(person: UUID, kind: str, first: date, last: date, back: str) -> str:
    """Where a slip on paper is written down, with what is known of it filled in."""
    asked = {"person": person, "kind": kind, "first": first, "last": last, "next": back}
    return f"{reverse('attendance:leave_record')}?{urlencode(asked)}"


def _next(request: Request) -> str:
    """Where one came from, if that is a page of ours; empty for who came from nowhere in particular."""
    asked = request.GET.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else ""


def _further(back: str) -> str:
    """A fresh form for the next slip, which still knows the way back."""
    return reverse("attendance:leave_record") + (f"?{urlencode({'next': back})}" if back else "")


@login_required
def leave_record(request: Request) -> HttpResponse:
    """Write down a slip that was approved on paper; the address may say whose and when, and where to go on (`next`)."""
    form, back, all_slips = _record_form(request, request.POST or None), _next(request), reverse("attendance:leaves")
    if request.method == "POST" and form.is_valid() and form.posting is not None:
        data = form.cleaned_data
        try:
            leave = actions.record(posting=form.posting, first=data["first"], last=data["last"], fields=form.facts,
                                   level=data["level"], approved_on=data["approved_on"], returned_on=data["returned_on"],
                                   by=request.user, at=request.now)  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            said = f"{leave.person}的{leave.get_kind_display()}已登记，编号 {leave.number}。"
            return done(request, _further(back) if "more" in request.POST else back or all_slips, said)
    context = {
        "form": form, "title": "登记纸质请假条、报备单", "pretitle": "请假报备", "submit": "登记", "cancel_url": back or all_slips, "returns": bool(back),
        "check_url": f"{reverse('attendance:leave_check')}?recording=1", "recording": True,
        "check": _check(request, form.posting, form), "watched": "[name='person'], [name='kind'], [name='first'], [name='last']",
        "notices": NOTICES,
    }  # fmt: skip
    return render(request, "attendance/leave_form.html", context)


@login_required
@require_safe
def pick_person(request: Request) -> HttpResponse:
    """People in post (or who were, for a late paper) by name, number, village or unit."""
    term = pick_term(request)
    where = Q(person__name__icontains=term) | Q(person__number__icontains=term)
    where |= Q(team__village__name__icontains=term) | Q(unit__name__icontains=term)
    rows = _recordable(request).filter(where).order_by("-start", "person__number")
    latest: dict = {}
    for posting in rows[: 3 * MOST]:
        latest.setdefault(posting.person_id, posting)
    options = [
        (one.person_id, f"{one.person.name} {one.person.number}", f"{one.team} {one.get_role_display()}")
        for one in latest.values()
    ]
    return pick_options(request, options[:MOST])
