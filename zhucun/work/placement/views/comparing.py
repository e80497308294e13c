"""Weights and what changing one does; two proposals side by side; the other ways it is done, measured beside."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.web import pages
from zhucun.base.web.charts import Chart, Series
from zhucun.base.web.tables import Table
from zhucun.work.placement import alternatives, board, instance, plan, rules
from zhucun.work.placement.forms.weights import WeightsForm, changes_in_words
from zhucun.work.placement.jobs import JOBS
from zhucun.work.placement.models import Candidate, Proposal, Round
from zhucun.work.placement.optimiser import baselines
from zhucun.work.placement.optimiser.result import Team
from zhucun.work.placement.optimiser.scoring import breakdown
from zhucun.work.placement.sight import EDIT, may, proposal_seen, whole_round

from .proposals import start


@login_required
def weights(request: Request, pk) -> HttpResponse:
    """The weights in force, each with its why; changed ones are tried in a proposal of their own."""
    round = whole_round(request, pk)
    current = instance.current_weights(round)
    edit = round.is_open and may(request, EDIT, round)
    form = WeightsForm(request.POST or None, weights=current)
    if request.method == "POST":
        request.user.require(EDIT, request.now, round)
        if form.is_valid():
            words = "，".join(changes_in_words(current, form.weights))
            note = form.cleaned_data["note"] or (f"试算：{words}" if words else "")
            return start(request, round, weights=form.weights, note=note[:120])
    context = {
        "round": round, "form": form, "title": "权重", "pretitle": str(round), "may_edit": edit, "submit": "用这些权重试算",
        "cancel_url": reverse("placement:proposals", args=[pk]),
    }  # fmt: skip
    return render(request, "placement/weights.html", context)


@login_required
@require_safe
def compare(request: Request, pk) -> HttpResponse:
    """Two proposals measured by the same weights: what it gains, who moves, which villages get another unit."""
    found = proposal_seen(request, pk)
    others = found.round.proposals.filter(state=Proposal.State.READY).exclude(pk=pk)
    other = _other(request.GET.get("with", ""), found, others)
    context = {
        "proposal": found,
        "round": found.round,
        "other": other,
        "others": others,
        "title": "方案比较",
        "pretitle": str(found.round),
    }
    if other is None:
        return render(request, "placement/compare.html", context)
    context |= _compared(found, other)
    if request.GET.get("format") != "print":
        return render(request, "placement/compare.html", context)
    context["title"] = f"方案比较：{other}换成{found}"
    context["back_url"] = f"{reverse('placement:compare', args=[pk])}?with={other.number}"
    note_export(request, Table("compare", f"{found.round}{context['title']}", ()), len(context["moves"]))
    return render(request, "placement/compare_print.html", context)


def _numbered(rows: QuerySet[Proposal], number: str) -> QuerySet[Proposal]:
    """The proposal with that number as an address gives it: at most one."""
    return rows.filter(number=number) if number.isdecimal() and len(number) < 5 else rows.none()


def _other(number: str, found: Proposal, others: QuerySet[Proposal]) -> Proposal | None:
    """The one asked for, else the one it came from, else the latest before it, else any."""
    origin = others.filter(pk=found.based_on_id).first() if found.based_on_id else None
    return (
        _numbered(others, number).first()
        or origin
        or others.filter(number__lt=found.number).order_by("-number").first()
        or others.first()
    )


def _compared(found: Proposal, other: Proposal) -> dict:
    built = instance.build(found.round, instance.current_weights(found.round))
    here, there = plan.standing(built, plan.teams_of(found)), plan.standing(built, plan.teams_of(other))
    rows = {"here": board.sums_of(board.rows_of(found)), "there": board.sums_of(board.rows_of(other))}
    return {
        "sums": rows,
        "worth": {"here": alternatives.worth(built, here), "there": alternatives.worth(built, there)},
        "parts": _parts(built, here, there),
        "moves": _moves(built, here, there),
        "changes": changes_in_words(other.weights, found.weights),
        "units": [
            (built.needs[code].village, there[code].unit, here[code].unit, alternatives.worth(built, {code: here[code]}) - alternatives.worth(built, {code: there[code]}))
            for code in sorted(set(here) & set(there)) if here[code].unit != there[code].unit
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Move:
    """Somebody the plans differ about: the villages' names (empty for nowhere), and whether they begin or cease to lead."""

    candidate: Candidate
    old: str
    new: str
    role: str

    @property
    def goes(self) -> bool:
        """Whether they go elsewhere, and do not just begin or cease to lead where they are."""
        return self.old != self.new


def _moves(built: instance.Instance, here: Mapping[str, Team], there: Mapping[str, Team]) -> list[Move]:
    """Who goes elsewhere, begins or ceases to lead, by the village they go to; those left out come last."""
    after, before = plan.where(here), plan.where(there)
    leads, led = ({team.leader for team in teams.values()} for teams in (here, there))
    who = {*plan.moved(there, here), *(leads ^ led)}
    order = sorted(who, key=lambda one: (one not in after, after.get(one, ""), one not in leads, one))
    return [
        Move(
            built.candidates[one],
            built.name(before.get(one, "")),
            built.name(after.get(one, "")),
            "" if (one in leads) == (one in led) else "改任队长" if one in leads else "不再任队长",
        )
        for one in order
    ]


def _parts(built: instance.Instance, here, there) -> list[tuple[str, int, int]]:
    def sums(teams) -> dict[str, int]:
        scores = [breakdown(built.problem, code, team) for code, team in teams.items()]
        return {part: sum(getattr(one, part) for one in scores) for part in rules.PARTS}

    one, two = sums(here), sums(there)
    return [(label, two[part], one[part]) for part, label in rules.PARTS.items()]


@login_required
def others(request: Request, pk) -> HttpResponse:
    """By hand in order, by the rule alone, greedy, pairing, beside a computed proposal (`?with=`); measured on asking."""
    round = whole_round(request, pk)
    rows = round.proposals.filter(state=Proposal.State.READY, by_hand=False, based_on=None).order_by("-number")
    current = instance.current_weights(round)
    best = _numbered(rows, request.GET.get("with", "")).first() or _latest(rows, current)
    if request.method == "POST":
        request.user.require(EDIT, request.now, round)
        if best is not None:
            transaction.on_commit(lambda: JOBS.launch(best.pk, "measure", str(request.user.pk)))
        return redirect(_others_url(round, best))
    context: dict = {
        "round": round, "best": best, "choices": rows, "title": "和其他做法比较", "pretitle": str(round),
        "may_edit": may(request, EDIT, round),
    }  # fmt: skip
    if best is not None:
        measured = bool((best.findings or {}).get("others"))
        context |= {"changes": changes_in_words(current, best.weights)}
        context |= _measured(best) if measured else {"waiting": _is_measuring(best)}
    return render(request, "placement/others.html", context)


def _latest(rows: QuerySet[Proposal], weights: Mapping[str, int]) -> Proposal | None:
    """The first with these weights, else the first."""
    return next((one for one in rows if one.weights == weights), None) or rows.first()


def _others_url(round: Round, best: Proposal | None) -> str:
    url = reverse("placement:others", args=[round.pk])
    return f"{url}?with={best.number}" if best else url


@login_required
@require_safe
def others_progress(request: Request, pk) -> HttpResponse:
    """How far the measuring is."""
    found = proposal_seen(request, pk)
    told = JOBS.told(found.pk)
    over = "" if _is_measuring(found) else _others_url(found.round, found)
    return pages.progress(request, done=told["percent"], total=100, text=told["text"], finished_url=over)


def _is_measuring(proposal: Proposal) -> bool:
    told = JOBS.told(proposal.pk)
    return bool(told["text"]) and not told["dead"] and not (proposal.findings or {}).get("others")


def _measured(best: Proposal) -> dict:
    """The rows with their names, and the chart; the proven bound is 100."""
    known = {key: (way.name, way.sentence) for key, way in baselines.BASELINES.items()}
    known["best"] = (f"系统方案（{best}）", "在所有不违反规定的组合里求最优，并证明离上限多远。")
    top = best.bound or best.objective or 1
    rows = [
        row | {"label": known[row["key"]][0], "sentence": known[row["key"]][1], "share": round(100 * row["value"] / top, 1)}
        for row in best.findings["others"] if row["key"] in known
    ]  # fmt: skip
    values = [Series("得分", [row["share"] for row in rows])]
    return {
        "rows": rows,
        "chart": Chart(
            "各种做法的得分（最优上限 = 100）", [row["label"] for row in rows], values, unit="%", horizontal=True
        ),
    }
