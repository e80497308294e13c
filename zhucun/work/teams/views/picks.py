"""What the search-as-you-type boxes ask for."""

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Unit, Village
from zhucun.base.people.models import Person, Record
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.work.teams.models import Posting

from .seen import scope_of

MOST = 21


def candidates(scope: Scope) -> QuerySet[Person]:
    """People who may be posted by somebody with this scope."""
    return Person.objects.within(scope)


@login_required
@require_safe
def pick_person(request: Request) -> HttpResponse:
    """People by name, number or unit, those not in post first, each with unit and where they are now."""
    scope = scope_of(request, "teams.posting_edit")
    term, day = pick_term(request), request.today
    units = Record.objects.on(day).filter(person=OuterRef("pk"), unit__name__icontains=term)
    rows = candidates(scope).filter(Q(name__icontains=term) | Q(number__icontains=term) | Exists(units))
    rows = rows.annotate(busy=Exists(Posting.objects.on(day).filter(person=OuterRef("pk")))).order_by(
        "busy", "number", "pk"
    )
    rows = rows.prefetch_related(
        Prefetch("records", Record.objects.on(day).select_related("unit"), to_attr="records_now"),
        Prefetch("postings", Posting.objects.on(day).select_related("team__village"), to_attr="postings_now"),
    )[:MOST]
    return pick_options(request, [(person.pk, f"{person.name} {person.number}", _note(person)) for person in rows])


def _note(person: Person) -> str:
    unit = person.records_now[0].unit.name if person.records_now else ""
    now = person.postings_now[0] if person.postings_now else None
    return f"{unit}　在任：{now.team.village}{now.get_role_display()}" if now else unit


@login_required
@require_safe
def pick_village(request: Request) -> HttpResponse:
    """Villages by name, code or township."""
    scope, term = _editing(request), pick_term(request)
    rows = Village.objects.filter(county__in=_counties(scope)).select_related("township")
    rows = rows.filter(Q(name__icontains=term) | Q(pk__startswith=term) | Q(township__name__icontains=term))[:MOST]
    return pick_options(request, [(row.pk, f"{row.name}（{row.township}）", row.pk) for row in rows])


@login_required
@require_safe
def pick_unit(request: Request) -> HttpResponse:
    """Units by name."""
    scope, term = scope_of(request, "teams.edit"), pick_term(request)
    rows = Unit.objects.within(scope).filter(name__icontains=term)[:MOST]
    return pick_options(request, [(row.pk, row.name, row.get_category_display()) for row in rows])


def _editing(request: Request) -> Scope:
    """Whoever fills in review sheets picks villages too, a unit's contact among them."""
    return scope_of(request, "teams.review_edit")


def _counties(scope: Scope) -> set:
    units = Unit.objects.filter(pk__in=scope.unit).values_list("county", flat=True)
    return {*scope.county, *units}
