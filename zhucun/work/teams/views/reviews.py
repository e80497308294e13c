"""选派审核表: who has a valid one, filling one in, printing it."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.people.models import Record
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import months_after
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.teams import actions
from zhucun.work.teams.eligibility import latest_review
from zhucun.work.teams.forms.reviews import ReviewForm
from zhucun.work.teams.models import Posting, Review, Standard
from zhucun.work.teams.rules import TeamsPolicy

from . import links
from .seen import record_seen, scope_of

STATES = {"valid": ("有效", "green"), "expired": ("已过期", "yellow"), "none": ("没有", "gray")}
EMPTY = Empty("还没有可以审核的人员", "先登记人员，再填写选派审核表。")


@login_required
@require_safe
def reviews(request: Request) -> HttpResponse:
    """People of the area with and without a valid sheet on the day looked at."""
    scope = scope_of(request, "teams.review_edit")
    rows = with_state(Record.objects.on(request.day).within(scope), request.day).select_related("person", "unit")
    context = {"pretitle": "择优选派", "months": policy.on(request.day, TeamsPolicy).review_months}
    return answer(request, TABLE, rows, template="teams/reviews.html", context=context, on_export=note_export)


def with_state(records: QuerySet[Record], day: date) -> QuerySet[Record]:
    """Adds the last sheet's day, whether it still holds on `day`, and whether the person is in post."""
    since = months_after(day, -policy.on(day, TeamsPolicy).review_months)
    last = Review.objects.filter(record__person=OuterRef("person"), reviewed_on__lte=day).order_by("-reviewed_on")
    state = Case(
        When(reviewed_on=None, then=Value("none")), When(reviewed_on__gte=since, then=Value("valid")), default=Value("expired"),
        output_field=CharField(),
    )  # fmt: skip
    busy = Posting.objects.on(day).filter(person=OuterRef("person"))
    return records.annotate(reviewed_on=Subquery(last.values("reviewed_on")[:1]), busy=Exists(busy)).annotate(
        state=state
    )


TABLE = Table(
    "reviews", "选派审核表",
    columns=(
        Column("name", "姓名", "person.name", sort="person__name", link=lambda row: reverse("teams:review", args=[row.pk])),
        Column("number", "人员编号", "person.number", sort="person__number"),
        Column("unit", "派出单位", "unit.name", sort="unit__name", link=lambda row: links.unit(row.unit_id)),
        Column("rank", "职级", shown=False),
        Column("political", "政治面貌"),
        Column("busy", "在任", kind="yesno"),
        Column("reviewed_on", "最近审核日期", sort="reviewed_on", kind="date"),
        Column("state", "审核表", lambda row: STATES[row.state][0], kind="badge", tone=lambda row: STATES[row.state][1]),
    ),
    filters=(
        Filter("state", "审核表", [(key, label) for key, (label, _) in STATES.items()], lambda rows, value: rows.filter(state=value)),
        Filter("busy", "在任", (("yes", "在任"), ("no", "不在任")), lambda rows, value: rows.filter(busy=value == "yes")),
    ),
    search=("person__name", "person__number", "unit__name"), search_hint="姓名、人员编号或单位",
    order=(F("reviewed_on").asc(nulls_first=True), "person__number"), empty=EMPTY,
)  # fmt: skip


@login_required
def review(request: Request, pk) -> HttpResponse:
    """The sheet of one person: starts from the last one, so that nothing is asked twice; printed with `?format=print`."""
    record = record_seen(request, pk)
    last = latest_review(record.person, request.today)
    if request.GET.get("format") == "print":
        return _paper(request, record, last)
    form = ReviewForm(request.POST or None, record=record, before=last, day=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.fill_review(
                record=record, fields=form.facts, judgements=form.judgements, by=request.user, at=request.now
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return done(
                request,
                reverse("teams:review", args=[pk]),
                f"{record.person}的选派审核表已保存，可以在下面上传佐证材料或打印。",
            )
    context = {
        "form": form, "record": record, "review": last, "title": f"选派审核表：{record.person}", "pretitle": str(record.unit),
        "submit": "保存审核表", "cancel_url": reverse("teams:reviews"), "age": record.person.age_on(request.today),
    }  # fmt: skip
    return render(request, "teams/review.html", context)


def _paper(request: Request, record: Record, last: Review | None) -> HttpResponse:
    """The sheet for signing; blank where nothing was filled in yet."""
    judged = {judgement.standard: judgement for judgement in last.judgements.all()} if last else {}
    context = {
        "record": record, "review": last, "title": "驻村干部选派审核表", "age": record.person.age_on(request.today),
        "standards": [(label, judged.get(standard)) for standard, label in Standard.choices],
    }  # fmt: skip
    return render(request, "teams/review_paper.html", context)
