"""The whole plan of the county, drawn once and always the same."""

from . import places, portraits, traits
from .chance import Chance
from .plan import DAY, Crew, Plan, Stay, Who
from .roster import Roster
from .seed import Seed
from .sheets import fill_reviews

SHOWN_TOWNSHIP = "430426115"
"""步云桥镇, whose clerk, and one of whose teams, the shown accounts belong to."""


def draw(seed: Seed) -> Plan:
    """Places, crews, people with everything about them, chiefs of units and the names on the accounts."""
    chance = Chance(seed.structure["seed"])
    villages = places.villages(seed)
    crews = places.crews(chance, seed, villages)
    people = Roster(chance, seed.structure, crews).fill()
    kinds = {row["name"]: row for row in seed.units}
    traits.ages(chance, people, seed.structure)
    traits.traits(chance, people, seed.structure, kinds)
    traits.changes(chance, people, seed.structure["stayers"])
    names = portraits.Names(chance, seed.names)
    portraits.paint(chance, seed, people, names)
    fill_reviews(chance, seed, people)
    for place in dict.fromkeys(crew.place for crew in crews):
        place.secretary = names.draw(1970, "female" if chance.holds(0.15) else "male")
    people.sort(key=lambda who: who.number)
    chiefs = {row["name"]: _chiefs(chance, names, n) for n, row in enumerate(seed.units, 1)}
    return Plan(villages, crews, people, chiefs, _accounts(chance, names, seed, crews, chiefs))


def _chiefs(chance: Chance, names: portraits.Names, n: int) -> dict[str, str]:
    drawn = {}
    for place, born in (("chief", 1972), ("deputy", 1976), ("contact", 1988)):
        drawn[place] = names.draw(born, "female" if chance.holds(0.25) else "male")
    return drawn | {"phone": f"128{n:08}"}


def _accounts(chance: Chance, names: portraits.Names, seed: Seed, crews: list[Crew], chiefs: dict) -> dict[str, dict]:
    """By user name: the name, and whose it is (a person in post, a unit or a township)."""
    leader, member = _shown_pair(crews)
    found: dict[str, dict] = {}
    for row in seed.accounts["account"]:
        found[row["username"]] = row | {"name": names.draw(1980, "male" if chance.holds(0.6) else "female")}
    found["leader"] |= {"name": leader.who.name, "who": leader.who}
    found["member"] |= {"name": member.who.name, "who": member.who}
    found["unit"] |= {"name": chiefs[leader.unit]["contact"], "area": leader.unit}
    found["town"] |= {"area": SHOWN_TOWNSHIP}
    return found


def _shown_pair(crews: list[Crew]) -> tuple[Stay, Stay]:
    """The leader and a member, both since the founding, of a team in the shown township that is not short of anybody."""
    for crew in crews:
        here = [stay for stay in crew.stays if stay.holds_on(DAY)]
        old = [stay for stay in here if stay.start == crew.start]
        leaders, others = [s for s in old if s.leads], [s for s in old if not s.leads]
        if (
            crew.place.township == SHOWN_TOWNSHIP
            and crew.start.year == 2021
            and len(here) >= 3
            and leaders
            and others
            and _in_party(leaders[0].who)
        ):
            return leaders[0], others[0]
    raise ValueError(f"no team to show in {SHOWN_TOWNSHIP}")


def _in_party(who: Who) -> bool:
    return who.record["political"] == "party"
