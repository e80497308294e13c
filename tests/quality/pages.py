"""Every page of the site from the URL resolver, with the arguments it needs and a filled form for it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from .county import Side

# URL name → the kind of object its one argument names (an attribute of Side), or the arguments themselves.
# A page with arguments that is not named here fails the test.
TAKES: dict[str, str | dict[str, Any]] = {
    "evidence:download": "attachment",
    "evidence:attach": "target",
    "indicators:records": {"code": "teams.count"},
    **dict.fromkeys("teams:team teams:team_close teams:team_units teams:post teams:post_check".split(), "team"),
    **dict.fromkeys(
        "teams:posting_end teams:posting_transfer teams:successor_check teams:posting_correct teams:posting_paper".split(),
        "posting",
    ),
    "teams:handover": "handover",
    "teams:review": "record",
    **dict.fromkeys("teams:person teams:person_correct teams:person_change teams:person_reveal".split(), "person"),
    "teams:village": "village",
    "teams:unit": "unit",
    **dict.fromkeys("office:village_edit office:village_class".split(), "village"),
    "office:unit_edit": "unit",
    **dict.fromkeys("office:document office:clauses_add office:document_end".split(), "document"),
    "office:parameter": {"key": "teams.min_people"},
    "office:parameter_set": {"key": "teams.min_people"},
    "office:calendar_day": {"day": "2022-12-07"},
    **dict.fromkeys(
        "office:account office:account_reset office:account_active office:account_unlock office:account_tie office:duty_grant".split(),
        "account",
    ),
    **dict.fromkeys(
        "exchange:job exchange:job_progress exchange:job_confirm exchange:job_abandon exchange:job_marked "
        "exchange:roster_columns exchange:roster_words exchange:roster_again".split(),
        "job",
    ),
    **dict.fromkeys(
        "placement:round placement:round_change placement:round_move placement:round_cancel placement:meeting placement:needs "
        "placement:needs_grid placement:needs_bring placement:teams_bring placement:quotas placement:quota_new placement:candidates "
        "placement:candidates_add placement:candidates_bring placement:proposals placement:proposal_ask placement:instance "
        "placement:weights placement:others".split(),
        "round",
    ),
    **dict.fromkeys("placement:need placement:need_drop".split(), "need"),
    "placement:quota": "quota",
    **dict.fromkeys("placement:candidate placement:candidate_take_back".split(), "candidate"),
    "placement:unlock": "lock",
    **dict.fromkeys(
        "placement:proposal placement:proposal_progress placement:proposal_map placement:compare placement:table placement:reasons "
        "placement:approve placement:approving placement:notice placement:others_progress".split(),
        "proposal",
    ),
    **dict.fromkeys(
        "placement:line placement:seat_options placement:what_if placement:exchange placement:exchange_check placement:lead placement:swap placement:fix "
        "placement:say".split(),
        "line",
    ),
    "placement:decided": "decided_round",
    "placement:seat": "seat",
    "placement:objection": "objection",
    **{name: {"month": "2022-11"} for name in "attendance:month attendance:grid attendance:confirm_many".split()},
    **dict.fromkeys("attendance:team attendance:confirm attendance:month_sheet".split(), "team_month"),
    **dict.fromkeys("attendance:township attendance:month_sheets".split(), "township_month"),
    **dict.fromkeys(
        "attendance:leave attendance:leave_decide attendance:leave_return attendance:leave_withdraw attendance:leave_slip".split(),
        "leave",
    ),
    **dict.fromkeys("attendance:person_month attendance:object attendance:correct".split(), "person_month"),
    "attendance:day": "person_day",
    "attendance:objection": "raised",
    **dict.fromkeys(
        "attendance:reading attendance:reading_take attendance:reading_drop attendance:page_picture".split(), "reading"
    ),
    "attendance:cell_picture": "cell",
    "attendance:question_answer": "question",
    **dict.fromkeys("attendance:uploading attendance:upload_progress attendance:upload_resume".split(), "batch"),
    **dict.fromkeys("attendance:book_made attendance:book_progress attendance:book_file".split(), "printed"),
    **dict.fromkeys(
        "inspections:round inspections:round_change inspections:round_move inspections:round_cancel inspections:round_reopen "
        "inspections:round_villages inspections:round_draw inspections:round_order inspections:round_finding inspections:sheets".split(),
        "inspection",
    ),
    **dict.fromkeys("inspections:draw inspections:draw_check".split(), "drawn"),
    **dict.fromkeys("inspections:visit inspections:visit_correct".split(), "onsite"),
    **dict.fromkeys(
        "inspections:finding inspections:finding_order inspections:finding_close inspections:finding_reopen inspections:finding_withdraw".split(),
        "finding",
    ),
    **dict.fromkeys(
        "inspections:correction inspections:correction_reply inspections:correction_verify inspections:correction_reopen".split(),
        "order",
    ),
    **dict.fromkeys(
        "inspections:circular inspections:circular_change inspections:circular_submit inspections:circular_review "
        "inspections:circular_sign inspections:circular_pdf inspections:circular_docx".split(),
        "circular",
    ),
    "inspections:circular_receive": "delivery",
    **dict.fromkeys(
        "accountability:case accountability:case_change accountability:put_forward accountability:state accountability:end_hearing "
        "accountability:judge accountability:notify accountability:reply accountability:hold accountability:carry_out "
        "accountability:succeed accountability:answer accountability:close accountability:appeal accountability:dismiss "
        "accountability:revoke".split(),
        "case",
    ),
    "accountability:case_paper": "paper",
    "office:duty_end": "duty",
    "office:entry": "entry",
}
OF_BUSINESS = {
    "attachment", "target", "job", "team", "posting", "handover", "record", "person", "village", "unit",
    "need", "quota", "candidate", "lock", "proposal", "line", "seat", "objection", "team_month", "township_month",
    "leave", "person_month", "person_day", "raised",
    "reading", "cell", "question", "batch", "printed",
    "inspection", "drawn", "onsite", "finding", "order", "circular", "delivery", "case", "paper",
}  # fmt: skip
"""Kinds that lie in an area: others' answer 404 or are refused."""


def pages(patterns=None, namespace: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """(URL name, names of its arguments) of every page."""
    for item in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(item, URLResolver):
            yield from pages(item.url_patterns, f"{namespace}{item.namespace}:" if item.namespace else namespace)
        elif isinstance(item, URLPattern):
            yield f"{namespace}{item.name}", tuple(item.pattern.converters)


def kind_of(name: str) -> str:
    """The kind of object a page is about; empty for pages about none or about what is everybody's."""
    takes = TAKES.get(name, "")
    return takes if isinstance(takes, str) else ""


def address(name: str, arguments: tuple[str, ...], side: Side) -> str:
    """The address of a page about an object of one side."""
    if not arguments:
        return reverse(name)
    takes = TAKES[name]
    if isinstance(takes, dict):
        return reverse(name, kwargs=takes)
    if takes == "target":
        return reverse(name, kwargs={"target_type": "teams.team", "target_id": str(side.team.pk)})
    if takes == "team_month":
        return reverse(name, kwargs={"month": "2022-11", "pk": str(side.team.pk)})
    if takes == "township_month":
        return reverse(name, kwargs={"month": "2022-11", "code": side.village.township_id})
    if takes == "person_day":
        return reverse(name, kwargs={"pk": str(side.person_month.pk), "number": 3})
    if takes == "cell":
        return reverse(name, kwargs={"pk": str(side.reading.pk), "person": str(side.person.pk), "day": 3})
    if takes == "drawn":
        return reverse(name, args=[side.inspection.pk, 1])
    if takes == "paper":
        return reverse(name, args=[side.case.pk, "approval"])
    if takes == "line":
        return reverse(name, kwargs={"pk": str(side.proposal.pk), "code": side.village.pk})
    return reverse(name, args=[getattr(side, takes).pk])


def filled(client: Client, where: str, **changes) -> dict[str, Any]:
    """What somebody would post from the page at `where`: every form of it filled in with acceptable values."""
    answer = client.get(where)
    if answer.streaming:
        list(answer.streaming_content)  # which closes the file
        return changes
    data: dict[str, Any] = {}
    seen = set()
    for layer in answer.context or []:
        for context in layer.dicts if hasattr(layer, "dicts") else [layer]:
            for thing in list(context.values()) if isinstance(context, dict) else []:
                if id(thing) in seen:
                    continue
                seen.add(id(thing))
                if isinstance(thing, BaseFormSet):
                    data |= values_of(thing.management_form)
                    for form in thing.forms:
                        data |= values_of(form)
                elif isinstance(thing, forms.BaseForm):
                    data |= values_of(thing)
    return data | changes


def values_of(form: forms.BaseForm) -> dict[str, Any]:
    """An acceptable value for every field, by its name in the page."""
    found = {}
    for bound in form:
        value = value_of(bound)
        if value not in (None, "", []):
            found[bound.html_name] = value
    return found


def value_of(bound) -> Any:
    """The value a field stands on, or one it would accept."""
    field, value = bound.field, bound.value()
    if isinstance(field, forms.FileField):
        return None
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [str(field.prepare_value(row)) for row in field.queryset[:1]]
    if isinstance(field, forms.ModelChoiceField):
        first = field.queryset.first()
        return str(value or (field.prepare_value(first) if first else "") or "")
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.MultipleChoiceField):
        return list(value or [key for key, _ in field.choices][:1])
    if isinstance(field, forms.ChoiceField):
        keys = [key for key, label in _flat(field.choices) if key not in ("", None)]
        return str(value if value in keys else (keys or [""])[0])
    if isinstance(field, forms.DateField):
        return value.isoformat() if isinstance(value, date) else str(value or "2022-12-08")
    if isinstance(field, forms.DecimalField | forms.FloatField | forms.IntegerField):
        return str(value if value is not None else 1)
    return str(value or "无")


def _flat(choices) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
