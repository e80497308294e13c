"""The steps of a case as its page offers them: each with its form, its action and its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from zhucun.base.access.request import Request
from zhucun.work.accountability.actions import effects, opening
from zhucun.work.accountability.forms import steps as forms
from zhucun.work.accountability.models import Case


@dataclass(frozen=True)
class Step:
    """A step as the page offers it: its form, its action, its words.

    `main` stands on top as what waits now, the others are folded below. With `choices`, the buttons carry a value each.
    """

    name: str
    form: type[forms.StepForm]
    act: Callable[..., Any]
    label: str
    said: str
    icon: str = "check"
    note: str = ""
    main: bool = True
    danger: bool = False
    choices: tuple[tuple[str, ...], ...] = ()

    def fresh(self, request: Request, case: Case, data=None) -> forms.StepForm:
        """The form for one case; ids carry the step's name, since several stand on one page."""
        own = case.is_about(request.user)
        return self.form(data, case=case, day=request.today, own=own, auto_id=f"{self.name}_%s")

    def url(self, case: Case) -> str:
        """Where it is posted."""
        return reverse(f"accountability:{self.name}", args=[case.pk])


def _both(yes: str, no: str) -> tuple[tuple[str, ...], ...]:
    return (("yes", yes, "btn-primary", "check"), ("no", no, "btn-danger", "x"))


STEPS = {
    step.name: step
    for step in (
        Step("put_forward", forms.BareForm, opening.put_forward, "提交", "已提交。", "send", "提交以后内容不能再改：约谈和召回先告知本人陈述申辩，提醒函送县驻村办审批，口头提醒当即生效。"),
        Step("state", forms.StatementForm, opening.state, "提交陈述申辩", "陈述申辩已记入卷宗。", "message"),
        Step("end_hearing", forms.BareForm, opening.end_hearing, "提交审批", "已提交审批。", "send", "本人已提出意见，或陈述申辩期已满。"),
        Step("judge", forms.OpinionForm, opening.give_opinion, "签署意见", "意见已签署。", choices=tuple(("agreed", *one) for one in _both("同意", "不同意"))),
        Step("notify", forms.NoticeForm, effects.notify, "告知", "已告知，期限从今天起算。", "send", "先印好文书送达本人和派出单位，再在这里登记。"),
        Step("reply", forms.ReplyForm, effects.reply, "回复提醒", "回复已登记。", "message"),
        Step("hold", forms.HoldForm, effects.hold, "登记约谈", "约谈记录已登记。", "users"),
        Step("carry_out", forms.RecallForm, effects.carry_out, "执行召回", "召回已执行：任职已结束，交接清单已建立，影响期开始计算。", "user-minus", "请先把召回决定送达派出单位。执行后：本人离任，建立交接清单，派出单位限期重新选派，影响期内不能再选派驻村。", danger=True),
        Step("succeed", forms.SuccessorForm, effects.name_successor, "登记接任人选", "接任人选已登记，并写入交接清单。", "user-plus", "先在工作队页面办理新人到任，再在这里选。"),
        Step("answer", forms.AnswerForm, effects.answer_appeal, "复核申诉", "复核结论已记入卷宗。", choices=tuple(("upheld", *one) for one in _both("申诉成立，撤销处理", "维持原处理"))),
        Step("close", forms.ResultForm, effects.close, "办结", "已办结。", "circle-check", main=False),
        Step("appeal", forms.AppealForm, effects.appeal, "提出申诉", "申诉已提出，由没有经办过的人复核。", "message", main=False),
        Step("dismiss", forms.ReasonForm, opening.dismiss, "不予处理", "已作不予处理。", "x", main=False, danger=True),
        Step("revoke", forms.ReasonForm, effects.revoke, "撤销处理", "已撤销。", "x", "人已离任或有新的事实，不再执行的，撤销并写明理由。", main=False, danger=True),
    )
}  # fmt: skip
