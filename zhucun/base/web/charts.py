"""Charts as plain data: what is drawn is also readable as a table and opens its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["bar", "stacked", "grouped", "donut", "line"]


@dataclass(frozen=True)
class Series:
    """One row of numbers, one per label; None where there is nothing to count from."""

    name: str
    values: Sequence[float | int | None]


@dataclass(frozen=True)
class Chart:
    """What a chart shows. `links[i]` opens the records behind `labels[i]` (a donut has one series).

    `grouped` with two series is this year against last: the first series is drawn strong, the second pale.
    `horizontal` puts long labels at the left (townships, units).
    """

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    kind: Kind = "bar"
    unit: str = ""
    links: Sequence[str] = ()
    horizontal: bool = False

    def __post_init__(self):
        """Refuse a series that does not fit the labels; a wrong chart is worse than none."""
        wrong = [item.name for item in self.series if len(item.values) != len(self.labels)]
        if wrong:
            raise ValueError(f"Chart {self.title}: series {wrong} do not have one value per label.")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for item in self.series for value in item.values)

    def data(self) -> dict[str, Any]:
        """What `static/web/charts.js` reads."""
        return {
            "kind": self.kind,
            "title": self.title,
            "unit": self.unit,
            "labels": list(self.labels),
            "series": [
                {"name": item.name, "values": [None if v is None else float(v) for v in item.values]}
                for item in self.series
            ],
            "links": list(self.links),
            "horizontal": self.horizontal,
        }

    def rows(self) -> list[dict[str, Any]]:
        """The same numbers for the table under 看数字."""
        links = list(self.links) + [""] * len(self.labels)
        return [
            {"label": label, "url": links[index], "values": [item.values[index] for item in self.series]}
            for index, label in enumerate(self.labels)
        ]
