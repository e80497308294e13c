"""The home page and the search."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhucun.base.access.permissions import ADMINISTRATORS, Permission, Role
from zhucun.base.access.request import Request
from zhucun.base.notices.todos import waiting_for

from . import home as house
from . import keeping, mine
from .menu import duties_in_words, roles_on
from .search import LISTED, SUGGESTED, find, term

P = Permission


@require_safe
@login_required
def home(request: Request) -> HttpResponse:
    """What somebody needs first thing in the morning, by role."""
    user, today, day = request.user, request.today, request.day
    roles = roles_on(user, today)
    context = {
        "title": f"{house.greeting(request.now)}，{user.name}",
        "weekday": house.weekday(day),
        "roles": roles,
        "duties": duties_in_words(user, today),
        "quick": house.quick_actions(user, today),
        "is_administrator": bool(roles & ADMINISTRATORS) or user.is_installer,
    }
    if context["is_administrator"]:
        return render(request, "desk/administrator.html", context | keeping.of(user, today, request.now))
    if not roles:
        return render(request, "desk/no_duty.html", context | {"cases": mine.cases(user)})
    return render(request, "desk/home.html", context | _at_work(request, roles))


def _at_work(request: Request, roles: frozenset[Role]) -> dict:
    """The blocks of everybody who works with teams, each only where it says something to the role."""
    user, today, day = request.user, request.today, request.day
    found = {
        "todos": waiting_for(user, today),
        "today": today,
        "mine": mine.of(user, today, day),
        "placed": mine.placed(user),
        "cases": mine.cases(user),
        "found": mine.found(user),
    }
    if user.may(P.FIGURES_VIEW, today):
        found |= house.picture(request)
    if Role.TOWNSHIP in roles:
        found["teams"], found["teams_n"] = house.teams_of(house.areas_of(user, today, Role.TOWNSHIP), day)
    if Role.UNIT in roles:
        found["people"], found["people_n"] = house.people_of(house.areas_of(user, today, Role.UNIT), day)
    found["changes"] = house.recent_changes(user.scope_on(today, P.TEAM_VIEW), day)
    if Role.OFFICE in roles and found.get("empty"):
        found["beginning"] = True
    return found


@require_safe
@login_required
def search(request: Request) -> HttpResponse:
    """People, villages, teams and units within sight by what they are called; suggestions while one types."""
    if not any(request.user.may(one, request.today) for one in (P.PERSON_VIEW, P.TEAM_VIEW, P.DIRECTORY_VIEW)):
        raise PermissionDenied("您的账号没有可以查找的内容。如果确实需要，请联系安全管理员核对职责。")
    text, typing = term(request.GET.get("q", "")), request.headers.get("HX-Request") == "true"
    found = find(text, request.user, request.today, request.day, SUGGESTED if typing else LISTED)
    context = {"title": f"查找“{text}”" if text else "查找", "text": text, "found": found, "search_q": text}
    return render(request, "desk/_suggestions.html" if typing else "desk/search.html", context)
