"""A township of fifteen teams for the attendance journeys, and the village's side of them: the printed page filled in."""

from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace

import cv2
import numpy as np
import pypdfium2 as pdfium
from django.db import transaction

from tests import cast
from tests.cast import MAY_2021, Facts
from zhucun.base.access.permissions import Role as R
from zhucun.base.directory import actions as directory
from zhucun.base.timeline import actions as timeline
from zhucun.work.attendance.actions import marks
from zhucun.work.attendance.book.layout import layout
from zhucun.work.attendance.models import PrintedPage
from zhucun.work.attendance.paging import printed
from zhucun.work.attendance.roster import month_named
from zhucun.work.teams import actions as teams

NOVEMBER = month_named("2022-11")
REST = {5, 6, 12, 13, 19, 20, 26, 27}
USUAL = "".join("调" if day in REST else "√" for day in range(1, 31))
YESTERDAY = cast.NOW - timedelta(days=1)
DOTS_A_MM = 200 / 25.4


@transaction.atomic
def county(n: int) -> SimpleNamespace:
    """The cast on its day, with a leader and a member who sign in, a contact of 县农业农村局, and `n` more teams of 金桥镇."""
    world = cast.build()
    by = {"by": world.caretaker, "at": cast.AT}
    timeline.stand_on(day=cast.TODAY, **by)
    world.leader = cast.account(world, "leader", "王立新")
    teams.give_account(person=world.wang, user=world.leader, **by)
    teams.grant_sight(posting=world.li_posting, **by)
    world.contact_farming = cast.account(world, "contact_farming", "农业农村局联络员", R.UNIT, world.farming)
    world.second_clerk = cast.account(world, "second_clerk", "金桥另一经办人", R.TOWNSHIP, world.jinqiao)
    world.others = [_team(world, number, by) for number in range(1, n + 1)]
    return world


def _team(world: SimpleNamespace, number: int, by: dict):
    """One more village with a team of one."""
    code, name = f"4304261022{number + 10:02}", f"第{number}村"
    village = directory.add_village(code=code, name=name, township=world.jinqiao, fields={}, **by)
    team = teams.open_team(
        number=f"T{number + 100}", village=village, lead_unit=world.finance, partners=[], start=MAY_2021, **by
    )
    facts = Facts(
        f"周{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[number - 1]}", f"P{number + 100}", date(1985, 1, 1), world.finance
    )
    team.person = cast.person(world, facts)
    teams.post(person=team.person, team=team, role="leader", start=MAY_2021, reason="首批选派", **by)
    return team


def record(world: SimpleNamespace, chosen, row: str = USUAL) -> None:
    """November of these teams of one, already typed in."""
    for team in chosen:
        marks.fill(team=team, month=NOVEMBER, rows={team.person.pk: row}, by=world.clerk_jin, at=YESTERDAY)


def scanned(pdf: bytes, village: str, answers) -> bytes:
    """The page of a village out of a printed book, its bubbles filled as `answers(person, day)` says, as a scan at 200 dpi."""
    with pdfium.PdfDocument(pdf) as document:
        texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
        (place,) = [number for number, text in enumerate(texts) if village in text]
        image = np.ascontiguousarray(document[place].render(scale=DOTS_A_MM * 25.4 / 72).to_numpy()[:, :, :3])
    page = PrintedPage.objects.get(team__village__name=village)
    for bubble in layout([printed(page)])[0]["bubbles"]:
        if bubble["option"] in answers(bubble["person"], bubble["day"]):
            _fill(image, bubble)
    return _as_pdf(image)


def _fill(image: np.ndarray, bubble: dict) -> None:
    """A bubble filled from edge to edge with a blue pen."""
    x, y, w, h = (bubble[name] * DOTS_A_MM for name in "xywh")
    middle, size = (round(x + w / 2), round(y + h / 2)), (round(w * 0.46), round(h * 0.46))
    cv2.ellipse(image, middle, size, 0, 0, 360, (120, 60, 40), -1, cv2.LINE_AA)


def _as_pdf(image: np.ndarray) -> bytes:
    """What a scanner makes of it: one JPEG on a page of A4."""
    jpeg = cv2.imencode(".jpg", np.minimum(image, 246), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    into = BytesIO()
    with pdfium.PdfDocument.new() as document:
        page = document.new_page(842, 595)
        picture = pdfium.PdfImage.new(document)
        picture.load_jpeg(BytesIO(jpeg), inline=True)
        picture.set_matrix(pdfium.PdfMatrix().scale(842, 595))
        page.insert_obj(picture)
        page.gen_content()
        document.save(into)
    return into.getvalue()
