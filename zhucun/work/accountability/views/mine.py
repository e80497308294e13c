"""我的处理: what somebody is told about themselves, and where they may speak."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.work.accountability.sight import oneself, own_cases
from zhucun.work.accountability.standing import TONES, due_of, waits
from zhucun.work.accountability.steps import appeals_until, turns


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """One's own cases: what is alleged, the clause, until when one may speak, what was decided."""
    if oneself(request.user) is None:
        raise PermissionDenied("您的账号没有对应的驻村人员，没有可以看的内容。")
    rows = list(own_cases(request.user).prefetch_related("opinions", "appeals").order_by("-opened_on", "-number"))
    asked, until = turns(rows), appeals_until(rows)
    cards = [
        {
            "case": row, "tone": TONES[row.state], "waits": waits(row, asked.get(row.pk)), "due": due_of(row),
            "appeal_until": None if row.state in row.VOID else until[row.pk],
            "appealed": any(one.answered_at is None for one in row.appeals.all()),
        }
        for row in rows
    ]  # fmt: skip
    return render(
        request,
        "accountability/mine.html",
        {"title": "我的处理", "pretitle": "提醒、约谈、召回", "cards": cards, "today": request.today},
    )
