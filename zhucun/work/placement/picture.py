"""Villages and teams as a drawing: where coordinates are known a map without tiles, else townships side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, radians

from django.urls import reverse

from .board import Row
from .models import Proposal

WIDTH, HEIGHT, EDGE = 960.0, 620.0, 30.0
BLOCKS_ACROSS = 6


@dataclass(frozen=True)
class Dot:
    """A village: where it is drawn, its colour and mark, what is said of it, and where it leads."""

    x: float
    y: float
    tone: str
    name: str
    title: str
    url: str
    mark: str = ""
    label: bool = False

    @property
    def mark_y(self) -> float:
        """The base line of the mark inside the dot."""
        return self.y + 4

    @property
    def label_y(self) -> float:
        """The base line of the name below the dot."""
        return self.y + 24


@dataclass(frozen=True)
class Block:
    """A township's frame in the schematic drawing."""

    x: float
    y: float
    width: float
    height: float
    name: str

    @property
    def name_x(self) -> float:
        """Where the name begins."""
        return self.x + 10

    @property
    def name_y(self) -> float:
        """The base line of the name."""
        return self.y + 22


@dataclass(frozen=True)
class Picture:
    """Everything drawn; `real` tells whether places are true ones."""

    dots: Sequence[Dot]
    blocks: Sequence[Block]
    legend: Sequence[tuple[str, str]]
    width: float
    height: float
    real: bool


Colour = Callable[[Row], tuple[str, str]]


def _principle(row: Row) -> tuple[str, str]:
    if row.line.unit.category not in ("economy", "party", "justice"):
        return "gray", "其他部门"
    return ("green", "对口") if row.follows else ("yellow", "不对口")


def _unit(row: Row) -> tuple[str, str]:
    tones = {"economy": "yellow", "party": "red", "justice": "blue"}
    return tones.get(row.line.unit.category, "gray"), row.line.unit.get_category_display()


def _trouble(row: Row) -> tuple[str, str]:
    tones = {"poor": "yellow", "weak": "red", "disorderly": "blue"}
    main = row.troubles.main
    return (tones[main[0]], f"主要{row.troubles.words}") if len(main) == 1 else ("gray", "不突出")


def _staying(row: Row) -> tuple[str, str]:
    if not row.staying:
        return "red", "全换新人"
    return ("green", "全部留任") if len(row.staying) == len(row.seats) else ("yellow", "部分留任")


COLOURS: dict[str, Colour] = {"principle": _principle, "unit": _unit, "trouble": _trouble, "staying": _staying}
CHOICES = (("principle", "是否对口"), ("unit", "派出单位类别"), ("trouble", "村情"), ("staying", "人员留任"))


def draw(rows: Sequence[Row], by: str, proposal: Proposal) -> Picture:
    """The picture of a proposal, coloured by one of COLOURS."""
    colour = COLOURS[by]
    known = [row for row in rows if row.line.village.longitude is not None]
    real = bool(rows) and len(known) >= 0.9 * len(rows)
    legend = tuple(dict.fromkeys(colour(row) for row in rows))
    if real:
        return Picture(tuple(_on_the_map(known, colour, proposal)), (), legend, WIDTH, HEIGHT, True)
    dots, blocks, height = _side_by_side(rows, colour, proposal)
    return Picture(dots, blocks, legend, WIDTH, height, False)


def _dot(row: Row, x: float, y: float, colour: Colour, proposal: Proposal, label: bool = False) -> Dot:
    tone, word = colour(row)
    people = "、".join(f"{seat.candidate}{'（队长）' if seat.leads else ''}" for seat in row.seats)
    url = reverse("placement:line", args=[proposal.pk, row.line.village_id])
    title = f"{row.line.village}（{row.line.village.township}）：{row.line.unit}，{people}。{word}"
    return Dot(round(x, 1), round(y, 1), tone, row.line.village.name, title, url, "锁" if row.locks else "", label)


def _on_the_map(rows: Sequence[Row], colour: Colour, proposal: Proposal) -> Iterable[Dot]:
    """Longitude and latitude on a plane, degrees of longitude shortened by the cosine of the middle latitude."""
    places = [row.line.village for row in rows]
    points = [(float(one.longitude or 0), float(one.latitude or 0)) for one in places]  # both are known here
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * EDGE) / max((east - west) * narrow, 1e-6), (HEIGHT - 2 * EDGE) / max(north - south, 1e-6), 1e5
    )
    for row, (x, y) in zip(rows, points, strict=True):
        across = EDGE + (WIDTH - 2 * EDGE - (east - west) * narrow * scale) / 2 + (x - west) * narrow * scale
        yield _dot(row, across, EDGE + (north - y) * scale, colour, proposal)


def _side_by_side(rows: Sequence[Row], colour: Colour, proposal: Proposal) -> tuple[list[Dot], list[Block], float]:
    """Townships as frames in the order of their codes, their villages inside: no claim about where they lie."""
    towns: dict = {}
    for row in rows:
        towns.setdefault(row.line.village.township, []).append(row)
    width = WIDTH / BLOCKS_ACROSS
    across = 2
    dots, blocks, top = [], [], 0.0
    ordered = sorted(towns.items(), key=lambda item: item[0].pk)
    for start in range(0, len(ordered), BLOCKS_ACROSS):
        line = ordered[start : start + BLOCKS_ACROSS]
        height = 40 + 46 * max(ceil(len(there) / across) for _, there in line)
        for at, (town, there) in enumerate(line):
            left = at * width
            blocks.append(Block(left + 4, top + 4, width - 8, height - 8, town.name))
            for n, row in enumerate(there):
                x = left + width * (0.5 + n % across) / across
                dots.append(_dot(row, x, top + 50 + 46 * (n // across), colour, proposal, label=True))
        top += height
    return dots, blocks, max(top, 60.0)
