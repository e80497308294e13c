"""People put forward for the next round who are in no team yet: invented like the others, from a chance of their own."""

from collections.abc import Collection
from datetime import date, timedelta

from . import ranks, traits
from .chance import Chance, is_workday
from .plan import DAY, Place, Who
from .portraits import Names, portray
from .seed import Seed

ENTERED = (date(2022, 11, 16), date(2022, 11, 25))
PHONES = 50_000


def newcomers(
    chance: Chance, seed: Seed, units: list[tuple[str, bool]], known: list[Who], taken: set[str]
) -> list[Who]:
    """One person for each unit named, with whether they are to lead; `known` are everybody else, `taken` names given."""
    numbers = seed.round["newcomers"]
    kinds = {row["name"]: row for row in seed.units}
    people = [Who("newcomer", unit=unit, fit=fit) for unit, fit in units]
    for who in people:
        who.age = chance.age(*traits.AGES[who.group, who.leads])
        who.born = DAY.replace(year=DAY.year - who.age) - timedelta(days=chance.number(0, 364))
        who.entered_on = chance.workday(*ENTERED)
    people.sort(key=lambda who: (who.entered_on or DAY, who.unit, not who.fit))
    traits.schooling(chance, people, numbers)
    ranks.political(chance, people, numbers, kinds)
    ranks.ranks(chance, {"newcomer": people}, {"newcomer": numbers}, kinds)
    names, papers = Names(chance, seed.names, taken), {who.id_number[:17] for who in known}
    for n, who in enumerate(people, 1):
        who.number, who.phone = f"N{n:03}", f"129{PHONES + n:08}"
        portray(chance, seed, who, names, papers, kinds[who.unit])
    return people


def reviews(chance: Chance, seed: Seed, people: list[Who], places: Collection[Place]) -> None:
    """选派审核表 of every newcomer: some come from a village of the round, some have relatives or limits."""
    numbers, words = seed.round, seed.words["judgements"]
    homes = chance.pick(people, numbers["homes"], lambda who: who.native_place == "湖南祁东")
    related = chance.pick([who for who in people if who not in homes], numbers["relatives"])
    limited = chance.pick([who for who in people if who not in homes and not who.fit], numbers["limited"])
    codes = [place.code for place in places]
    for who in people:
        assert who.entered_on is not None
        who.review = {
            "reviewed_on": _workday_after(who.entered_on + timedelta(days=chance.number(1, 4))),
            "appraisal_last": "excellent" if chance.holds(0.25) else "competent",
            "appraisal_before": "excellent" if chance.holds(0.2) else "competent",
            "healthy": who not in limited,
            "judgements": {standard: chance.random.choice(text.split()) for standard, text in words.items()},
        }
        for some, column in ((homes, "home_village"), (related, "relatives_in")):
            if who in some:
                who.review[column] = chance.random.choice(codes)


def _workday_after(day: date) -> date:
    """The day itself or the next that people work."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day
