"""What may be typed at every step of a case."""

from datetime import date

from django import forms

from zhucun.base.web.forms import DayField
from zhucun.work.accountability.models import Case, Opinion
from zhucun.work.accountability.rules import Level
from zhucun.work.accountability.steps import next_for
from zhucun.work.teams.models import Posting

YES, NO = "yes", "no"


def long_field(label: str, most: int, rows: int = 4, **kwargs) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class StepForm(forms.Form):
    """A step of one case as a reader sees it on a day."""

    def __init__(self, *args, case: Case, day: date, own: bool = False, **kwargs):
        self.case, self.day, self.own = case, day, own
        super().__init__(*args, **kwargs)
        self.settle()

    def settle(self) -> None:
        """Put first values and choices that depend on the case."""


class BareForm(StepForm):
    """A step that asks nothing."""


class StatementForm(StepForm):
    """陈述申辩."""

    text = long_field("陈述申辩", 4000, 6)

    def settle(self) -> None:
        """Who writes it down."""
        said = (
            "把您的意见、情况说明和依据写在这里；没有意见请写“没有意见”。"
            if self.own
            else "照本人的书面意见原文录入，纸质原件作为佐证材料上传。"
        )
        self.fields["text"].help_text = said


class OpinionForm(StepForm):
    """同意 or 不同意, by which of two buttons is pressed; `level` is the one the page was shown to."""

    text = long_field("意见", 300, 2, required=False, help_text="同意可以不填；不同意要写明理由。")
    document = forms.CharField(
        label="县委组织部文号", max_length=60, required=False, help_text="县委组织部没有账号，由县驻村办照文件代录。"
    )
    level = forms.ChoiceField(choices=Opinion.By.choices, widget=forms.HiddenInput)
    agreed = forms.ChoiceField(choices=((YES, "同意"), (NO, "不同意")), widget=forms.HiddenInput)

    def settle(self) -> None:
        """The level whose turn it is; only the organisation department's opinion has a document."""
        turn = next_for(self.case)
        self.initial.setdefault("level", turn.value if turn else "")
        if (self.data.get("level") or self.initial["level"]) != Level.ORGANISATION:
            del self.fields["document"]

    def clean_agreed(self) -> bool:
        """Which button."""
        return self.cleaned_data["agreed"] == YES


class NoticeForm(StepForm):
    """告知: the number of the letter, notice or decision."""

    document = forms.CharField(
        label="文号", max_length=60, required=False, help_text="如“祁驻村函〔2022〕1号”；没有编文号的可以不填。"
    )

    def settle(self) -> None:
        """A recall has a number."""
        if self.case.measure == "recall":
            self.fields["document"].required = True
            self.fields["document"].help_text = "召回决定的文号，如“祁驻村〔2022〕12号”。"


class ReplyForm(StepForm):
    """The reply to a reminder."""

    text = long_field("回复内容", 2000)
    replied_on = DayField(label="回复日期", help_text="照回执上的日期。")

    def settle(self) -> None:
        """One's own reply is today's."""
        self.initial.setdefault("replied_on", self.day)
        if self.own:
            del self.fields["replied_on"]


class HoldForm(StepForm):
    """约谈 was held."""

    held_on = DayField(label="约谈日期")
    place = forms.CharField(label="地点", max_length=100)
    record = long_field("约谈记录", 4000, 6, help_text="问题、本人态度、整改承诺和期限。")

    def settle(self) -> None:
        """Today, at the place of the notice."""
        self.initial.setdefault("held_on", self.day)
        self.initial.setdefault("place", self.case.place)


class RecallForm(StepForm):
    """执行召回."""

    last_day = DayField(label="离任日期", help_text="在任的最后一天（含当天）。")

    def settle(self) -> None:
        """Today."""
        self.initial.setdefault("last_day", self.day)


class SuccessorField(forms.ModelChoiceField):
    """A posting by its person, role and day."""

    def label_from_instance(self, obj: Posting) -> str:
        """Who came, as what, when."""
        return f"{obj.person}　{obj.get_role_display()}　{obj.start} 到任"


class SuccessorForm(StepForm):
    """登记接任人选: a posting of the team begun after the recall."""

    successor = SuccessorField(
        Posting.objects.none(),
        label="接任人选",
        empty_label="请选择",
        error_messages={"invalid_choice": "请从列表中选择接任的人。"},
    )

    def settle(self) -> None:
        """Postings of the same team that began afterwards."""
        if self.case.posting is not None and self.case.last_day is not None:
            rows = Posting.objects.filter(team=self.case.posting.team_id, start__gt=self.case.last_day).exclude(
                person=self.case.person_id
            )
            self.fields["successor"].queryset = rows.select_related("person").order_by("start")


class ResultForm(StepForm):
    """办结."""

    result = long_field("办理结果", 2000, 3)

    def settle(self) -> None:
        """What closing means here."""
        if self.case.measure == "recall" and self.case.successor_id is None:
            self.fields["result"].help_text = "还没有接任人选。确实不再选派的，写明理由。"
        elif self.case.state == Case.State.NOTIFIED:
            self.fields["result"].help_text = "没有收到回复就办结的，写明情况和下一步处理。"


class ReasonForm(StepForm):
    """A reason, for dropping or revoking."""

    reason = long_field("理由", 400, 2)


class AppealForm(StepForm):
    """申诉."""

    text = long_field("申诉理由", 600)


class AnswerForm(StepForm):
    """复核: upheld or not, by which of two buttons is pressed."""

    text = long_field("复核结论和理由", 600, 3)
    upheld = forms.ChoiceField(choices=((YES, "申诉成立"), (NO, "维持原处理")), widget=forms.HiddenInput)

    def clean_upheld(self) -> bool:
        """Which button."""
        return self.cleaned_data["upheld"] == YES
