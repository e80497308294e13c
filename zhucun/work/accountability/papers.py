"""The letters, notices and forms of a case as official documents (domain.md 3.9); empty lines where paper is signed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zhucun.base.policy import policy
from zhucun.base.web.word import Attachment, Document, Heading, Paragraph, Table, day_text

from .models import Case, Opinion
from .rules import AccountabilityPolicy, deadline
from .rules import Measure as M
from .steps import appeal_until, path_of

SIGN = "签字：　　　　　　　　年　　月　　日"
S = Case.State
FORM_WIDTHS = (9, 21)
TALK = "谈话情况、本人态度、整改承诺和期限"


@dataclass(frozen=True)
class Paper:
    """One document of a case: its name, when there is one, and how it is written."""

    name: str
    fits: Callable[[Case], bool]
    write: Callable[[Case, str, date], Document]


def papers_of(case: Case) -> dict[str, Paper]:
    """The documents a case has as it stands, by their names in addresses."""
    return {key: paper for key, paper in PAPERS.items() if paper.fits(case)}


# -- what several of them say ------------------------------------------------------------------------------------------


def _who(case: Case) -> str:
    if case.person is None:
        return f"{case.unit}主要负责人{case.head}"
    role = f"{case.posting.team}{case.posting.get_role_display()}" if case.posting else ""
    return f"{role}{case.person}"


def _basis(case: Case) -> str:
    return f"{case.clause}" if case.clause else "驻村第一书记和工作队管理有关规定"


def _facts(case: Case) -> str:
    return case.facts or case.grounds


def _numbers(case: Case, day: date) -> AccountabilityPolicy:
    return policy.on(case.notified_on or day, AccountabilityPolicy)


def _form(rows: list[tuple[str, str]], room: Mapping[str, float]) -> Table:
    """A form of two columns; `room` gives the lines a row leaves for handwriting, by its label."""
    return Table(("项目", "内容"), rows, FORM_WIDTHS, size=12, high=[room.get(label, 2) for label, _ in rows])


def _letter(case: Case, office: str, day: date, **parts) -> Document:
    """What every letter shares: number and date once given, a draft before."""
    told = case.notified_on
    return Document(issuer=office, number=case.document, signature=office, day=told, draft=told is None, **parts)


def _due(case: Case, day: date) -> date:
    return case.due_on or deadline(M(case.measure), case.notified_on or day, _numbers(case, day))


# -- the documents -----------------------------------------------------------------------------------------------------


def reminder_letter(case: Case, office: str, day: date) -> Document:
    """提醒函 with the slip that comes back."""
    by = day_text(_due(case, day))
    slip = _form([
        ("提醒函编号", case.number), ("收件人", case.who), ("提醒事项", case.grounds),
        ("本人回复", f"{case.result}" if case.replied_on else ""), ("签字", f"{day_text(case.replied_on)}" if case.replied_on else SIGN),
    ], {"本人回复": 8, "签字": 2.5})  # fmt: skip
    return _letter(
        case, office, day, title="提醒函", to=f"{_who(case)}：",
        body=[
            Paragraph(f"经查，{_facts(case)}"),
            Paragraph(f"根据{_basis(case)}，现对你予以提醒。请对照驻村工作要求认真查找原因，及时改正，并于{by}前将回执交县驻村办。"),
            Paragraph(f"对本提醒有异议的，可以自收到之日起{_numbers(case, day).appeal_days}日内提出申诉。"),
        ],
        attachments=[Attachment("提醒函回执", slip)],
    )  # fmt: skip


def statement_notice(case: Case, office: str, day: date) -> Document:
    """陈述申辩告知书: what is alleged, on what clause, what is intended, until when one may speak."""
    intended = {M.INTERVIEW: "约谈", M.RECALL: "召回"}[M(case.measure)]
    until = case.statement_due or day + timedelta(days=_numbers(case, day).statement_days)
    reply = _form([("姓名", case.who), ("陈述申辩", case.statement), ("签字", SIGN)], {"陈述申辩": 14, "签字": 2.5})
    body = [
        Paragraph(f"经查，{_facts(case)}"),
        Paragraph(f"根据{_basis(case)}，拟对你予以{intended}。"),
        Paragraph(
            f"你有权陈述和申辩。请于{day_text(until)}前（含当日）在系统内或书面提出；书面意见可以交乡镇或县驻村办代录。"
            "逾期没有提出的，视为没有意见。陈述申辩不会加重处理。"
        ),
    ]
    told = case.statement_due is not None
    return Document(
        issuer=office, number=case.number, title="陈述申辩告知书", to=f"{_who(case)}：", body=body, signature=office, draft=not told,
        day=case.statement_due - timedelta(days=_numbers(case, day).statement_days) if case.statement_due else None,
        attachments=[Attachment("陈述申辩书", reply)],
    )  # fmt: skip


def interview_notice(case: Case, office: str, day: date) -> Document:
    """约谈通知书: who, why, when and where."""
    body = [
        Paragraph(f"因{case.grounds}，根据{_basis(case)}，决定对{_who(case)}进行约谈。有关事项通知如下："),
        Paragraph(_facts(case), lead="一、约谈事由。"),
        Paragraph(f"{day_text(_due(case, day))}前，具体时间另行电话通知。", lead="二、约谈时间。"),
        Paragraph(case.place or "县驻村办。", lead="三、约谈地点。"),
        Paragraph(
            "县驻村办、县委组织部有关负责同志，被约谈人所在乡镇党（工）委、派出单位有关负责同志。",
            lead="四、参加人员。",
        ),
        Paragraph("请准时参加，并就有关问题准备说明和整改措施。"),
    ]
    to = f"{case.unit}：" if case.unit else f"{case.who}："
    return _letter(case, office, day, title="约谈通知书", to=to, body=body)


def interview_record(case: Case, office: str, day: date) -> Document:
    """约谈记录: to be written by hand, or as it was entered."""
    held = case.state in (S.DONE, S.CLOSED) and case.on is not None
    rows = [
        ("编号", case.number), ("被约谈人", _who(case)), ("约谈日期", day_text(case.on) if held and case.on else "　　　　年　　月　　日"),
        ("约谈地点", case.place), ("约谈人、参加人", ""), ("约谈事由", case.grounds), ("存在问题", _facts(case)),
        (TALK, case.result if held else ""), ("被约谈人签字", SIGN), ("约谈人签字", SIGN),
    ]  # fmt: skip
    return Document(
        issuer=office,
        title="约谈记录",
        body=[_form(rows, {TALK: 9, "约谈人、参加人": 3, "被约谈人签字": 2.5, "约谈人签字": 2.5})],
    )


def recall_form(case: Case, office: str, day: date) -> Document:
    """召回审批表, the columns of domain.md 3.9: empty where a level has not spoken yet."""
    given = {one.level: one for one in case.opinions.all()}
    posting = case.posting
    rows: list[tuple[str, str]] = [
        ("姓名", str(case.person)), ("工作队和职务", f"{posting.team}{posting.get_role_display()}" if posting else ""),
        ("派出单位", str(case.unit or "")), ("任职时间", f"{posting.start} 起" if posting else ""), ("召回事由及依据", f"{case.grounds}\n依据：{_basis(case)}"),
        ("调查核实情况", case.facts), ("本人陈述申辩", case.statement or ("没有提出意见" if case.state not in (S.DRAFT, S.HEARING) else "")),
    ]  # fmt: skip
    rows += [(f"{Opinion.By(level).label}意见", _opinion(given.get(level.value))) for level in path_of(case)]
    successor = f"{case.successor.person}，{case.successor.start} 到岗" if case.successor else ""
    rows += [
        ("告知单位日期", _text(case.notified_on)), ("离任日期", _text(case.last_day)), ("接任人选及到岗日", successor),
        ("影响期", f"至 {case.banned_until}" if case.banned_until else ""),
    ]  # fmt: skip
    return Document(
        issuer=office,
        number=case.number,
        title="驻村工作队员召回审批表",
        body=[_form(rows, {f"{label}意见": 3 for label in Opinion.By.labels} | {"本人陈述申辩": 3})],
    )


def recall_order(case: Case, office: str, day: date) -> Document:
    """召回决定, which orders the unit to select anew within the policy's days."""
    numbers, until = _numbers(case, day), appeal_until(case)
    last = f"自{day_text(case.last_day)}后离任。" if case.last_day else "按要求办理离任手续。"
    appeal = (
        f"本人或派出单位对本决定不服的，可以在{day_text(until)}前提出申诉。"
        if until
        else f"本人或派出单位对本决定不服的，可以自收到之日起{numbers.appeal_days}日内提出申诉。"
    )
    body = [
        Paragraph(f"经查，{_facts(case)}"),
        Paragraph(f"根据{_basis(case)}，经听取本人陈述申辩并按程序审批，决定召回{_who(case)}。有关事项通知如下："),
        Heading("一、办理离任和交接"), Paragraph(f"{case.person}同志{last}离任前要办好户情资料、项目、资金、物资和未办事项交接，三方签字备查。"),
        Heading("二、重新选派"), Paragraph(f"请你单位于{day_text(_due(case, day))}前（{numbers.reselect_days}日内）重新选派符合条件的人员到岗，并报县驻村办。"),
        Heading("三、影响期"), Paragraph(f"{case.person}同志在召回影响期内不再选派驻村{f'，影响期至{day_text(case.banned_until)}' if case.banned_until else ''}。"),
        Heading("四、申诉"), Paragraph(appeal),
    ]  # fmt: skip
    township = f"抄送：县委组织部，{case.township}党（工）委。" if case.township else "抄送：县委组织部。"
    return _letter(
        case, office, day, title=f"关于召回{case.person}同志并责成重新选派的通知", to=f"{case.unit}：", body=body,
        copies=township, printed_by=office if case.notified_on else "",
    )  # fmt: skip


def _opinion(found: Opinion | None) -> str:
    if found is None:
        return SIGN
    document = f"（{found.document}）" if found.document else ""
    return f"{'同意' if found.agreed else '不同意'}{document}　{found.text}\n经手：{found.given_by}　{found.given_at:%Y-%m-%d}"


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _letter_fits(case: Case) -> bool:
    return case.measure == "reminder" and case.way != Case.Way.ORAL


PAPERS = {
    "letter": Paper("提醒函", _letter_fits, reminder_letter),
    "statement": Paper("陈述申辩告知书", lambda case: case.measure != "reminder", statement_notice),
    "notice": Paper("约谈通知书", lambda case: case.measure == "interview", interview_notice),
    "record": Paper("约谈记录", lambda case: case.measure == "interview", interview_record),
    "approval": Paper("召回审批表", lambda case: case.measure == "recall", recall_form),
    "order": Paper("召回决定", lambda case: case.measure == "recall", recall_order),
}
