"""A page of the book of each half of the county, read with a cell in doubt and a canary in its warnings; a file printed."""

from types import SimpleNamespace

from tests.cast import NOW
from zhucun.work.attendance.jobs import PRINT, Work
from zhucun.work.attendance.roster import month_named
from zhucun.work.attendance.tests import paper

MONTH = month_named("2022-10")


def settle(world: SimpleNamespace, sides: dict) -> None:
    """The objects of each side as its attributes: `reading`, `batch`, `question` and `printed`."""
    for side in sides.values():
        clerk = world.clerk_jin if side.name == "jin" else world.clerk_niao
        page = paper.printed_page(world, team=side.team, month=MONTH, by=clerk)
        doubt = lambda person, day, side=side: (  # noqa: E731
            paper.faint(person, day) if (person, day) == (side.person.number, 3) else "村"
        )
        read = paper.read(
            page, doubt, file=f"{side.canary}.jpg", warnings=(f"{side.canary}-warning",), picture=paper.picture()
        )
        (side.reading,) = paper.keep(world, read, by=clerk, digest=side.name * 16)
        side.batch = SimpleNamespace(pk=side.reading.batch)
        side.question = side.reading.questions.get(person=side.person, day__day=3)
        work = Work.begun(
            PRINT,
            clerk,
            NOW,
            name=f"{side.canary}.pdf",
            kind="pdf",
            back="/",
            pages=1,
            books=1,
            size=9,
            cover=False,
            daily=False,
        )
        work.made.write_bytes(f"%PDF {side.canary}".encode())
        work.over = True
        work.keep()
        side.printed = SimpleNamespace(pk=work.id)
