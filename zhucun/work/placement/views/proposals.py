"""Proposals: asking for one, waiting for it, the board of villages and teams, the picture, and lifting locks."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.actions import caretaker
from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.web import pages
from zhucun.base.web.jobs import SILENT_AFTER
from zhucun.base.web.pages import done, refused
from zhucun.base.web.tables import Table
from zhucun.work.placement import board, instance, picture, shortages
from zhucun.work.placement.actions import locks
from zhucun.work.placement.actions import proposals as actions
from zhucun.work.placement.forms.weights import changes_in_words
from zhucun.work.placement.jobs import JOBS
from zhucun.work.placement.models import Lock, Proposal, Round
from zhucun.work.placement.optimiser.reading import document
from zhucun.work.placement.sight import EDIT, may, proposal_seen, whole_round

BOARD_ROWS = 100
DEAD = "计算中断了（可能是服务器重启），没有得到方案。请再算一次。"
SHOWN = {
    "": ("全部", lambda row: True),
    "against": ("不符合对口原则", lambda row: row.bound and not row.follows),
    "explain": ("要写理由", lambda row: row.needs_reason),
    "locked": ("有锁定或排除", lambda row: bool(row.locks)),
    "new": ("全部换新人", lambda row: not row.staying),
}


@login_required
@require_safe
def proposals(request: Request, pk) -> HttpResponse:
    """Every proposal of a round."""
    round = whole_round(request, pk)
    rows = round.proposals.select_related("made_by", "based_on").order_by("-number")
    context = {
        "round": round, "title": "分派方案", "pretitle": str(round), "proposals": rows, "may_edit": round.is_open and may(request, EDIT, round),
        "current_weights": instance.current_weights(round), "locks": round.locks.select_related("village", "unit", "candidate__person", "made_by"),
    }  # fmt: skip
    return render(request, "placement/proposals.html", context)


@login_required
@require_POST
def proposal_ask(request: Request, pk) -> HttpResponse:
    """Compute a proposal; with `based_on` one that moves few people."""
    round = whole_round(request, pk, EDIT)
    base = (
        round.proposals.filter(number=number).first()
        if (number := request.POST.get("based_on", "")).isdecimal() and len(number) < 5
        else None
    )
    return start(request, round, based_on=base, note=f"以{base}为底，少变动" if base else "")


def start(request: Request, round: Round, **facts) -> HttpResponse:
    """Put a proposal down, start its process and go to its page; back to the round with the reason when it is refused."""
    try:
        proposal = actions.ask(round=round, by=request.user, at=request.now, **facts)
    except ValidationError as refusal:
        return refused(request, reverse("placement:round", args=[round.pk]), refusal.messages)
    if not JOBS.told(proposal.pk)["text"]:  # asked for once only
        transaction.on_commit(lambda: JOBS.launch(proposal.pk, "compute", str(request.user.pk)))
    return redirect("placement:proposal", proposal.pk)


@login_required
@require_safe
def proposal(request: Request, pk) -> HttpResponse:
    """A proposal as it stands: being computed, impossible with its reasons, or the board."""
    found = proposal_seen(request, pk)
    if found.is_working and _is_dead(found, request.now):
        actions.give_up(proposal=found, message=DEAD, by=caretaker(), at=request.now)
        found = proposal_seen(request, pk)
    context = {"proposal": found, "round": found.round, "title": str(found), "pretitle": str(found.round)}
    if found.is_working or found.state == Proposal.State.FAILED:
        return render(request, "placement/proposal_waiting.html", context)
    rows, current = board.rows_of(found), instance.current_weights(found.round)
    chosen, town = request.GET.get("show", ""), request.GET.get("township", "")
    shown = [row for row in rows if SHOWN.get(chosen, SHOWN[""])[1](row) and town in ("", row.line.village.township_id)]
    page = max(1, int(number)) if (number := request.GET.get("page", "1")).isdecimal() and len(number) < 5 else 1
    context |= {
        "rows": shown[(page - 1) * BOARD_ROWS : page * BOARD_ROWS], "count": len(shown), "sums": board.sums_of(rows), "page": page,
        "pages": range(1, -(-len(shown) // BOARD_ROWS) + 1), "shown": [(key, label) for key, (label, _) in SHOWN.items()],
        "chosen": chosen, "town": town, "towns": _towns(rows), "may_edit": found.round.is_open and may(request, EDIT, found),
        "findings": _findings(found), "others": found.round.proposals.filter(state=Proposal.State.READY).exclude(pk=found.pk),
        "trial": found.weights != current, "changes": changes_in_words(current, found.weights), "stale": _is_stale(found),
        "unserved": _unserved(found, rows), "shortages": shortages.of(found.round) if found.state == Proposal.State.IMPOSSIBLE else [],
    }  # fmt: skip
    return render(request, "placement/proposal.html", context)


def _is_dead(found: Proposal, now: datetime) -> bool:
    """Whether nobody computes it any more: its process is gone, or never came."""
    told = JOBS.told(found.pk)
    return told["dead"] or (not told["text"] and (now - found.made_at).total_seconds() > SILENT_AFTER)


def _is_stale(found: Proposal) -> bool:
    """Whether needs, quotas, people or locks are others than those it was computed from."""
    return (
        bool(found.basis)
        and found.round.is_open
        and found.basis != instance.build(found.round, found.weights).fingerprint
    )


def _unserved(found: Proposal, rows) -> list:
    """Villages of the round that the proposal leaves without a team, with their township."""
    served = {row.line.village_id for row in rows}
    return [need.village for need in found.round.needs.exclude(village__in=served).select_related("village__township")]


def _towns(rows) -> list:
    return sorted({row.line.village.township for row in rows}, key=lambda town: town.pk)


def _findings(found: Proposal) -> dict:
    """What stands in each other's way, for the page of an impossible proposal."""
    findings = found.findings or {}
    return {"conflicts": findings.get("conflicts", []), "repairs": findings.get("repairs", [])}


@login_required
@require_safe
def proposal_progress(request: Request, pk) -> HttpResponse:
    """How far a proposal is, asked by its page every second."""
    found = proposal_seen(request, pk)
    told = JOBS.told(found.pk)
    over = not found.is_working or _is_dead(found, request.now)
    url = reverse("placement:proposal", args=[found.pk]) if over else ""
    return pages.progress(request, done=told["percent"], total=100, text=told["text"], finished_url=url)


@login_required
@require_safe
def proposal_map(request: Request, pk) -> HttpResponse:
    """The same as a picture: every village a dot, coloured by what one asks."""
    found = proposal_seen(request, pk)
    rows = board.rows_of(found)
    by = request.GET.get("by", "principle")
    context = {
        "proposal": found, "round": found.round, "title": f"{found}：地图", "pretitle": str(found.round),
        "picture": picture.draw(rows, by if by in picture.COLOURS else "principle", found), "by": by, "colours": picture.CHOICES,
    }  # fmt: skip
    return render(request, "placement/map.html", context)


@login_required
@require_safe
def instance_file(request: Request, pk) -> HttpResponse:
    """The round as an instance document (contract.md section 4), to be solved or checked elsewhere with `zhucun place`."""
    round = whole_round(request, pk, EDIT)
    note_export(request, Table("instance", f"分派题目：{round}", ()), round.candidates.count())
    built = instance.build(round, instance.current_weights(round))
    response = JsonResponse(document(built.problem), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = content_disposition_header(True, f"分派题目-{round}.json")
    return response


@login_required
@require_POST
def unlock(request: Request, pk) -> HttpResponse:
    """Lift a lock and go back to where one was."""
    rows = Lock.objects.within(request.user.scope_on(request.today, EDIT)).select_related(
        "round", "village", "unit", "candidate__person"
    )
    row = get_object_or_404(rows, pk=pk)
    back = reverse("placement:proposals", args=[row.round_id])
    words = str(row)
    try:
        locks.unlock(lock=row, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, back, refusal.messages)
    return done(request, back, f"已解除“{words}”，重新计算后起作用。")
