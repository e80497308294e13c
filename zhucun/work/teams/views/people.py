"""People: the list, one person's page, registering, putting right, changing from a day on, revealing."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import FilteredRelation, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhucun.base.access.exports import note_export
from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Unit
from zhucun.base.people import actions as people_actions
from zhucun.base.people.models import COLLEGE, SEALED, Person, Record
from zhucun.base.timeline.models import in_force
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.work.teams import actions, acts
from zhucun.work.teams.forms.people import SEALED_LABELS, ChangeForm, CorrectPersonForm, RegisterForm, RevealForm
from zhucun.work.teams.models import Posting, Review, people_seen_by

from . import links
from .roster import ROLE_TONES
from .seen import is_self, manages, may, own_scope, person_seen, scope_of
from .team_page import bar

EDIT = "people.edit"


def _record(person: Person) -> Record | None:
    return next(iter(person.records_now), None)


def _posting(person: Person) -> Posting | None:
    return next(iter(person.postings_now), None)


def _of_record(name: str):
    def read(person: Person):
        record = _record(person)
        display = getattr(record, f"get_{name}_display", None)
        return display() if display else getattr(record, name, None)

    return read


COLUMNS = (
    Column("name", "姓名", sort="name", link=lambda person: links.person(person.pk)),
    Column("number", "人员编号", sort="number"),
    Column("sex", "性别", sort="sex"),
    Column("born", "出生年月", lambda person: f"{person.born:%Y-%m}", sort="born"),
    Column("unit", "派出单位", _of_record("unit"), link=lambda person: links.unit(getattr(_record(person), "unit_id", None))),
    Column("rank", "职级", _of_record("rank"), shown=False),
    Column("political", "政治面貌", _of_record("political")),
    Column("education", "学历", _of_record("education")),
    Column("team", "在任工作队", lambda p: getattr(_posting(p), "team", None), link=lambda p: links.team(getattr(_posting(p), "team_id", None))),
    Column(
        "role", "队内职务", lambda p: getattr(_posting(p), "get_role_display", str)(), kind="badge",
        tone=lambda p: ROLE_TONES.get(getattr(_posting(p), "role", ""), ""),
    ),
    Column("phone", "联系电话", lambda person: person.masked("phone"), shown=False),
    Column("id_number", "身份证号码", lambda person: person.masked("id_number"), shown=False),
)  # fmt: skip

MASKED = {"phone", "id_number"}


@login_required
@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody the reader may see, in post on the day looked at or not."""
    scope = scope_of(request, "people.view")
    rows = _with_day(people_seen_by(scope), scope, request.day)
    may_edit = may(request, EDIT)
    return answer(
        request, _table(request.day, scope, may_edit), rows, template="teams/people.html",
        context={"may_edit": may_edit, "pretitle": "择优选派"}, on_export=note_export,
    )  # fmt: skip


def _with_day(rows: QuerySet[Person], scope: Scope, day: date) -> QuerySet[Person]:
    """Adds the record of the day to filter by, and what the columns read."""
    postings = Posting.objects.on(day).within(scope).select_related("team__village")
    return rows.annotate(record=FilteredRelation("records", condition=in_force(day, "records__"))).prefetch_related(
        Prefetch("records", Record.objects.on(day).select_related("unit"), to_attr="records_now"),
        Prefetch("postings", postings, to_attr="postings_now"),
    )


def _table(day: date, scope: Scope, may_edit: bool) -> Table:
    def posted(rows: QuerySet, value: str) -> QuerySet:
        now = Posting.objects.on(day).values("person")
        return rows.filter(pk__in=now) if value == "yes" else rows.exclude(pk__in=now)

    def educated(rows: QuerySet, value: str) -> QuerySet:
        return (
            rows.filter(record__education__in=COLLEGE) if value == "college" else rows.filter(record__education=value)
        )

    empty = Empty("还没有登记人员", "逐人登记，或者从已有的 Excel 台账导入。", reverse("teams:person_new"), "登记人员")
    return Table(
        "people", "人员", COLUMNS if manages(scope) else tuple(column for column in COLUMNS if column.key not in MASKED),
        filters=(
            Filter("posted", "任职", (("yes", "在任"), ("no", "不在任")), posted),
            Filter("education", "学历", (("college", "大专以上"), *Record.Education.choices), educated),
            Filter("political", "政治面貌", Record.Political.choices, lambda rows, value: rows.filter(record__political=value)),
        ),
        search=("name", "number", "records__unit__name"), search_hint="姓名、人员编号或单位",
        order=("number",), empty=empty if may_edit else Empty("您的查看范围内还没有人员"),
    )  # fmt: skip


@login_required
@require_safe
def person(request: Request, pk) -> HttpResponse:
    """One person: what holds on the day looked at, every record and posting, and for the person who looked at what."""
    who = person_seen(request, pk)
    scope, oneself, day = own_scope(request, "people.view"), is_self(request, who), request.day
    whole = Record.objects.filter(person=who)
    edits, reviews = may(request, EDIT, who), Review.objects.filter(record__person=who)
    postings = (
        Posting.objects.filter(person=who).select_related("team__village__township", "unit", "person").order_by("start")
    )
    seen = postings if oneself else postings.within(scope)
    context = {
        "person": who, "oneself": oneself,
        "tells": oneself or manages(scope), "record": who.record_on(day), "age": who.age_on(day),
        "records": whole.select_related("unit").order_by("-start") if oneself or edits else (),
        "postings": seen, "now": next((p for p in seen if p.holds_on(day)), None),
        "bars": [bar(p, str(p.team.village), links.team(p.team_id)) for p in seen],
        "sealed": [(name, SEALED_LABELS[name], who.masked(name)) for name in SEALED],
        "may_reveal": may(request, "people.reveal", who), "may_edit": edits,
        "reviews": reviews if oneself else reviews.within(own_scope(request, "teams.review_edit")),
        "acts": acts.of_person(who) if oneself or edits else (), "looks": acts.of_looks(who) if oneself else (),
    }  # fmt: skip
    return render(request, "teams/person.html", context | {"title": who.name, "pretitle": f"人员 · {who.number}"})


@login_required
def person_new(request: Request) -> HttpResponse:
    """登记人员."""
    form = RegisterForm(
        request.POST or None, scope=scope_of(request, EDIT), initial={"number": request.GET.get("number")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = people_actions.register(
                county=form.cleaned_data["county"], identity_fields=form.identity_fields, record_fields=form.record_fields,
                by=request.user, at=request.now,
            )  # fmt: skip
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            return done(request, links.person(made.pk), f"{made}已登记，接着可以填写选派审核表或办理到任。")
    context = {
        "form": form,
        "title": "登记人员",
        "pretitle": "择优选派",
        "submit": "登记",
        "cancel_url": reverse("teams:people"),
    }
    return render(request, "web/form_page.html", context)


def add_errors(form, refusal: ValidationError) -> None:
    """Put the sentences of a refused row beside their fields where the form has them, the rest on top."""
    for name, errors in getattr(refusal, "error_dict", {None: refusal}).items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


@login_required
def person_correct(request: Request, pk) -> HttpResponse:
    """更正: it was written down wrongly; the record of the day looked at is put right, postings follow its unit."""
    who = person_seen(request, pk)
    request.user.require(EDIT, request.now, who)
    record = who.record_on(request.day) or who.records.order_by("-start").first()
    form = CorrectPersonForm(
        request.POST or None, person=who, record=record, units=Unit.objects.filter(county=who.county_id)
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.correct_person(
                record=record, identity_fields=form.identity_fields, record_fields=form.record_fields,
                reason=form.cleaned_data["reason"], by=request.user, at=request.now,
            )  # fmt: skip
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            return done(
                request, links.person(pk), "已更正，旧的和新的内容都已留痕。" if changed else "没有改动任何内容。"
            )
    intro = "更正：当初就登记错了，改对以后，过去的统计也按对的重算。情况是后来才变的，请用“变更”。"
    context = {
        "form": form,
        "title": f"更正：{who}",
        "pretitle": f"人员 · {who.number}",
        "submit": "保存更正",
        "intro": intro,
    }
    return render(request, "web/form_page.html", context | {"cancel_url": links.person(pk)})


@login_required
def person_change(request: Request, pk) -> HttpResponse:
    """变更: from a day on something is different; before it nothing changes."""
    who = person_seen(request, pk)
    request.user.require(EDIT, request.now, who)
    last = who.records.order_by("-start").first()
    form = ChangeForm(
        request.POST or None, record=last, day=request.today, units=Unit.objects.filter(county=who.county_id)
    )
    if request.method == "POST" and form.is_valid():
        start = form.cleaned_data["start"]
        try:
            people_actions.change_record(
                person=who, start=start, fields=form.record_fields, by=request.user, at=request.now
            )
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            return done(request, links.person(pk), f"已变更，{start} 起按新的情况计算。")
    intro = "变更：从某一天起情况不同了（提任、取得学历、换了单位），以前的统计不变。当初就登记错了的，请用“更正”。"
    context = {
        "form": form,
        "title": f"变更：{who}",
        "pretitle": f"人员 · {who.number}",
        "submit": "保存变更",
        "intro": intro,
    }
    return render(request, "web/form_page.html", context | {"cancel_url": links.person(pk)})


@login_required
@never_cache
def person_reveal(request: Request, pk) -> HttpResponse:
    """One sensitive column in clear, once, for a stated reason; the reading is written down before it is shown."""
    who = person_seen(request, pk)
    request.user.require("people.reveal", request.now, who)
    form = RevealForm(request.POST or None, initial={"column": request.GET.get("column")})
    context = {
        "form": form,
        "person": who,
        "title": f"查看敏感信息：{who}",
        "pretitle": f"人员 · {who.number}",
        "submit": "查看",
        "cancel_url": links.person(pk),
    }
    if request.method == "POST" and form.is_valid():
        column = form.cleaned_data["column"]
        text = people_actions.reveal(
            person=who, name=column, reason=form.cleaned_data["reason"], by=request.user, at=request.now
        )
        return render(request, "teams/person_revealed.html", context | {"label": SEALED_LABELS[column], "text": text})
    return render(request, "teams/person_reveal.html", context)
