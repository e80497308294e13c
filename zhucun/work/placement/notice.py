"""选派通知 with its name list, as a draft in the layout of official documents, for the county office to finish."""

from datetime import date

from zhucun.base.people.models import PARTY
from zhucun.base.web.word import Attachment, Document, Heading, Paragraph, Table, day_text
from zhucun.work.placement.board import Row, records_of

from .models import Round

COLUMNS = ("序号", "乡镇", "村", "村类别", "牵头单位", "队内职务", "姓名", "派出单位", "职级")
WIDTHS = (4, 8, 8, 6, 14, 9, 7, 14, 10)


def draft(round: Round, rows: list[Row], office: str, day: date) -> Document:
    """The notice of a round: who goes where from when, what they hand over, and the list as its attachment."""
    people = sum(len(row.seats) for row in rows)
    units = len({row.line.unit_id for row in rows})
    met = f"经{day_text(round.met_on)}研判会议研究，" if round.met_on else ""
    body: list[Heading | Paragraph | Table] = [
        Paragraph(
            f"根据驻村第一书记和工作队选派管理有关规定，按照“经济部门到穷村、党群部门到弱村、政法部门到乱村”的原则，{met}"
            f"决定向{len(rows)}个村派驻工作队{len(rows)}支、队员{people}人，由{units}个单位牵头。现将有关事项通知如下："
        ),
        Heading("一、按时到岗"),
        Paragraph(
            f"选派的队员于{day_text(round.starts_on)}到村报到，由乡镇（街道、管理处）党（工）委负责接洽安排；留任的继续在岗。"
        ),
        Heading("二、做好交接"),
        Paragraph("离任人员应当在规定期限内与接任人员办理户情资料、项目、资金、物资和未办事项交接，三方签字备查。"),
        Heading("三、落实保障"),
        Paragraph("派出单位落实责任、项目、资金捆绑要求，保障驻村人员待遇；驻村期间不承担原单位工作。"),
        Heading("四、执行意见"),
        Paragraph("本人或派出单位对选派有意见的，可以在系统内或书面向县驻村办提出，县驻村办负责答复。"),
    ]
    return Document(
        issuer=office,
        number=round.document,
        title=f"关于做好{round}工作的通知",
        to="各乡镇（街道、管理处）党（工）委，县直有关单位：",
        body=body,
        attachments=[
            Attachment(
                "驻村工作队派驻名单", Table(COLUMNS, _list(rows, round), WIDTHS, merge=0, size=10.5), landscape=True
            )
        ],
        signature=office,
        day=day,
        draft=True,
    )


def _role(leads: bool, record) -> str:
    """The role the approval will give: leaders in the party are first secretaries as well."""
    return ("第一书记兼队长" if record and record.political in PARTY else "队长") if leads else "队员"


def _list(rows: list[Row], round: Round) -> list[tuple]:
    found, n = [], 0
    records = records_of(rows, round.starts_on)
    for row in rows:
        for seat in row.seats:
            n += 1
            record = records.get(seat.candidate.person_id)
            role = seat.posting.get_role_display() if seat.posting else _role(seat.leads, record)
            found.append((
                n, row.line.village.township.name, row.line.village.name, row.category, row.line.unit.name, role,
                seat.candidate.person.name, seat.candidate.unit.name, record.get_rank_display() if record else "",
            ))  # fmt: skip
    return found
