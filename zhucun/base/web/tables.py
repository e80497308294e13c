"""Tables: what a room declares about a list, and the one function that answers with it.

`answer` gives the full page, the partial for htmx, a workbook (`?format=xlsx`) or a print view (`?format=print`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from . import table_files
from .listing import Listing
from .table_state import COLUMNS_COOKIE, read_state

PRINT_CAP = 5_000
COOKIE_AGE = 400 * 24 * 3600


@dataclass(frozen=True)
class Column:
    """One column: where its value comes from and how it reads.

    `value` is an attribute path (`"person.name"`, default the key; choices show their label, methods are called)
    or a function of the row. `sort` names ORM fields. `kind` is text, date, number, badge, yesno, long, or name: a text
    that may take a second line where the table is wide.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any] = ""
    sort: str | tuple[str, ...] = ""
    link: Callable[[Any], str] | None = None
    kind: str = "text"
    tone: Callable[[Any], str] | None = None
    shown: bool = True
    wide: bool = False


@dataclass(frozen=True)
class Filter:
    """One drop-down above a table; `apply` narrows the queryset to the chosen value.

    `everything` is how the list reads while nothing is chosen, where that is not simply all rows.
    """

    key: str
    label: str
    choices: Sequence[tuple[str, str]] | Callable[[HttpRequest], Sequence[tuple[str, str]]]
    apply: Callable[[QuerySet, str], QuerySet]
    everything: str = "全部"


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what is missing and what to do next."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""


NOTHING_YET = Empty("这里还没有记录")


@dataclass(frozen=True)
class Table:
    """A list as a room declares it, once, at module level.

    `prepare` is called with the rows of one page (of one chunk in a workbook) to attach what the columns need in a
    bounded number of queries. `paper` names the columns of the printed form, where a screen is not wide enough for them;
    whoever has chosen columns prints those.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] = ()
    search_hint: str = ""
    order: tuple[Any, ...] = ("pk",)
    empty: Empty = NOTHING_YET
    per_page: int = 25
    prepare: Callable[[list], None] | None = None
    paper: tuple[str, ...] = ()


def answer(
    request: HttpRequest,
    table: Table,
    queryset: QuerySet,
    *,
    context: Mapping[str, Any] | None = None,
    template: str = "web/table_page.html",
    filename: str = "",
    on_export: Callable[[HttpRequest, Table, int], None] | None = None,
) -> HttpResponseBase:
    """Answer with `queryset` (already narrowed to what the reader may see) as the list `table`.

    The state lives in GET parameters: q, sort (`key` or `-key`), page, per, cols and each filter's key; wrong values
    are ignored. `on_export(request, table, count)` is called before a workbook or print view is handed out.
    """
    state = read_state(request, table)
    listing = Listing(request, table, state, queryset)
    form = request.GET.get("format")
    if form == "xlsx":
        file, count = table_files.workbook(listing)
        _note(on_export, request, table, count)
        return table_files.download(file, filename or table.title)
    if form == "print":
        listing.load_all(PRINT_CAP)
        _note(on_export, request, table, len(listing.rows))
        return render(request, "web/table_print.html", {**(context or {}), "table": listing, "title": table.title})
    listing.load_page()
    name = "web/_table.html" if _wants_partial(request) else template
    response = render(request, name, {"title": table.title, **(context or {}), "table": listing})
    patch_vary_headers(response, ["HX-Request"])
    if state.remember is not None:
        response.set_cookie(
            COLUMNS_COOKIE + table.name,
            ".".join(state.remember),
            max_age=COOKIE_AGE if state.remember else 0,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response


def _note(on_export, request, table, count):
    if on_export:
        on_export(request, table, count)


def _wants_partial(request: HttpRequest) -> bool:
    """Whether htmx asked for the list itself (not for a whole page in a drawer, nor after “back”)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-Target") != "drawer-body"
    )
