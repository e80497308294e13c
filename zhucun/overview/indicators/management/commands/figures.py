"""`zhucun figures`: the figures of contract.md section 3 for a period and an area, as a table or as JSON."""

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.timeline import clock
from zhucun.base.timeline.periods import Period, parse
from zhucun.overview.indicators.areas import Area, named
from zhucun.overview.indicators.catalogue import Line, compared


class Command(BaseCommand):
    help = "统计一个期间、一个范围的指标，并与上年同期比较。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """As contract.md section 2 writes them."""
        parser.add_argument("--period", required=True, help="期间：2022、2022-H1、2022-Q3 或 2022-11")
        parser.add_argument(
            "--until", default="", help="统计截至哪一天（含），默认期间最后一天；期间还没过完时默认今天"
        )
        parser.add_argument("--scope", default="", help="范围：6、9、12 位区划代码，或 unit:单位名称；默认全县")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args, **options):
        """Count and print; bad input ends with one sentence and exit code 1."""
        try:
            period = _period(options["period"], options["until"])
            area = named(options["scope"])
        except ValueError as mistake:
            raise CommandError(str(mistake)) from None
        lines = compared(period, area.scope)
        self.stdout.write(
            _as_json(area, options["scope"], period, lines) if options["json"] else _as_table(area, period, lines)
        )


def _period(name: str, until: str) -> Period:
    period = parse(name)
    if not until:
        today = clock.today()
        return period.to(today) if today in period else period
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise ValueError(f"截止日“{until}”不是日期，请写成 2022-12-07 这样。") from None
    return period.to(day)


def _as_json(area: Area, scope: str, period: Period, lines: list[Line]) -> str:
    figures = [
        {
            "code": line.indicator.code,
            "label": line.indicator.label,
            "unit": line.indicator.unit,
            "value": _number(line.now.value),
            "previous": _number(line.before.value),
            "n": line.now.n,
        }
        for line in lines
    ]
    found = {
        "county": area.county,
        "scope": scope.strip() or area.key,
        "period": period.name,
        "start": f"{period.start}",
        "until": f"{period.until}",
        "figures": figures,
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _as_table(area: Area, period: Period, lines: list[Line]) -> str:
    before = period.a_year_earlier()
    head = (
        f"{area.label}　{period.label}（{period.start} 至 {period.until}），上年同期 {before.start} 至 {before.until}"
    )
    rows: list[tuple[str, ...]] = [("指标", "本期", "上年同期", "增减", "单位", "代码")]
    for line in lines:
        numbers = [_text(value) for value in (line.now.value, line.before.value)]
        rows.append((line.indicator.label, *numbers, _signed(line.change), line.indicator.unit, line.indicator.code))
    widths = [max(_width(row[at]) for row in rows) for at in range(5)]
    return "\n".join([head, "", *(_row(row, widths) for row in rows)])


def _row(row: tuple[str, ...], widths: list[int]) -> str:
    """Names at the left, numbers at the right, the code last."""
    padding = [" " * (width - _width(text)) for text, width in zip(row, widths, strict=False)]
    cells = [
        f"{gap}{text}" if 1 <= at <= 3 else f"{text}{gap}"
        for at, (text, gap) in enumerate(zip(row, padding, strict=False))
    ]
    return "  ".join([*cells, row[5]])


def _text(value: int | Decimal | None) -> str:
    return "—" if value is None else str(value)


def _signed(change: int | Decimal | None) -> str:
    if change is None:
        return "—"
    return "持平" if not change else f"{change:+}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
