"""Plain Django forms dressed for the page: classes, native date inputs, search-as-you-type choices."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

MOST_OPTIONS = 20
LONGEST_TERM = 60


class DayField(forms.DateField):
    """A day somebody may mean: from 1900 to 2100; a slip of the keyboard such as 0202 or 20221 is told at once."""

    default_error_messages = {"invalid": "日期写法不对，请写成 2022-12-07 这样。"}

    def to_python(self, value):
        """The day; ValidationError for one nobody can mean."""
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year <= 2100:
            raise forms.ValidationError("年份应在 1900 到 2100 之间，请检查是否多打或少打了数字。")
        return day


class WholeField(forms.IntegerField):
    """A whole number from `low` to `high`, both included; whatever is wrong with it, one sentence says what to type."""

    def __init__(self, low: int, high: int, **options: Any):
        kinds = ("required", "invalid", "min_value", "max_value")
        errors = dict.fromkeys(kinds, self.asks_for(low, high)) | options.pop("error_messages", {})
        super().__init__(min_value=low, max_value=high, error_messages=errors, **options)

    def asks_for(self, low: int, high: int) -> str:
        """The sentence."""
        return f"请填 {low} 到 {high} 的整数。"


class TenthsField(WholeField):
    """Points as people write them, 5 or 2.5, that are kept as whole tenths; `low` and `high` are tenths too."""

    def asks_for(self, low: int, high: int) -> str:
        """The sentence, in points."""
        return f"请填 {low / 10:g} 到 {high / 10:g} 的数，最多一位小数。"

    def prepare_value(self, value: Any) -> Any:
        """Tenths as points; what was typed stays as it was typed."""
        return f"{value / 10:.1f}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """The tenths of what was typed; a number is tenths already."""
        if value in self.empty_values or isinstance(value, int):
            return value if isinstance(value, int) else None
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if not re.fullmatch(r"-?\d{1,9}(\.\d0*)?", text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(Decimal(text) * 10)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The browser is told the bounds in points and that tenths are fine."""
        return super().widget_attrs(widget) | {
            "min": self.prepare_value(self.min_value),
            "max": self.prepare_value(self.max_value),
            "step": "0.1",
        }


class PickWidget(forms.Widget):
    """One out of a long list (people, units, villages): a text box that searches while one types.

    `url_name` answers `?q=` by `pick_options`; `label_of(value)` names a value already chosen (default: the field's own
    label for it). Without scripts the exact text of a label is accepted: `find(text)` gives its value (default: the
    field's choices are looked through).
    """

    template_name = "web/_pick.html"
    choices: Any = ()

    def __init__(
        self,
        url_name: str,
        label_of: Callable[[Any], str] | None = None,
        find: Callable[[str], Any] | None = None,
        attrs: dict | None = None,
        placeholder: str = "输入几个字查找",
    ):
        super().__init__(attrs)
        self.url_name, self.label_of, self.find, self.placeholder = url_name, label_of, find, placeholder

    def label(self, value: Any) -> str:
        """How `value` reads; a value nobody knows reads as it was typed."""
        if value in (None, ""):
            return ""
        if self.label_of:
            return self.label_of(value) or str(value)
        field = getattr(self.choices, "field", None)
        if field is None:
            return next((str(label) for key, label in self.choices if str(key) == str(value)), str(value))
        try:
            return field.label_from_instance(field.to_python(value))
        except forms.ValidationError:
            return str(value)

    def value_of(self, text: str) -> Any:
        """The one value whose label is exactly `text`; the text itself (which no field accepts) when there is none."""
        if self.find:
            return self.find(text) or text
        found = [key for key, label in self.choices if str(label) == text]
        return str(found[0]) if len(found) == 1 else text

    def value_from_datadict(self, data, files, name):
        """The chosen value; where the text was changed without scripts, the value of that exact text."""
        value, text = data.get(name, ""), data.get(f"{name}_text")
        if text is None or text.strip() == data.get(f"{name}_was", "").strip():
            return value or None
        return self.value_of(text.strip()) if text.strip() else None

    def value_omitted_from_data(self, data, files, name):
        """A posted text box counts as an answer too."""
        return name not in data and f"{name}_text" not in data

    def get_context(self, name, value, attrs):
        """What `web/_pick.html` needs; the text box carries the field's id, so that its label works."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(
            url=reverse(self.url_name), label=self.label(value), placeholder=self.placeholder, value=value or ""
        )
        return context

    def id_for_label(self, id_):
        """The label belongs to the text box."""
        return id_


class PickManyWidget(PickWidget):
    """Several out of a long list: the chosen ones stand as chips; without scripts, exact labels joined by 、."""

    template_name = "web/_pick_many.html"

    def value_from_datadict(self, data, files, name):
        """The chosen values and those of the exact texts still standing in the box."""
        values = data.getlist(name) if hasattr(data, "getlist") else list(data.get(name, []))
        typed = [part.strip() for part in data.get(f"{name}_text", "").replace(",", "、").split("、")]
        return values + [self.value_of(part) for part in typed if part]

    def get_context(self, name, value, attrs):
        """The chosen values with their labels."""
        context = super().get_context(name, None, attrs)
        values = [value] if isinstance(value, str) else list(value or [])
        values = [getattr(item, "pk", item) for item in values]
        context["widget"]["chosen"] = [(item, self.label_one(item)) for item in values]
        return context

    def label_one(self, value: Any) -> str:
        """How one of the values reads (a multiple field cannot turn a single value into an object)."""
        field = getattr(self.choices, "field", None)
        if self.label_of or field is None:
            return self.label(value)
        found = field.queryset.filter(pk=value).first() if value else None
        return field.label_from_instance(found) if found else str(value)


def pick_term(request: HttpRequest) -> str:
    """What was typed into a `PickWidget`, cleaned and of bounded length."""
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_TERM]


def pick_options(request: HttpRequest, options: Iterable[tuple[Any, str] | tuple[Any, str, str]]) -> HttpResponse:
    """Answer a `PickWidget` with (value, label) or (value, label, note) rows; the first twenty are shown."""
    rows = []
    for value, label, *note in options:
        rows.append({"value": value, "label": label, "note": note[0] if note else ""})
        if len(rows) > MOST_OPTIONS:
            break
    context = {"options": rows[:MOST_OPTIONS], "more": len(rows) > MOST_OPTIONS, "term": pick_term(request)}
    return render(request, "web/_pick_options.html", context)


def dress(form: forms.BaseForm) -> None:
    """Give the widgets of `form` their classes, dates the browser's own picker, and tie errors to their fields."""
    for bound in form:
        widget = bound.field.widget
        if isinstance(widget, forms.DateInput):
            widget.input_type, widget.format = "date", "%Y-%m-%d"
        name = css_class(widget)
        if name and name not in widget.attrs.get("class", "").split():
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} {name}".strip()
        if isinstance(widget, forms.Textarea):
            widget.attrs["rows"] = min(int(widget.attrs.get("rows", 4)), 12) if widget.attrs.get("rows") != "10" else 4
        described = [f"{bound.auto_id}_help"] if bound.help_text else []
        if form.is_bound and bound.errors:
            widget.attrs["aria-invalid"] = "true"
            described.append(f"{bound.auto_id}_error")
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} is-invalid".strip()
        if described:
            widget.attrs["aria-describedby"] = " ".join(described)


def css_class(widget: forms.Widget) -> str:
    """The class of the kit for a widget."""
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect | forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "" if isinstance(widget, forms.HiddenInput) else "form-control"


def is_wide(bound: forms.BoundField) -> bool:
    """Whether a field takes the whole width: long texts, files, lists of ticks, several picks."""
    wide = (forms.Textarea, forms.CheckboxSelectMultiple, forms.ClearableFileInput, PickManyWidget)
    return isinstance(bound.field.widget, wide) or bound.name in getattr(bound.form, "wide", ())


def groups(form: forms.BaseForm) -> list[tuple[str, list[forms.BoundField]]]:
    """The visible fields in the groups a form declares as `groups = (("title", ("field", …)), …)`; the rest last."""
    visible = {bound.name: bound for bound in form.visible_fields()}
    found = []
    for title, names in getattr(form, "groups", ()):
        found.append((title, [visible.pop(name) for name in names if name in visible]))
    if visible:
        found.append(("", list(visible.values())))
    return found


def sentences(bound: forms.BoundField) -> list[str]:
    """What is wrong with a field, each with how to mend it."""
    found = []
    for error in bound.errors.as_data():
        if error.code == "required":
            found.append("必须选择一项。" if isinstance(bound.field, forms.ChoiceField) else "必须填写。")
        else:
            found += error.messages
    return found
