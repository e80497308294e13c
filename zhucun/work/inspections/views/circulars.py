"""督查通报: the list, one circular from draft to receipts, and its files."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.policy import policy
from zhucun.base.policy.site import SitePolicy
from zhucun.base.web.pages import done, refused
from zhucun.base.web.pdf import pdf_response
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.base.web.word import docx_response
from zhucun.work.inspections import circular as papers
from zhucun.work.inspections.actions import circulars as actions
from zhucun.work.inspections.forms.circulars import JudgementForm
from zhucun.work.inspections.models import Circular, Delivery
from zhucun.work.inspections.rules import InspectionsPolicy
from zhucun.work.inspections.sight import DRAFT, RECEIVE, REVIEW, SIGN, circular_seen, circulars_seen, may

TONES = {"draft": "gray", "review": "yellow", "signing": "blue", "issued": "green"}


@login_required
@require_safe
def circulars(request: Request) -> HttpResponse:
    """Circulars within sight, the newest first; addressees read those that were sent to them."""
    rows = circulars_seen(request).annotate(
        sent=Count("deliveries"), received=Count("deliveries", Q(deliveries__received_at__isnull=False))
    )
    context = {"pretitle": "日常管理", "may_draft": may(request, DRAFT)}
    return answer(request, _table(request), rows, template="inspections/circulars.html", context=context, on_export=note_export)  # fmt: skip


def _table(request: Request) -> Table:
    drafts = may(request, DRAFT) or may(request, REVIEW) or may(request, SIGN)
    columns = (
        Column("title", "标题", link=lambda row: reverse("inspections:circular", args=[row.pk]), sort="title", kind="long"),
        Column("number", "期号", lambda row: f"{row.year}年第{row.number}期" if row.number else "", sort=("year", "number")),
        Column("state", "状态", kind="badge", sort="state", tone=lambda row: TONES[row.state]),
        Column("issued_on", "印发日期", kind="date", sort="issued_on"),
        *((Column("receipts", "签收", lambda row: f"{row.received} / {row.sent}" if row.number else ""),
           Column("drafted_by", "起草人", shown=False)) if drafts else ()),
    )  # fmt: skip
    empty = (
        Empty("还没有督查通报", "督查结束后，选几次督查，正文由核查记录自动写成。")
        if drafts
        else Empty("还没有发给您的通报")
    )
    return Table(
        "circulars", "督查通报", columns, order=("-year", F("number").desc(nulls_first=True), "-drafted_at", "pk"), empty=empty,
        filters=(
            Filter("year", "年度", _years, lambda rows, value: rows.filter(year=int(value))),
            *((Filter("state", "状态", Circular.State.choices, lambda rows, value: rows.filter(state=value)),) if drafts else ()),
        ),
        search=("title",), search_hint="标题",
    )  # fmt: skip


def _years(request: Request) -> list[tuple[str, str]]:
    years = circulars_seen(request).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), f"{year}年") for year in years]


@login_required
@require_safe
def circular(request: Request, pk) -> HttpResponse:
    """One circular: its text as it will be printed, how far it is, and who has received it."""
    return _page(request, circular_seen(request, pk))


def _page(request: Request, row: Circular, form: JudgementForm | None = None) -> HttpResponse:
    """The page of a circular, with the form that was refused in place of a fresh one."""
    own = row.drafted_by_id == request.user.pk
    mine = request.user.scope_on(request.today, RECEIVE)
    deliveries = list(row.deliveries.select_related("township", "unit", "received_by"))
    wide = may(request, "inspections.view", row)
    state = row.state
    context = {
        "circular": row, "title": row.title, "pretitle": str(row), "tone": TONES[state], "steps": _steps(row), "wide": wide,
        "document": papers.document_of(row, _office(request, row)), "form": form or JudgementForm(),
        "deliveries": [one for one in deliveries if wide or mine.covers(one)],
        "receivable": [one for one in deliveries if state == "issued" and one.received_at is None and mine.covers(one)],
        "due": row.issued_on and _receipt_due(row), "may_change": state == "draft" and may(request, DRAFT, row), "own": own,
        "may_review": state == "review" and may(request, REVIEW, row), "may_sign": state == "signing" and may(request, SIGN, row),
        "rounds": row.rounds.order_by("held_on") if wide else (),
    }  # fmt: skip
    return render(request, "inspections/circular.html", context)


def _receipt_due(row: Circular):
    return policy.on(row.issued_on, InspectionsPolicy).circular_days


def _steps(row: Circular) -> list[dict]:
    """起草 → 审核 → 签发 → 印发, as `{% steps %}` draws it."""
    order = Circular.State.values
    at = order.index(row.state)
    notes = (
        f"{row.drafted_by} {row.drafted_at:%m-%d}",
        f"{row.reviewed_by} {row.reviewed_at:%m-%d}" if row.reviewed_at else "起草人以外的人审核",
        f"{row.signed_by} {row.signed_at:%m-%d}" if row.signed_at else "县领导签发",
    )
    states = ["done" if n < at else "now" if n == at else "todo" for n in range(3)]
    return [{"label": label, "note": note, "state": state} for label, note, state in zip(("起草", "审核", "签发印发"), notes, states, strict=True)]  # fmt: skip


@login_required
@require_POST
def circular_submit(request: Request, pk) -> HttpResponse:
    """送审."""
    row = circular_seen(request, pk)
    try:
        actions.submit(circular=row, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("inspections:circular", args=[pk]), refusal.messages)
    return done(request, reverse("inspections:circular", args=[pk]), "已送审，由起草人以外的人审核。")


@login_required
@require_POST
def circular_review(request: Request, pk) -> HttpResponse:
    """审核: on to be signed, or back."""
    return _judged(request, pk, actions.review, "已通过审核，送县领导签发。")


@login_required
@require_POST
def circular_sign(request: Request, pk) -> HttpResponse:
    """签发: issued with the year's next number, or back."""
    return _judged(request, pk, actions.sign, "已签发，编了期号，发给主送单位签收。")


def _judged(request: Request, pk, act, said: str) -> HttpResponse:
    row = circular_seen(request, pk)
    form = JudgementForm(request.POST)
    if form.is_valid():
        try:
            act(circular=row, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            return done(
                request,
                reverse("inspections:circular", args=[pk]),
                said if form.cleaned_data["agreed"] else "已退回起草人。",
            )
    return _page(request, circular_seen(request, pk), form)


@login_required
@require_POST
def circular_receive(request: Request, pk) -> HttpResponse:
    """签收 at one addressee."""
    row = get_object_or_404(Delivery.objects.filter(circular__in=circulars_seen(request)), pk=pk)
    try:
        actions.receive(delivery=row, by=request.user, at=request.now)
    except ValidationError as refusal:
        return refused(request, reverse("inspections:circular", args=[row.circular_id]), refusal.messages)
    return done(request, reverse("inspections:circular", args=[row.circular_id]), "已签收。")


@login_required
@require_safe
def circular_file(request: Request, pk, form: str) -> HttpResponse:
    """The circular as a Word file or as PDF; a draft says so on its face."""
    row = circular_seen(request, pk)
    if row.state != Circular.State.ISSUED and not may(request, "inspections.view", row):
        raise PermissionDenied("这份通报还没有印发。")
    document = papers.document_of(row, _office(request, row))
    name = f"{row.title}{'' if row.number else '（草稿）'}"
    if form == "docx":
        return docx_response(document, name)
    try:
        return pdf_response(document, name)
    except ValueError as unprintable:
        return refused(request, reverse("inspections:circular", args=[pk]), [str(unprintable)])


def _office(request: Request, row: Circular) -> str:
    return policy.on(row.issued_on or request.today, SitePolicy, area=row.county_id).host
