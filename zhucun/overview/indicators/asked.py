"""What a page of figures is asked for: the year and its part, until the day looked at, in an area within sight."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from zhucun.base.access.permissions import Permission
from zhucun.base.access.request import Request
from zhucun.base.timeline.periods import Period, parse
from zhucun.base.web.tables import Filter
from zhucun.work.teams.models import Team

from . import areas
from .areas import Area

PARTS = {
    "": "全年", "H1": "上半年", "H2": "下半年", "Q1": "第1季度", "Q2": "第2季度", "Q3": "第3季度", "Q4": "第4季度",
    **{f"{month:02d}": f"{month}月" for month in range(1, 13)},
}  # fmt: skip
MOST_YEARS = 10


@dataclass(frozen=True)
class Asked:
    """The period cut at the day looked at, the area, and what else could be chosen."""

    period: Period
    area: Area
    whole: Area
    areas: list[Area]
    years: list[int]
    parts: dict[str, str]
    on: str

    @property
    def before(self) -> Period:
        """The same span one year earlier."""
        return self.period.a_year_earlier()

    @property
    def year(self) -> str:
        """The year asked for."""
        return self.period.name[:4]

    @property
    def part(self) -> str:
        """The part of the year asked for, empty for all of it."""
        return self.period.name[5:]

    @property
    def params(self) -> dict[str, str]:
        """The GET parameters that lead here again."""
        return {"year": self.year, "part": self.part, "scope": self.area.key, "on": self.on}

    def query(self, **changes: str) -> str:
        """The query string of this choice with some parameters changed."""
        return "?" + urlencode({key: value for key, value in (self.params | changes).items() if value})

    def earlier(self) -> str:
        """The query string of the same span one year earlier."""
        return self.query(year=str(int(self.year) - 1), on=f"{self.before.until}")

    def records(self, code: str, **narrowed: str) -> str:
        """Where the rows behind a figure stand, narrowed by further filters."""
        return reverse("indicators:records", args=[code]) + self.query(**narrowed)

    def records_before(self, code: str, **narrowed: str) -> str:
        """The same a year earlier."""
        return f"{reverse('indicators:records', args=[code])}{self.earlier()}{'&' + urlencode(narrowed) if narrowed else ''}"

    @cached_property
    def kinds(self) -> list[tuple[str, list[Area]]]:
        """The areas to choose among, by kind, without the whole."""
        found: dict[str, list[Area]] = {}
        for area in self.areas:
            if area.scope != self.whole.scope:
                found.setdefault(area.kind, []).append(area)
        return list(found.items())

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """The same choices as filters of a table; the blank choice is the usual one, so that every address stays short."""
        named = [(area.key, area.label) for area in self.areas]
        if self.area.key and self.area.key not in dict(named):
            named.append((self.area.key, self.area.label))
        years = [(str(year), f"{year}年") for year in self.years]
        parts = [(part, label) for part, label in self.parts.items() if part]
        choices = [
            Filter("year", "年度", years, _all, everything=years[0][1]),
            Filter("part", "期间", parts, _all, everything=PARTS[""]),
            Filter("scope", "范围", named, _all, everything=self.whole.label),
        ]
        if self.on:
            choices.append(Filter("on", "截至", [(self.on, self.on)], _all, everything="今天"))
        return tuple(choices)


def _all(rows, value):
    return rows


def read(request: Request) -> Asked:
    """Read the choice from the address, leniently; raises PermissionDenied for somebody who may see no figures."""
    request.user.require(Permission.FIGURES_VIEW, request.now)
    own = request.user.scope_on(request.today, Permission.FIGURES_VIEW)
    if not own:
        raise PermissionDenied("您的账号没有可以统计的范围，请联系安全管理员核对职责。")
    offered = areas.offered(own)
    whole = areas.whole(own, offered)
    area = areas.chosen(request.GET.get("scope", ""), own, offered) or whole
    years = _years(own, request)
    year = next((one for one in years if str(one) == request.GET.get("year")), request.day.year)
    parts = {part: label for part, label in PARTS.items() if _period(year, part).start <= request.day}
    part = request.GET.get("part", "")
    period = _period(year, part if part in parts else "")
    period = period.to(request.day) if request.day in period else period
    on = f"{request.day}" if request.GET.get("on") == f"{request.day}" else ""
    return Asked(period, area, whole, offered, years, parts, on)


def _period(year: int, part: str) -> Period:
    return parse(f"{year}-{part}" if part else str(year))


def _years(own, request: Request) -> list[int]:
    """The years from the first team on (ten at most) to the day looked at, newest first."""
    last = request.day.year
    first = Team.objects.within(own).order_by("start").values_list("start__year", flat=True).first() or last
    return list(range(last, max(min(first, last), last - MOST_YEARS + 1) - 1, -1))
