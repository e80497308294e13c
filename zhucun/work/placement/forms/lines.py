"""One village of a proposal: exchanging, leading, swapping, fixing, and what the meeting said."""

from django import forms

from zhucun.base.directory.models import Unit, Village
from zhucun.work.placement.models import Candidate, Lock, Proposal


class ExchangeForm(forms.Form):
    """Somebody out, somebody in."""

    leaving = forms.ModelChoiceField(Candidate.objects.none())
    coming = forms.ModelChoiceField(Candidate.objects.none())

    def __init__(self, *args, proposal: Proposal, **kwargs):
        super().__init__(*args, **kwargs)
        people = proposal.round.candidates.select_related("person")
        self.fields["coming"].queryset = people
        self.fields["leaving"].queryset = people.filter(seats__proposal=proposal)


class LeadForm(forms.Form):
    """Another leader out of the team."""

    person = forms.ModelChoiceField(Candidate.objects.none())

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Candidate.objects.filter(seats__line=line).select_related("person")


class SwapForm(forms.Form):
    """The whole teams of two villages in each other's places."""

    other = forms.ModelChoiceField(Village.objects.none(), label="和哪个村对调", empty_label="请选择")

    def __init__(self, *args, proposal: Proposal, line, **kwargs):
        super().__init__(*args, **kwargs)
        lines = proposal.lines.exclude(pk=line.pk)
        self.fields["other"].queryset = Village.objects.filter(pk__in=lines.values("village")).select_related(
            "township"
        )


class LockForm(forms.Form):
    """What is fixed or ruled out in a village: `pair` is the kind and the key of the unit or candidate, “person_out:…”."""

    pair = forms.CharField()
    reason = forms.CharField(label="理由", max_length=200, required=False)

    def __init__(self, *args, proposal: Proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.round = proposal.round

    def clean(self):
        """The kind, and the unit or candidate of the round that the key stands for."""
        data = super().clean()
        kind, _, key = data.get("pair", "").partition(":")
        of_unit = kind in (Lock.Kind.UNIT, Lock.Kind.BAN_UNIT)
        rows = Unit.objects.filter(pk__in=self.round.quotas.values("unit")) if of_unit else self.round.candidates
        found = rows.filter(pk=key).first() if kind in Lock.Kind.values and is_key(key) else None
        if found is None:
            raise forms.ValidationError("没有找到这个单位或人选，请刷新页面再试。")
        return data | {"kind": kind, "pair": {"unit" if of_unit else "candidate": found}}


def is_key(text: str) -> bool:
    """Whether a text may be the key of a row."""
    return len(text) == 36 and all(mark in "0123456789abcdef-" for mark in text)


class SayForm(forms.Form):
    """研判意见, and the reason where the principle is not followed."""

    opinion = forms.CharField(label="研判意见", max_length=200, required=False)
    reason = forms.CharField(label="不符合原则时的理由", max_length=200, required=False)

    wide = {"opinion", "reason"}

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, initial={"opinion": line.opinion, "reason": line.reason}, **kwargs)
        self.line = line
