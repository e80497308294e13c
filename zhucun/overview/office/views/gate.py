"""What every view here asks first: the right, with its sentence when it is missing."""

from dataclasses import replace
from functools import wraps

from django.contrib.auth.decorators import login_required

from zhucun.base.access.request import Request
from zhucun.base.web.tables import Column, Table


def needs(*permissions: str):
    """The view is for whoever holds one of the permissions today; others get 403 with the sentence of the first."""

    def decorate(view):
        @login_required
        @wraps(view)
        def asked(request: Request, *args, **kwargs):
            if not any(request.user.may(permission, request.today) for permission in permissions):
                request.user.require(permissions[0], request.now)
            return view(request, *args, **kwargs)

        return asked

    return decorate


def with_verbs(request: Request, table: Table, *verbs: Column) -> Table:
    """The table with columns of things to do, on the page only: paper and workbooks hold facts."""
    return table if request.GET.get("format") else replace(table, columns=table.columns + verbs)
