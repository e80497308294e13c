"""Where the bars of a time line lie: pure geometry in percent, so that paper and phone show the same."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WIDEST = 12  # grid lines at most


@dataclass(frozen=True)
class Bar:
    """One bar: `left` and `width` in percent of the time line; `text_after` where the label does not fit inside."""

    left: float
    width: float
    label: str
    title: str
    tone: str
    url: str
    is_open: bool
    text_after: bool


@dataclass(frozen=True)
class Lane:
    """One line of the picture."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True)
class Grid:
    """A vertical line where a year begins."""

    left: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """Lanes, grid lines and today's line (None when outside)."""

    lanes: list[Lane]
    grid: list[Grid]
    today: float | None


def lay_out(bars: list[dict[str, Any]], start: date | None, end: date | None, today: date) -> Timeline:
    """Lay out `bars` between `start` and `end` (both default to what the bars need); `end` of a bar is exclusive."""
    known = [bar["start"] for bar in bars if bar.get("start") and bar["start"].year > 1900]
    first = start or min(known, default=today - timedelta(days=365))
    first = date(first.year, 1, 1)
    ends = [bar["end"] for bar in bars if bar.get("end")]
    last = end or max([today, *ends, *known]) + timedelta(days=1)
    last = date(last.year + 1, 1, 1) if last.month > 6 else date(last.year, 7, 1)
    days = max((last - first).days, 1)

    def at(day: date) -> float:
        return round(100 * min(max((day - first).days / days, 0), 1), 2)

    lanes: dict[str, list[Bar]] = {}
    for bar in bars:
        lanes.setdefault(str(bar.get("lane", "")), []).append(_bar(bar, at, first, today))
    every = max(1, -(-(last.year - first.year + 1) // WIDEST))
    years = range(first.year, last.year + 1, every)
    grid = [Grid(at(date(year, 1, 1)), f"{year}年") for year in years if date(year, 1, 1) < last]
    now = at(today) if first <= today <= last else None
    return Timeline([Lane(label, found) for label, found in lanes.items()], grid, now)


def _bar(bar: dict[str, Any], at, first: date, today: date) -> Bar:
    start, end = bar.get("start") or first, bar.get("end")
    left = at(start)
    width = max(at(end or max(today, start)) - left, 0.8)
    label = str(bar.get("label", ""))
    return Bar(
        left=left,
        width=round(width, 2),
        label=label,
        title=str(bar.get("title") or _title(label, bar.get("start"), end)),
        tone=bar.get("tone") or "blue",
        url=bar.get("url") or "",
        is_open=end is None,
        text_after=width < 2.2 * len(label),
    )


def _title(label: str, start: date | None, end: date | None) -> str:
    """“王立新 2021-05-20 至 2022-06-30”, the last day inclusive."""
    begin = start.isoformat() if start and start.year > 1900 else ""
    until = f"至 {(end - timedelta(days=1)).isoformat()}" if end else "至今"
    return f"{label} {begin} {until}"
