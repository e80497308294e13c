"""The tags of the page furniture: icon, badge, day, span_text, stat, steps, definition_list, chart, form_fields …"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from zhucun.base.web import bars as bar_layout
from zhucun.base.web import forms as form_furniture
from zhucun.base.web.cells import TONES, text_of
from zhucun.base.web.charts import Chart

register = template.Library()
ICONS = Path(__file__).resolve().parent.parent / "static/vendor/icons"
ICON_NAME = re.compile(r"^[a-z0-9-]+$")


@cache
def _svg(name: str) -> str:
    """The outline drawing of an icon without comment and fixed size; empty where the assets are not there."""
    path = ICONS / f"{name}.svg"
    if not ICON_NAME.match(name) or not path.exists():
        return ""
    text = re.sub(r"<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r'\s(width|height|class)="[^"]*"', "", text)
    return re.sub(r"\s+", " ", text).replace("> <", "><").strip()


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """A whitelisted icon (icons.txt) drawn inline; silent for screen readers unless it has a `label`."""
    svg = _svg(name)
    if not svg:
        return ""
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true" focusable="false"'
    # the drawing is our own file, the label is escaped above
    return mark_safe(svg.replace("<svg", f'<svg class="icon" {role}', 1))  # noqa: S308


@register.simple_tag
def badge(text: Any, tone: str = "gray") -> str:
    """A small coloured word; tone is green, yellow, red, blue or gray. Nothing for an empty text."""
    if text in (None, ""):
        return ""
    return format_html('<span class="tag tag-{}">{}</span>', tone if tone in TONES else "gray", text_of(text))


@register.simple_tag
def day(value: Any, style: str = "short") -> str:
    """A day as 2022-12-07, or with "long" as 2022年12月7日, "month" as 2022年12月; a dash for none."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if not isinstance(value, date):
        return "—"
    if style == "long":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月" if style == "month" else f"{value:%Y-%m-%d}"


@register.simple_tag
def moment(value: datetime | None) -> str:
    """A moment as 2022-12-07 14:05; a dash for none."""
    return text_of(value) or "—"


@register.simple_tag
def span_text(row: Any, open_word: str = "至今") -> str:
    """“2021-05-20 至今” or “2021-05-20 至 2022-06-30” (last day inclusive) from `row.start` and `row.last_day`."""
    start, last = getattr(row, "start", None), getattr(row, "last_day", None)
    last = last() if callable(last) else last
    begin = text_of(start) if start and start.year > 1900 else ""
    if last:
        return f"{begin} 至 {last.isoformat()}".strip()
    return f"{begin} {open_word}" if begin else f"起始未记，{open_word}"


@register.inclusion_tag("web/_chart.html")
def chart(chart: Chart, height: int = 280) -> dict:
    """A chart with its numbers as a table below (看数字)."""
    return {"chart": chart, "height": int(height), "data": chart.data()}


@register.inclusion_tag("web/_timeline_bars.html")
def timeline_bars(bars: Iterable[dict], start: date | None = None, end: date | None = None, today: date | None = None):
    """Dated bars in lanes. Each is a dict: lane, label, start, end (exclusive, None = still open), tone, url, title."""
    return {"timeline": bar_layout.lay_out(list(bars), start, end, today or timezone.localdate())}


@register.inclusion_tag("web/_stat.html")
def stat(
    label: str,
    value: Any,
    unit: str = "",
    previous: Any = None,
    url: str = "",
    note: str = "",
    previous_label: str = "上年",
) -> dict:
    """A number with its unit, the difference to `previous`, opening its records at `url`."""
    difference = ""
    if isinstance(value, int | float | Decimal) and isinstance(previous, int | float | Decimal):
        change = round(float(value) - float(previous), 2)
        difference = "持平" if not change else f"{'+' if change > 0 else '−'}{abs(change):g}"
    return {
        "label": label,
        "value": "—" if value is None else text_of(value),
        "unit": unit,
        "difference": difference,
        "previous": None if previous is None else text_of(previous),
        "previous_label": previous_label,
        "url": url,
        "note": note,
    }


@register.inclusion_tag("web/_steps.html")
def steps(items: Iterable[dict]) -> dict:
    """A process in order. Each item is a dict: label, state (done, now or todo), note, url."""
    return {"items": list(items)}


@register.inclusion_tag("web/_definitions.html")
def definition_list(pairs: Iterable[tuple]) -> dict:
    """Facts of one thing: (label, value) or (label, value, url)."""
    rows = []
    for label, value, *url in pairs:
        text = value if isinstance(value, SafeString) else text_of(value)
        rows.append({"label": label, "value": text, "url": url[0] if url else ""})
    return {"rows": rows}


@register.inclusion_tag("web/_form_fields.html")
def form_fields(form) -> dict:
    """All fields of a form: errors first as a summary, then groups, help, required marks."""
    form_furniture.dress(form)
    return {"form": form, "groups": form_furniture.groups(form)}


@register.inclusion_tag("web/_field.html")
def form_field(form, name: str) -> dict:
    """One field of a form, for pages that place their fields themselves."""
    form_furniture.dress(form)
    return {"field": form[name], "wide": True}


@register.filter
def is_wide(bound) -> bool:
    """Whether a form field takes the whole width."""
    return form_furniture.is_wide(bound)


@register.filter
def sentences(bound) -> list[str]:
    """What is wrong with a form field, in sentences."""
    return form_furniture.sentences(bound)


@register.filter
def widget_kind(bound) -> str:
    """check for one tick box, checks for several or radio buttons, else input."""
    name = getattr(bound.field.widget, "input_type", "")
    if name == "checkbox" and not hasattr(bound.field.widget, "optgroups"):
        return "check"
    return "checks" if name in {"checkbox", "radio"} else "input"


@register.inclusion_tag("web/_progress.html")
def progress(url: str) -> dict:
    """A job's bar that asks `url` (answered by `pages.progress`) every second until the job is over."""
    return {"url": url, "percent": 0, "text": "正在开始…"}
