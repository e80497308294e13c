"""The book on paper in the shown township: printed, marked, read back, with what is doubtful asked and partly answered."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.actions import printing, readings
from zhucun.work.attendance.book.pages import Page
from zhucun.work.attendance.models import PrintedPage, Question
from zhucun.work.attendance.paging import page_key, printed
from zhucun.work.attendance.roster import month_of
from zhucun.work.attendance.scan.reader import read
from zhucun.work.teams.models import Team

from . import acts, pens
from .acts import Act
from .byhand import NOVEMBER
from .chance import Chance
from .diary import Diary
from .ground import Ground
from .plan import DAY, Crew, Plan, day_before

SAMPLES = ("记录本扫描件样例.pdf", "记录本照片样例.jpg")
BATCHES = UUID("5b1c3a52-6f0e-4d53-9d0b-2022120700aa")
FIRST_READ, READ = date(2022, 12, 2), date(2022, 12, 6)


def folder() -> Path:
    """Where the sample pages lie that somebody may upload."""
    return Path(settings.DATA_DIR) / "demo"


class Papers:
    """Five of the township's teams by how far they are: the shown one confirmed, two typed in, two read, one still on paper."""

    confirmed_on = date(2022, 12, 5)

    def __init__(self, chance: Chance, plan: Plan, ground: Ground, diary: Diary, teams: dict[Crew, Team]) -> None:
        self.chance, self.ground, self.diary, self.teams = chance, ground, diary, teams
        self.shown, township = plan.shown, plan.shown.place.township
        self.crews = [crew for crew, first in diary.rows if first == NOVEMBER and crew.place.township == township]
        others = [crew for crew in self.crews if crew is not plan.shown]
        self.in_grid, self.scanned, self.on_paper = others[:2], others[2:4], others[4]
        self.images: dict[Crew, pens.Image] = {}

    def acts(self) -> list[Act]:
        """Printed before the month, once more after somebody came; read in two goes; December's printed, its book still out."""
        december = month_of(DAY)
        return [
            Act(day_before(NOVEMBER), acts.PRINT, self._print(month_of(NOVEMBER))),
            Act(date(2022, 11, 3), acts.PRINT, self._print(month_of(NOVEMBER))),
            Act(day_before(december.start), acts.PRINT, self._print(december)),
            Act(FIRST_READ, acts.READ, self._read_shown),
            Act(FIRST_READ, acts.CHECK, self._answer_all),
            Act(READ, acts.READ, self._read_others),
            Act(READ, acts.CHECK, self._read_again),
            Act(READ, acts.CHECK, self._samples),
        ]

    def _print(self, month: Period) -> Callable:
        return lambda at: printing.print_pages(
            teams=[self.teams[crew] for crew in self.crews], month=month, by=self.ground.clerk, at=at
        )

    # --- filled in ---------------------------------------------------------------------------------

    def _fill_in(self, crews: list[Crew], doubts: pens.Doubts) -> None:
        """The pages of some crews as the village's pen leaves them."""
        pages = [self._page(crew) for crew in crews]
        marks = {
            stay.who.number: row for crew in crews for stay, row in self.diary.rows[crew, NOVEMBER].items()
        }  # fmt: skip
        found = pens.filled(self.chance, pages, page_key(), marks, doubts)
        self.images |= dict(zip(crews, found, strict=True))

    def _page(self, crew: Crew) -> Page:
        rows = PrintedPage.objects.filter(team=self.teams[crew], month=NOVEMBER, part=1)
        return printed(rows.order_by("-version")[0])

    def _doubtful(self, crew: Crew, *kinds: str) -> dict[tuple[str, int], str]:
        """Cells of days in the village done badly, spread over the month and the crew's people."""
        stays = [(stay, row) for stay, row in self.diary.rows[crew, NOVEMBER].items() if row.endswith(("√", "调"))]
        found = {}
        for n, kind in enumerate(kinds):
            stay, row = stays[n % len(stays)]
            days = [day for day in range(5 + 7 * n, 31) if row[day - 1] == "√"]
            found[stay.who.number, days[0]] = kind
        return found

    # --- read --------------------------------------------------------------------------------------

    def _read(self, name: str, content: bytes, at: datetime) -> None:
        def lookup(code: str) -> Page | str:
            row = PrintedPage.objects.filter(code=code).first()
            return printed(row) if row else "系统里没有这一页"

        clerk, county = self.ground.clerk, self.ground.county
        readings.keep_readings(
            reads=list(read(name, content, lookup, county.pk, page_key())), digest=sha256(content).hexdigest(),
            batch=uuid5(BATCHES, name), county=county, township=self.ground.divisions[self.ground.clerk_township],
            by=clerk, at=at,
        )  # fmt: skip

    def _read_shown(self, at: datetime) -> None:
        self._fill_in([self.shown], self._doubtful(self.shown, pens.DOUBLE, pens.EMPTY))
        self._read("姊妹岭村11月.jpg", pens.photographed(self.chance, self.images[self.shown]), at)

    def _answer_all(self, at: datetime) -> None:
        """The clerk looks at the paper and says what stands there."""
        truth = {stay.who.number: row for stay, row in self.diary.rows[self.shown, NOVEMBER].items()}
        asked = Question.objects.filter(reading__page__team=self.teams[self.shown], answered_at=None)
        answers = {
            one.pk: pens.OPTION[truth[one.person.number][one.day.day - 1]] for one in asked.select_related("person")
        }  # fmt: skip
        if answers:
            readings.answer(answers=answers, by=self.ground.clerk, at=at)

    def _read_others(self, at: datetime) -> None:
        first, second = self.scanned
        doubts = self._doubtful(first, pens.DOUBLE, pens.EMPTY) | self._doubtful(second, pens.PALE, pens.DOUBLE)
        self._fill_in([first, second, self.on_paper], doubts)
        sheets = [pens.scanned(self.chance, self.images[crew]) for crew in (first, second)]
        self._read("11月记录本扫描.pdf", pens.as_pdf(sheets), at)

    def _read_again(self, at: datetime) -> None:
        """The second page once more, after the village put its doubtful cells right; and a photo that lacks a corner."""
        second = self.scanned[1]
        self._fill_in([second], {})
        at += timedelta(seconds=20)
        self._read(f"{second.place.name}补拍.jpg", pens.photographed(self.chance, self.images[second]), at)
        photo = pens.photographed(self.chance, self.images[self.on_paper])
        self._read(f"{self.on_paper.place.name}.jpg", pens.cut_off(photo), at + timedelta(seconds=10))

    def _samples(self, at: datetime) -> None:
        """A scan and a photo of the page that is still to be read, for whoever wants to try; there once the county is."""
        image = self.images[self.on_paper]
        contents = pens.as_pdf([pens.scanned(self.chance, image)]), pens.photographed(self.chance, image)
        for name, content in zip(SAMPLES, contents, strict=True):
            transaction.on_commit(partial(_put, folder() / name, content))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)
