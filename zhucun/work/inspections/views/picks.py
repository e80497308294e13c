"""What the search-as-you-type boxes of findings ask for: within the counties one inspects."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.directory.models import Unit, Village
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.work.inspections.sight import ENTER, area_of
from zhucun.work.teams.models import Posting

MOST = 21


@login_required
@require_safe
def pick_person(request: Request) -> HttpResponse:
    """People in post by name, number, village or unit."""
    scope, term = area_of(request, ENTER), pick_term(request)
    where = Q(person__name__icontains=term) | Q(person__number__icontains=term)
    where |= Q(team__village__name__icontains=term) | Q(unit__name__icontains=term)
    rows = Posting.objects.on(request.today).within(scope).filter(where)
    rows = rows.select_related("person", "unit", "team__village").order_by("person__number", "pk")[:MOST]
    options = [
        (row.person_id, f"{row.person.name} {row.person.number}", f"{row.team.village}{row.get_role_display()}　{row.unit}")
        for row in rows
    ]  # fmt: skip
    return pick_options(request, options)


@login_required
@require_safe
def pick_village(request: Request) -> HttpResponse:
    """Villages by name, code or township."""
    scope, term = area_of(request, ENTER), pick_term(request)
    where = Q(name__icontains=term) | Q(pk__startswith=term) | Q(township__name__icontains=term)
    rows = Village.objects.within(scope).filter(where).select_related("township")[:MOST]
    return pick_options(request, [(row.pk, f"{row.name}（{row.township}）", row.pk) for row in rows])


@login_required
@require_safe
def pick_unit(request: Request) -> HttpResponse:
    """Units by name."""
    scope, term = area_of(request, ENTER), pick_term(request)
    rows = Unit.objects.within(scope).filter(name__icontains=term)[:MOST]
    return pick_options(request, [(row.pk, row.name, row.get_category_display()) for row in rows])
