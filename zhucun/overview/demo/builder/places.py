"""Which villages there are, which of them get teams, and from which units."""

from datetime import date

from .chance import Chance
from .plan import Crew, Place, day_before
from .seed import Seed

CONDITION = {"economy": "poor", "party": "weak", "justice": "disorderly"}
"""经济部门到穷村、党群部门到弱村、政法部门到乱村."""

CLASSED = date(2021, 5, 10)
RECLASSED = date(2022, 3, 1)
CLOSED_ON, OPENED_ON = date(2022, 6, 30), date(2022, 7, 4)
STARTS = [date(2021, 5, 20)] * 45 + [date(2021, 5, 24)] * 20 + [date(2021, 6, 1)] * 12 + [date(2021, 6, 7)] * 6
EARLY_STARTS = [date(2020, 11, 16)] * 2 + [date(2020, 12, 14)] * 2 + [date(2021, 1, 11)] * 2


def villages(seed: Seed) -> list[Place]:
    """Every 村委会 as a village, without the 委会 of its name."""
    rows = [row for row in seed.divisions if row["kind"] == "村委会"]
    return [Place(row["code"], row["name"].removesuffix("委会"), row["parent"]) for row in rows]


def crews(chance: Chance, seed: Seed, places: list[Place]) -> list[Crew]:
    """Every team to be, with villages chosen evenly over the townships: kept, closed, opened, and those of poverty relief."""
    numbers = seed.structure["teams"]
    chosen = _chosen(chance, places, numbers["kept"] + numbers["closed"] + numbers["opened"])
    [closing, opening, kept] = chance.deal(chosen, numbers["closed"], numbers["opened"])
    kept.sort(key=lambda place: place.code)
    leads = chance.deal([row["name"] for row in seed.units for _ in range(int(row["leads"]))])[0]
    found = [
        *_kept(chance, numbers, kept, leads[: len(kept)]),
        *(
            Crew("", place, chance.word("县民政局 县水利局"), [], date(2020, 6, 15), 3 - n, CLOSED_ON, "closed")
            for n, place in enumerate(closing)
        ),
        *(Crew("", place, lead, [], OPENED_ON, 3) for place, lead in zip(opening, leads[len(kept) :], strict=True)),
    ]
    _join(chance, seed, found)
    _classify(chance, seed, places, found)
    ordinary = [crew for crew in found if crew.place.classes[-1][1] == "ordinary"]
    for crew in chance.pick(ordinary, numbers["plain_leaders"], lambda crew: crew.last is None):
        crew.plainly_led = True
    found += _relief(chance, seed, found)
    _number(found)
    return found


def _chosen(chance: Chance, places: list[Place], count: int) -> list[Place]:
    """Villages with teams: each township its share, by largest remainder."""
    townships = sorted({place.township for place in places})
    here = {code: [place for place in places if place.township == code] for code in townships}
    share = {code: len(here[code]) * count / len(places) for code in townships}
    seats = {code: int(share[code]) for code in townships}
    for code in sorted(townships, key=lambda code: (seats[code] - share[code], code))[: count - sum(seats.values())]:
        seats[code] += 1
    return [place for code in townships for place in chance.pick(here[code], seats[code])]


def _kept(chance: Chance, numbers: dict, places: list[Place], leads: list[str]) -> list[Crew]:
    sizes = [2] * numbers["two"] + [4] * numbers["four"] + [3] * (len(places) - numbers["two"] - numbers["four"])
    sizes = chance.deal(sizes)[0]
    starts = chance.deal([*STARTS, *EARLY_STARTS])[0]
    return [Crew("", *row[:2], [], *row[2:]) for row in zip(places, leads, starts, sizes, strict=True)]


def _join(chance: Chance, seed: Seed, found: list[Crew]) -> None:
    """Joint teams: about a third have one unit more, of another kind than the lead."""
    kind = {row["name"]: row["category"] for row in seed.units}
    helpers = [row["name"] for row in seed.units if row["level"] == "county"]
    for crew in chance.pick(found, len(found) // 3, lambda crew: crew.seats - 1):
        crew.partners = chance.pick([name for name in helpers if kind[name] != kind[crew.lead]], 1)


def _classify(chance: Chance, seed: Seed, places: list[Place], found: list[Crew]) -> None:
    """村类别 by date and 村情: mostly what the lead unit is sent for, in a few villages something else."""
    kind = {row["name"]: row["category"] for row in seed.units}
    staffed = [crew.place for crew in found]
    bare = [place for place in places if place not in staffed]
    models, keys, _ = chance.deal(staffed, 16, 47)
    classes = (
        dict.fromkeys(places, "ordinary")
        | dict.fromkeys(keys, "key")
        | dict.fromkeys([*models, *chance.pick(bare, 9)], "model")
    )
    for place in places:
        place.classes.append((CLASSED, classes[place]))
    rising = chance.pick([place for place in staffed if classes[place] == "ordinary"], 6)
    for n, place in enumerate(rising):
        place.classes.append((RECLASSED, "model" if n < 4 else "key"))
    for place in chance.pick(keys, 3):
        place.classes.append((RECLASSED, "ordinary"))
    for crew in found:
        fitting = CONDITION.get(kind[crew.lead], "")
        crew.place.condition = fitting if fitting and chance.holds(0.85) else chance.word("poor weak poor disorderly")
        wanted = seed.words["needs"][crew.place.condition]
        crew.place.needs = "、".join(chance.pick(wanted.split(), 2))
    for place in chance.pick(bare, 22):
        place.condition = chance.word("weak disorderly weak poor")
    for place in chance.pick(bare, 60):
        place.needs = chance.word(seed.words["needs"]["plain"])


def _relief(chance: Chance, seed: Seed, found: list[Crew]) -> list[Crew]:
    """The teams of the poverty relief years in villages that got a new team in 2021; the new one begins the day after."""
    later = [crew for crew in found if date(2021, 5, 1) < crew.start < date(2021, 7, 1)]
    chosen = chance.pick(later, seed.structure["relief"]["teams"])
    return [
        Crew("", crew.place, crew.lead, [], chance.workday(date(2018, 3, 12), date(2018, 5, 11)), 2 + chance.holds(0.4),
             day_before(crew.start), "relief_over", crew.plainly_led)
        for crew in chosen
    ]  # fmt: skip


def _number(found: list[Crew]) -> None:
    """Numbers by the year of founding, villages in the order of their codes: QD21-001 …"""
    found.sort(key=lambda crew: (crew.start.year, crew.place.code))
    counts: dict[int, int] = {}
    for crew in found:
        counts[crew.start.year] = counts.get(crew.start.year, 0) + 1
        crew.number = f"QD{crew.start.year % 100}-{counts[crew.start.year]:03}"
