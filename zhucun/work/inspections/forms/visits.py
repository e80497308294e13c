"""The on-site sheet as a form: who was there, what was seen, what was found; the same on paper and on a phone."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from zhucun.base.web.forms import DayField
from zhucun.work.inspections.actions.findings import Found
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.models import Finding, Presence, Visit
from zhucun.work.inspections.presence import Expected
from zhucun.work.teams.models import Posting

FOUND = (
    (Presence.Found.HERE.value, "在岗"), (Presence.Found.NOTICE.value, "报备"), (Presence.Found.LEAVE.value, "请假"),
    (Presence.Found.ABSENT.value, "无故不在岗"),
)  # fmt: skip
ROWS = 5
TEAM = "team"


def _known(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


class KnownField(forms.TypedChoiceField):
    """Yes, no, or not looked at."""

    def __init__(self, label: str, yes: str, no: str):
        choices = (("", "没有查看"), ("yes", yes), ("no", no))
        super().__init__(
            label=label, choices=choices, coerce=_known, empty_value=None, required=False, widget=forms.RadioSelect
        )

    def prepare_value(self, value: Any) -> Any:
        """Kept truth as the choice it came from."""
        return {True: "yes", False: "no", None: ""}.get(value, value) if isinstance(value, bool | None) else value


class VisitForm(forms.Form):
    """The sheet without its findings; one pair of fields a person in post that day."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    visited_on = DayField(label="核查日期")
    time = forms.CharField(label="时间", max_length=20, required=False, help_text="如 上午 9:40")
    ledgers_kept = KnownField("台账", "齐全", "不齐全")
    board_shown = KnownField("公示牌", "有", "没有")
    households = forms.IntegerField(label="走访农户（户）", min_value=0, max_value=9999, required=False)
    knowing = forms.IntegerField(label="其中认识工作队（户）", min_value=0, max_value=9999, required=False)
    note = forms.CharField(label="其他情况", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    witness = forms.CharField(
        label="在场村干部", max_length=40, required=False, help_text="纸质核查单上签字的村干部姓名。"
    )
    FACTS = ("visited_on", "time", "ledgers_kept", "board_shown", "households", "knowing", "note", "witness")

    def __init__(self, *args, people: Sequence[Expected], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for one in self.people:
            name = one.posting.person.name
            self.fields[_found(one.posting)] = forms.ChoiceField(
                label=f"{name}在岗情况", choices=FOUND, widget=forms.RadioSelect, initial=one.usual or None
            )
            self.fields[_note(one.posting)] = forms.CharField(label=f"{name}的说明", max_length=200, required=False)

    @classmethod
    def fresh(cls, visit: Visit, people: Sequence[Expected], today: date) -> "VisitForm":
        """An empty sheet with a key of its own."""
        return cls(people=people, initial={"key": uuid4(), "visited_on": min(visit.round.held_on, today)})

    @classmethod
    def of(cls, visit: Visit, people: Sequence[Expected], data=None) -> "VisitForm":
        """A sheet that was entered, to be corrected."""
        initial: dict[str, Any] = {"key": visit.key or uuid4()} | {name: getattr(visit, name) for name in cls.FACTS}
        for one in visit.presences.all():
            initial |= {f"found_{one.posting_id}": one.found, f"note_{one.posting_id}": one.note}
        form = cls(data, people=people, initial=initial)
        form.fields["key"].required = False
        return form

    def clean(self):
        """No more households know the team than were asked."""
        data = super().clean()
        asked, knowing = data.get("households"), data.get("knowing")
        if knowing is not None and (asked is None or knowing > asked):
            self.add_error("knowing", "认识工作队的户数不能多于走访户数。")
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes as the sheet's fields."""
        return {name: self.cleaned_data[name] for name in self.FACTS}

    @property
    def key_given(self) -> UUID:
        """What keeps this submission from counting twice."""
        return self.cleaned_data["key"]

    @property
    def seen(self) -> list[Seen]:
        """Who was found where."""
        data = self.cleaned_data
        return [Seen(one.posting, data[_found(one.posting)], data[_note(one.posting)].strip()) for one in self.people]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a person for the template."""
        return [
            {"person": one, "found": self[_found(one.posting)], "note": self[_note(one.posting)]} for one in self.people
        ]

    @property
    def contradictions(self) -> list[Expected]:
        """Who is marked absent without notice although approved leave covers the day: worth a second look."""
        data = self.cleaned_data
        return [one for one in self.people if one.leave and data.get(_found(one.posting)) == Presence.Found.ABSENT]


def _found(posting: Posting) -> str:
    return f"found_{posting.pk}"


def _note(posting: Posting) -> str:
    return f"note_{posting.pk}"


class FoundForm(forms.Form):
    """One finding on the sheet: what kind, about whom, in words; an empty row is none."""

    kind = forms.ChoiceField(label="类别", required=False)
    about = forms.ChoiceField(label="责任人", required=False)
    text = forms.CharField(label="问题描述", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, people: Sequence[Expected], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(one.posting.person_id): one.posting for one in people}
        self.fields["kind"].choices = (("", "请选择"), *Finding.Kind.choices)
        names = [
            (key, f"{posting.person.name}（{posting.get_role_display()}）") for key, posting in self.people.items()
        ]
        self.fields["about"].choices = ((TEAM, "工作队"), *names)

    def clean(self):
        """A row is whole or empty."""
        data = super().clean()
        kind, text = data.get("kind"), (data.get("text") or "").strip()
        if kind and not text and "text" not in self.errors:
            self.add_error("text", "请写明问题的具体情况。")
        if text and not kind and "kind" not in self.errors:
            self.add_error("kind", "请选择问题类别。")
        return data

    @property
    def found(self) -> Found | None:
        """The finding as the action takes it; None for an empty row."""
        data = self.cleaned_data
        if not (data.get("kind") and data.get("text")):
            return None
        posting = self.people.get(data.get("about") or TEAM)
        if posting is None:
            return Found(data["kind"], data["text"])
        return Found(data["kind"], data["text"], person=posting.person, unit=posting.unit)


FoundRows: type[BaseFormSet] = formset_factory(FoundForm, extra=ROWS, max_num=ROWS, absolute_max=ROWS)


class CorrectForm(forms.Form):
    """Why an entered sheet is corrected."""

    reason = forms.CharField(label="更正理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
