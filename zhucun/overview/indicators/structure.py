"""队伍结构: the people in post by age, 学历, 政治面貌, 职务, 单位类别, 职级, 性别 and township, this year and last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhucun.base.access.figure import Counted, Figure, count_by, count_together
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit
from zhucun.base.people.models import Person, Record
from zhucun.base.timeline.periods import Period, years_before
from zhucun.work.teams import figures as teams
from zhucun.work.teams.models import Posting

from .catalogue import BY_CODE

AGES = ((None, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, None))
"""Age bands in completed years, both ends inclusive."""

HEADLINES = tuple(BY_CODE[code] for code in BY_CODE if code == "teams.count" or code.startswith("people."))
"""What the article says of the structure: teams, people, mean age and those that count."""


@dataclass(frozen=True)
class Category:
    """One part of a dimension: the value in addresses, its label, and the condition on a posting with its `record`."""

    key: str
    label: str
    where: Q


@dataclass(frozen=True)
class Dimension:
    """One way to divide the people in post; its categories leave nobody out."""

    key: str
    label: str
    categories: tuple[Category, ...]


def dimensions(day: date) -> tuple[Dimension, ...]:
    """The dimensions, with ages as of `day`."""
    return (
        Dimension("age", "年龄（周岁）", tuple(_band(low, high, day) for low, high in AGES)),
        Dimension("education", "学历", _choices("record__education", Record.Education)),
        Dimension("political", "政治面貌", _choices("record__political", Record.Political)),
        Dimension(
            "rank", "职级", (*_choices("record__rank", Record.Rank), Category("blank", "未填写", Q(record__rank="")))
        ),
        Dimension("role", "队内职务", _choices("role", Posting.Role)),
        Dimension("category", "派出单位类别", _choices("unit__category", Unit.Category)),
        Dimension("sex", "性别", _choices("person__sex", Person.Sex)),
    )


def _choices(path: str, choices) -> tuple[Category, ...]:
    return tuple(Category(value, label, Q(**{path: value})) for value, label in choices.choices)


def _band(low: int | None, high: int | None, day: date) -> Category:
    """People of `low` to `high` completed years on `day`: born after the day `high + 1` years before, by that of `low`."""
    born = Q()
    if high is not None:
        born &= Q(person__born__gt=years_before(day, high + 1))
    if low is not None:
        born &= Q(person__born__lte=years_before(day, low))
    label = f"≤{high}" if low is None else f">{low - 1}" if high is None else f"{low}–{high}"
    return Category(f"{low or 0}-{high or ''}".rstrip("-"), label, born)


@dataclass(frozen=True)
class Part:
    """A category with its people now and a year earlier, of `total` each."""

    category: Category
    now: int
    before: int
    total: int
    total_before: int

    @property
    def share(self) -> str:
        """The percentage now, one decimal."""
        return _percent(self.now, self.total)

    @property
    def share_before(self) -> str:
        """The percentage a year earlier."""
        return _percent(self.before, self.total_before)

    @property
    def change(self) -> int:
        """Now minus a year earlier."""
        return self.now - self.before


def _percent(n: int, total: int) -> str:
    return f"{100 * n / total:.1f}%" if total else "—"


def divided(period: Period, scope: Scope, only: Collection[str] = ()) -> list[tuple[Dimension, list[Part]]]:
    """The dimensions (all, or `only` those) with their parts, now and on the same day a year earlier; one query for each day."""
    now_counts, before_counts = _counts(period, scope, only), _counts(period.a_year_earlier(), scope, only)
    total, total_before = now_counts.pop(""), before_counts.pop("")
    found = []
    for dimension in _wanted(period.until, only):
        keys = [(category, f"{dimension.key}={category.key}") for category in dimension.categories]
        parts = [Part(c, now_counts[key], before_counts[key], total, total_before) for c, key in keys]
        found.append((dimension, [part for part in parts if part.now or part.before or part.category.key != "blank"]))
    return found


def _wanted(day: date, only: Collection[str]) -> list[Dimension]:
    return [one for one in dimensions(day) if not only or one.key in only]


def _counts(period: Period, scope: Scope, only: Collection[str]) -> dict[str, int]:
    wheres = {"": Q()}
    for dimension in _wanted(period.until, only):
        wheres |= {f"{dimension.key}={category.key}": category.where for category in dimension.categories}
    rows = teams.in_post(period, scope)
    counted = count_together([Figure(rows, where, of="in post") for where in wheres.values()])
    return dict(zip(wheres, (one.n for one in counted), strict=True))


@dataclass(frozen=True)
class Place:
    """One township or unit with the headline figures, now and (where asked) a year earlier."""

    row: Division | Unit
    values: Sequence[Counted]
    before: Sequence[Counted]

    @property
    def people(self) -> int:
        """People in post now."""
        return self.values[1].n

    @property
    def people_before(self) -> int:
        """People in post a year earlier."""
        return self.before[1].n


def by_township(period: Period, scope: Scope) -> list[Place]:
    """The headline figures of every township with teams now or a year earlier, in the order of codes."""
    return _places("township", Division.objects.order_by("pk"), period, scope)


def by_unit(period: Period, scope: Scope) -> list[Place]:
    """The same of every sending unit, by kind and name; teams are those it leads."""
    return _places("unit", Unit.objects.order_by("category", "name", "pk"), period, scope)


def _places(area: str, rows, period: Period, scope: Scope) -> list[Place]:
    now, before = _by(area, period, scope), _by(area, period.a_year_earlier(), scope)
    nothing = [one.count(period, scope).nothing for one in HEADLINES]
    found = rows.filter(pk__in=set(now) | set(before))
    return [Place(row, now.get(row.pk, nothing), before.get(row.pk, nothing)) for row in found]


def _by(area: str, period: Period, scope: Scope) -> dict:
    return count_by([one.count(period, scope) for one in HEADLINES], area)
