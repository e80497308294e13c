"""docs/reference/indicators.md, written from the catalogue."""

from itertools import groupby
from pathlib import Path

from .catalogue import INDICATORS

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/indicators.md"
HEAD = """# Indicators

Written from `zhucun/overview/indicators/catalogue.py`; after a change there:
`.venv/bin/zhucun shell -c "from zhucun.overview.indicators.reference import write; write()"`.

`zhucun figures --period 2022 [--until 2022-12-07] [--scope CODE] --json` prints them in this order: `value`, `previous` (the
same span one year earlier) and `n`, the number of records behind the value; `value` is null where there is nothing to count
from. Without `--scope` the figures are those of the one county in the database, and `scope` is its code; where there are
several counties, `--scope` has to name one. `--until` is the period's last day, or today while the period goes on.
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for part, indicators in groupby(INDICATORS, lambda one: one.part):
        lines += [f"## {part}\n", "| code | 指标 | 单位 | 怎么算 | 来源 | counted by |", "|---|---|---|---|---|---|"]
        for one in indicators:
            place = f"`{'.'.join(one.count.__module__.split('.')[1:])}.{one.count.__name__}`"
            lines.append(f"| `{one.code}` | {one.label} | {one.unit} | {one.definition} | {one.source} | {place} |")
        lines.append("")
    return "\n".join(lines)


def write() -> None:
    """Write the page into the docs of this checkout."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
