"""What the reader asked of a table: GET parameters read leniently, wrong ones ignored."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest

if TYPE_CHECKING:
    from .tables import Column, Filter, Table

PER_CHOICES = (25, 50, 100)
COLUMNS_COOKIE = "cols-"
LONGEST_SEARCH = 100
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class BoundFilter:
    """A filter with its choices for this reader and the value chosen (empty = all)."""

    filter: "Filter"
    choices: tuple[tuple[str, str], ...]
    value: str

    @property
    def label(self) -> str:
        """The label of the filter itself."""
        return self.filter.label

    @property
    def key(self) -> str:
        """The GET parameter."""
        return self.filter.key

    @property
    def chosen(self) -> str:
        """The label of the chosen value."""
        return dict(self.choices).get(self.value, "")


@dataclass(frozen=True)
class State:
    """The reader's wishes, all valid."""

    q: str
    sort: str
    descending: bool
    page: int
    per: int
    columns: "tuple[Column, ...]"
    filters: tuple[BoundFilter, ...]
    remember: tuple[str, ...] | None  # columns to keep in the cookie; () forgets them; None leaves it alone
    default_per: int

    def query(self, **changes) -> str:
        """The query string of this state with some parameters changed; the page falls back to the first."""
        values = {
            "q": self.q,
            "sort": ("-" if self.descending else "") + self.sort if self.sort else "",
            "per": "" if self.per == self.default_per else self.per,
            **{bound.key: bound.value for bound in self.filters},
            **changes,
        }
        return "?" + urlencode({key: value for key, value in values.items() if value not in ("", None)})


def read_state(request: HttpRequest, table: "Table") -> State:
    """Read the GET parameters and the column cookie of `table`; whatever is wrong counts as not given."""
    get = request.GET
    sort, descending = _sort(get.get("sort", ""), table)
    columns, remember = _columns(request, table)
    per = _number(get.get("per"), table.per_page)
    return State(
        q=" ".join(get.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH],
        sort=sort,
        descending=descending,
        page=min(max(_number(get.get("page"), 1), 1), LAST_PAGE),
        per=per if per in PER_CHOICES else table.per_page,
        columns=columns,
        filters=tuple(_bind(item, request) for item in table.filters),
        remember=remember,
        default_per=table.per_page,
    )


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _sort(text: str, table: "Table") -> tuple[str, bool]:
    key = text.removeprefix("-")
    sortable = any(column.key == key and column.sort for column in table.columns)
    return (key, text.startswith("-")) if sortable else ("", False)


def _columns(request: HttpRequest, table: "Table") -> tuple[tuple, tuple[str, ...] | None]:
    """The columns to show, in the order of the table, and what to remember; the first one always stays."""
    asked = [key for part in request.GET.getlist("cols") for key in part.split(",")]
    if asked == ["all"]:
        return table.columns, None
    remember: tuple[str, ...] | None = None
    if "cols" in request.GET:
        remember = tuple(column.key for column in table.columns if column.key in asked)
    kept = remember or _kept(request, table)
    if remember == () or not kept:
        return tuple(column for column in table.columns if column.shown), remember
    first = table.columns[0].key
    return tuple(column for column in table.columns if column.key in kept or column.key == first), remember


def _kept(request: HttpRequest, table: "Table") -> set[str]:
    keys = {column.key for column in table.columns}
    return keys & set(request.COOKIES.get(COLUMNS_COOKIE + table.name, "").split("."))


def _bind(item: "Filter", request: HttpRequest) -> BoundFilter:
    choices = item.choices(request) if callable(item.choices) else item.choices
    pairs = tuple((str(value), str(label)) for value, label in choices)
    value = request.GET.get(item.key, "")
    return BoundFilter(item, pairs, value if value in {pair[0] for pair in pairs} else "")
