"""队伍结构 as charts, this year beside last, every bar opening its records."""

from collections.abc import Iterable, Sequence

from zhucun.base.web.charts import Chart, Series

from .asked import Asked
from .structure import Dimension, Part, Place

PEOPLE = "people.count"


def chart_of(dimension: Dimension, parts: Sequence[Part], asked: Asked) -> Chart:
    """One dimension: its categories with anybody in them, now and a year earlier."""
    labels = [part.category.label for part in parts]
    links = [asked.records(PEOPLE, **{dimension.key: part.category.key}) for part in parts]
    series = _pair(asked, [part.now for part in parts], [part.before for part in parts])
    lying = dimension.key in {"rank", "political", "role"}
    return Chart(dimension.label, labels, series, "grouped", "人", links, horizontal=lying)


def charts(divided: Iterable[tuple[Dimension, Sequence[Part]]], asked: Asked) -> list[Chart]:
    """The charts of all dimensions in their order."""
    return [chart_of(dimension, parts, asked) for dimension, parts in divided]


def townships(places: Sequence[Place], asked: Asked) -> Chart:
    """People by township, in the order of codes."""
    labels = [place.row.name for place in places]
    links = [asked.records(PEOPLE, township=str(place.row.pk)) for place in places]
    series = _pair(asked, [place.people for place in places], [place.people_before for place in places])
    return Chart("各乡镇驻村人员", labels, series, "grouped", "人", links, horizontal=True)


def _pair(asked: Asked, now: Sequence[int], before: Sequence[int]) -> tuple[Series, Series]:
    return Series(f"{asked.period.until}", now), Series(f"{asked.before.until}", before)
