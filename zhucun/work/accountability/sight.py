"""Which cases somebody may see: those of their areas once put to anybody, their own once told to them."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from zhucun.base.access.models import User
from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.people.models import Person
from zhucun.work.inspections.models import Finding
from zhucun.work.teams.models import Posting

from .models import Case

VIEW, OPEN, STATE = "accountability.view", "accountability.open", "accountability.state"
CARRY_OUT, CLOSE = "accountability.carry_out", "accountability.close"
APPEAL, REVIEW = "accountability.appeal", "accountability.review"
TOLD = Q(statement_due__isnull=False) | Q(notified_on__isnull=False) | Q(on__isnull=False)
"""Cases that were put to the person: to be heard, or by notice."""
PATHS = (
    "county",
    "person",
    "unit",
    "township",
    "posting__team__village__township",
    "posting__unit",
    "finding__round",
    "clause__document",
)


def may(request: Request, permission: str, row=None) -> bool:
    """Whether to offer a step on a page."""
    return request.user.may(permission, request.today, row)


def area_of(request: Request, permission: str = VIEW) -> Scope:
    """The areas in which one may do that; refuses with a sentence whoever has none."""
    scope = request.user.scope_on(request.today, permission)
    if not scope:
        raise PermissionDenied("您的账号现在没有办理提醒、约谈、召回的职责。涉及您本人的，请看“我的处理”。")
    return scope


def in_areas(user: User, day) -> Q:
    """Cases of one's areas; drafts, which nobody was told of, only for those who open cases."""
    drafts = user.scope_on(day, OPEN).condition(Case)
    return user.scope_on(day, VIEW).condition(Case) & (~Q(state=Case.State.DRAFT) | drafts)


def own_cases(user: User) -> QuerySet[Case]:
    """Cases about the person whose account this is, once they were told of them; also after the last posting has ended."""
    return Case.objects.filter(TOLD, person__user=user).exclude(state=Case.State.DRAFT).select_related(*PATHS)


def cases_seen(request: Request) -> QuerySet[Case]:
    """Cases of one's areas; refuses whoever has none."""
    area_of(request)
    return Case.objects.filter(in_areas(request.user, request.today)).select_related(*PATHS)


def case_seen(request: Request, pk) -> Case:
    """One case of one's areas, or one's own once told."""
    own = TOLD & ~Q(state=Case.State.DRAFT) & Q(person__user=request.user)
    rows = Case.objects.filter(in_areas(request.user, request.today) | own)
    rows = rows.select_related(*PATHS, "opened_by", "stated_by", "after", "successor__person").prefetch_related(
        "opinions__given_by", "appeals__raised_by", "appeals__answered_by"
    )
    return get_object_or_404(rows, pk=pk)


def finding_for(request: Request, pk) -> Finding:
    """A finding a case may be opened from."""
    rows = Finding.objects.within(area_of(request, OPEN))
    return get_object_or_404(
        rows.select_related(
            "person", "unit", "team__village__township", "round", "visit__village", "presence", "county"
        ),
        pk=pk,
    )


def postings_for(request: Request) -> QuerySet[Posting]:
    """Postings a case may be about."""
    rows = Posting.objects.within(area_of(request, OPEN))
    return rows.select_related("person", "unit", "team__village__township", "team__county")


def oneself(user: User) -> Person | None:
    """The person whose account this is."""
    return Person.objects.filter(user=user).first()
