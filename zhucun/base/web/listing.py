"""A table bound to a reader's wishes and a queryset: rows, headers, pager and sentences for the templates."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import F, OrderBy, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from .cells import Cell, cell
from .table_state import PER_CHOICES, State

if TYPE_CHECKING:
    from .tables import Table

CHUNK = 2_000


@dataclass(frozen=True)
class Head:
    """A column's header: its label, where a click on it leads, and how it is sorted now."""

    key: str
    label: str
    css: str
    query: str
    aria: str


@dataclass(frozen=True)
class Row:
    """One row: the object and its cells."""

    object: Any
    cells: list[Cell]
    linked: bool = True

    @property
    def markup(self) -> SafeString:
        """Its cells as HTML."""
        # every cell escapes what it was given
        return mark_safe("".join(cell.markup(self.linked) for cell in self.cells))  # noqa: S308


class Listing:
    """What `web/_table.html` shows. Made by `tables.answer`."""

    def __init__(self, request: HttpRequest, table: "Table", state: State, queryset: QuerySet):
        self.request, self.table, self.state = request, table, state
        self.queryset = _ordered(_narrowed(queryset, table, state), table, state)
        self.rows: list[Row] = []
        self.count = 0
        self.page = 1
        self.cut = self.on_paper = False

    # -- loading ---------------------------------------------------------------------------------------------------

    def load_page(self) -> None:
        """Count, then fetch the page asked for (the last one when there are fewer)."""
        self.count = self.queryset.count()
        self.page = min(self.state.page, self.pages)
        start = (self.page - 1) * self.state.per
        self.rows = self._made(list(self.queryset[start : start + self.state.per]))

    def load_all(self, cap: int) -> None:
        """Fetch every row up to `cap` for paper; `cut` tells whether rows were left out."""
        self.on_paper = True
        self.count = self.queryset.count()
        self.cut = self.count > cap
        self.rows = self._made(list(self.queryset[:cap]))

    def chunks(self):
        """All rows as lists of at most `CHUNK`, prepared; for workbooks."""
        chunk: list = []
        for item in self.queryset.iterator(chunk_size=CHUNK):
            chunk.append(item)
            if len(chunk) == CHUNK:
                yield self._prepared(chunk)
                chunk = []
        yield self._prepared(chunk)

    def _prepared(self, objects: list) -> list:
        if self.table.prepare and objects:
            self.table.prepare(objects)
        return objects

    def _made(self, objects: list) -> list[Row]:
        self._prepared(objects)
        columns = self.state.columns
        first = columns[0]
        linked = not self.on_paper
        return [Row(item, [cell(column, item, column is first) for column in columns], linked) for item in objects]

    # -- for the templates -----------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The element that htmx replaces."""
        return f"table-{self.table.name}"

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.state.per))

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from one."""
        return (self.page - 1) * self.state.per + 1 if self.count else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.count else 0

    @cached_property
    def heads(self) -> list[Head]:
        """The headers of the shown columns."""
        return [self._head(column) for column in self.state.columns]

    def _head(self, column) -> Head:
        css = "text-end" if column.kind == "number" else ""
        if not column.sort:
            return Head(column.key, column.label, css, "", "")
        active = column.key == self.state.sort
        aria = ("descending" if self.state.descending else "ascending") if active else "none"
        turned = f"-{column.key}" if active and not self.state.descending else column.key
        return Head(column.key, column.label, css, self.state.query(sort=turned), aria)

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """What narrows the list now: (label, chosen value, query string without it)."""
        found = [("搜索", self.state.q, self.state.query(q=""))] if self.state.q else []
        return found + [
            (bound.label, bound.chosen, self.state.query(**{bound.key: ""}))
            for bound in self.state.filters
            if bound.value
        ]

    @property
    def words(self) -> str:
        """The same as one line for paper: 乡镇：白地市镇；搜索：王."""
        return "；".join(f"{label}：{value}" for label, value, _ in self.chips)

    @property
    def pager(self) -> list[tuple[int, str]]:
        """Page numbers with their query strings; 0 stands for a gap."""
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        numbers = sorted(number for number in near if 1 <= number <= self.pages)
        found: list[tuple[int, str]] = []
        for number in numbers:
            if found and number - found[-1][0] > 1:
                found.append((0, ""))
            found.append((number, self.state.query(page=number)))
        return found

    @property
    def previous_query(self) -> str:
        """The query string of the page before, empty on the first."""
        return self.state.query(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_query(self) -> str:
        """The query string of the page after, empty on the last."""
        return self.state.query(page=self.page + 1) if self.page < self.pages else ""

    @property
    def per_choices(self) -> list[tuple[int, str]]:
        """Rows per page with their query strings."""
        return [(per, self.state.query(per=per)) for per in sorted({*PER_CHOICES, self.table.per_page})]

    @property
    def column_choices(self) -> list[tuple[Any, bool]]:
        """Every column and whether it is shown."""
        return [(column, column in self.state.columns) for column in self.table.columns]

    @property
    def order_kept(self) -> list[tuple[str, str]]:
        """Hidden inputs that carry order and page length through the filters' form."""
        state = self.state
        sort = ("-" if state.descending else "") + state.sort if state.sort else ""
        per = "" if state.per == state.default_per else str(state.per)
        return [(key, value) for key, value in (("sort", sort), ("per", per)) if value]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Hidden inputs that carry the whole state through the column chooser's form."""
        chosen = [("q", self.state.q), *((bound.key, bound.value) for bound in self.state.filters)]
        return [(key, value) for key, value in chosen if value] + self.order_kept

    @property
    def exports(self) -> dict[str, str]:
        """Query strings of the files: xlsx (shown columns), everything (all columns), print (those of the paper form)."""
        query, columns = self.state.query, self.state.columns
        keys = ",".join(column.key for column in columns)
        is_chosen = columns != tuple(column for column in self.table.columns if column.shown)
        return {
            "xlsx": query(format="xlsx", cols=keys),
            "everything": query(format="xlsx", cols="all"),
            "print": query(
                format="print", cols=",".join(self.table.paper) if self.table.paper and not is_chosen else keys
            ),
        }


def _narrowed(queryset: QuerySet, table: "Table", state: State) -> QuerySet:
    for bound in state.filters:
        if bound.value:
            queryset = bound.filter.apply(queryset, bound.value)
    for term in state.q.split() if table.search else ():
        matches = reduce(or_, (_matches(queryset.model, field, term) for field in table.search))
        if any(_many(queryset.model, field) for field in table.search):
            found = queryset.model._base_manager.filter(matches)
            queryset = queryset.filter(pk__in=found.order_by().values("pk"))
        else:
            queryset = queryset.filter(matches)
    return queryset


def _matches(model, field: str, term: str) -> Q:
    """Rows whose `field` holds the term; a field of a related row is looked up there first, not joined to every row."""
    relation, _, rest = field.partition("__")
    if not rest or model is None:
        return Q(**{f"{field}__icontains": term})
    related = model._meta.get_field(relation).related_model._base_manager
    return Q(**{f"{relation}__in": related.filter(**{f"{rest}__icontains": term}).values("pk")})


def _many(model, path: str) -> bool:
    """Whether the path crosses a relation to many rows, where a join would show a row twice."""
    for name in path.split("__"):
        if name == "pk" or model is None:
            return False
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False


def _ordered(queryset: QuerySet, table: "Table", state: State) -> QuerySet:
    """By the asked column (blanks last on every database), then the table's own order, then the primary key."""
    order: list[Any] = []
    column = next((item for item in table.columns if item.key == state.sort), None)
    if column:
        fields = (column.sort,) if isinstance(column.sort, str) else column.sort
        for field in fields:
            down = field.startswith("-") != state.descending
            order.append(OrderBy(F(field.removeprefix("-")), descending=down, nulls_last=True))
    order += table.order
    if not {"pk", "-pk"} & {item for item in order if isinstance(item, str)}:
        order.append("pk")
    return queryset.order_by(*order)
