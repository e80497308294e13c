"""Pages of the book as they come back, without paper: printed by the action, read as a test says."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from tests.cast import NOW
from zhucun.work.attendance.actions.printing import print_pages
from zhucun.work.attendance.actions.readings import keep_readings
from zhucun.work.attendance.models import PrintedPage, Reading
from zhucun.work.attendance.paging import printed
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.scan.reading import Cell, Read

NOVEMBER = month_named("2022-11")
BOX = (264, 276, 52, 156)


def printed_page(world, team=None, month=NOVEMBER, by=None, at: datetime = NOW) -> PrintedPage:
    """The first page of a team's month, printed."""
    return print_pages(teams=[team or world.team_shiqiao], month=month, by=by or world.office, at=at)[0]


def picture() -> bytes:
    """A straightened page with nothing on it."""
    import cv2
    import numpy as np

    return cv2.imencode(".jpg", np.full((1260, 1782, 3), 240, np.uint8))[1].tobytes()


def read(page: PrintedPage, say: Callable[[str, int], str | Cell | None], **other) -> Read:
    """The page as read: `say` gives the option of a person and day, None for a blank, or a whole cell."""
    cells = []
    for row in printed(page).rows:
        for day in row.days:
            said = say(row.person, day)
            if isinstance(said, Cell):
                cells.append(said)
            elif said is None:
                cells.append(Cell(row.person, day, None, 0.5, True, "没有填涂", "blank", crop=BOX))
            else:
                cells.append(Cell(row.person, day, said, 0.98, False, crop=BOX))
    return Read(
        **{"file": "石桥.jpg", "number": 1, "code": page.code, "page": printed(page), "cells": tuple(cells)} | other
    )


def faint(person: str, day: int, value: str = "村") -> Cell:
    """A cell the reader is in doubt about."""
    return Cell(person, day, value, 0.4, True, "笔迹很轻", "faint", crop=BOX)


def keep(
    world, *reads: Read, by=None, batch: UUID | None = None, digest: str = "d" * 64, at: datetime = NOW
) -> list[Reading]:
    """What was read, kept."""
    return keep_readings(
        reads=reads,
        digest=digest,
        batch=batch or uuid4(),
        county=world.county,
        township=world.jinqiao,
        by=by or world.clerk_jin,
        at=at,
    )
