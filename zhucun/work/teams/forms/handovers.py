"""交接清单: who receives, who witnesses, and its lines."""

from django import forms

from zhucun.base.web.forms import dress
from zhucun.work.teams.models import Handover, HandoverItem, Posting

from .fields import day_field

SPARE = 2


class ReceiverField(forms.ModelChoiceField):
    """Somebody of the same team."""

    def label_from_instance(self, posting: Posting) -> str:
        """Who, and in which role."""
        return f"{posting.person}（{posting.get_role_display()}）"


class HandoverForm(forms.Form):
    """The head of the list."""

    receiver = ReceiverField(Posting.objects.none(), label="接收人", required=False, empty_label="还没有确定")
    witness = forms.CharField(
        label="监交人", max_length=40, required=False, help_text="一般是乡镇分管负责人或村党组织书记。"
    )
    signed_on = day_field("三方签字日期", required=False, help_text="全部交接完、三方在纸上签字以后再填。")

    def __init__(self, *args, handover: Handover, **kwargs):
        kept = {name: getattr(handover, name) for name in ("receiver", "witness", "signed_on")}
        super().__init__(*args, initial=kept, **kwargs)
        posting = handover.posting
        others = Posting.objects.filter(team=posting.team_id).exclude(person=posting.person_id).select_related("person")
        self.fields["receiver"].queryset = others.exclude(end__lte=posting.start)


class LineForm(forms.Form):
    """One line; a line without content is left out."""

    kind = forms.ChoiceField(label="类别", choices=HandoverItem.Kind, widget=forms.Select(attrs={"aria-label": "类别"}))
    content = forms.CharField(
        label="内容",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"aria-label": "内容", "placeholder": "交接什么，数量、存放处"}),
    )
    done = forms.BooleanField(label="已交接", required=False)


Lines = forms.formset_factory(LineForm, extra=SPARE, max_num=60, absolute_max=80)


def lines_of(handover: Handover, data=None):
    """The lines of a list, one empty line per kind where there are none yet, and some spare ones."""
    kept = [{"kind": item.kind, "content": item.content, "done": item.done} for item in handover.items.all()]
    missing = [{"kind": kind} for kind in HandoverItem.Kind.values if kind not in {line["kind"] for line in kept}]
    order = HandoverItem.Kind.values
    lines = Lines(data, initial=sorted(kept + missing, key=lambda line: order.index(line["kind"])), prefix="lines")
    for line in lines:
        dress(line)
    return lines


def filled(lines) -> list[dict]:
    """The lines with content, as the action takes them."""
    return [line for line in lines.cleaned_data if line.get("content", "").strip()]
