"""The whole plan of the county, drawn once and always the same."""

from collections import Counter
from datetime import date

from zhucun.base.access.permissions import ROLES, Role

from . import places, portraits, ranks, traits
from .chance import Chance
from .plan import DAY, Crew, Plan, Stay, Who
from .roster import Roster
from .seed import Seed
from .selection import select
from .sheets import fill_reviews

SHOWN_SINCE = date(2022, 10, 10)
"""The team the shown accounts belong to has a hand-over open since about then."""


def draw(seed: Seed) -> Plan:
    """Places, crews, people with everything about them, chiefs of units and the names on the accounts."""
    chance = Chance(seed.structure["seed"])
    villages = places.villages(seed)
    crews = places.crews(chance, seed, villages)
    people = Roster(chance, seed.structure, crews).fill()
    kinds = {row["name"]: row for row in seed.units}
    traits.ages(chance, people, seed.structure)
    _describe(chance, seed, people, kinds)
    traits.changes(chance, people, seed.structure["stayers"])
    names = portraits.Names(chance, seed.names)
    portraits.paint(chance, seed, people, names)
    fill_reviews(chance, seed, people)
    for place in dict.fromkeys(crew.place for crew in crews):
        place.secretary = names.draw(1970, "female" if chance.holds(0.15) else "male")
    people.sort(key=lambda who: who.number)
    chiefs = {row["name"]: _chiefs(chance, names, n) for n, row in enumerate(seed.units, 1)}
    shown = _shown(crews)
    shown.plainly_led = False  # its leader is to be a first secretary
    accounts = _accounts(chance, names, seed, shown, chiefs)
    selection = select(Chance(seed.structure["seed"] + 2), seed, crews, people, names.taken, shown)
    taken = names.taken | {who.name for who in selection.newcomers}
    clerks = _clerks(portraits.Names(Chance(seed.structure["seed"] + 6), seed.names, taken), seed, shown)
    return Plan(villages, crews, people, chiefs, accounts, shown, selection, clerks)


def _clerks(names: portraits.Names, seed: Seed, shown: Crew) -> dict[str, str]:
    """Who keeps the attendance of the other townships, by code."""
    codes = [row["code"] for row in seed.divisions if row["parent"] == "430426" and len(row["code"]) == 9]
    return {code: names.draw(1988, "female") for code in codes if code != shown.place.township}


def _describe(chance: Chance, seed: Seed, people: list[Who], kinds: dict) -> None:
    """Every column that is counted, group by group; the shares of those who left before are made counts."""
    groups = {group: traits.group_of(people, group) for group in ("stayer", "arrival", "leaver", "former")}
    counts = {group: seed.structure[f"{group}s"] for group in ("stayer", "arrival", "leaver")}
    counts["former"] = {key: round(share * len(groups["former"])) for key, share in seed.structure["former"].items()}
    for group, here in groups.items():
        traits.schooling(chance, here, counts[group])
        ranks.political(chance, here, counts[group], kinds)
    ranks.ranks(chance, groups, counts, kinds)
    ranks.few(chance, people, kinds)


def _chiefs(chance: Chance, names: portraits.Names, n: int) -> dict[str, str]:
    drawn = {}
    for place, born in (("chief", 1972), ("deputy", 1976), ("contact", 1988)):
        drawn[place] = names.draw(born, "female" if chance.holds(0.25) else "male")
    return drawn | {"phone": f"128{n:08}"}


def _accounts(chance: Chance, names: portraits.Names, seed: Seed, shown: Crew, chiefs: dict) -> dict[str, dict]:
    """By user name: the name, and whose it is (a person in post, a unit or a township), all round one team."""
    leader, member = (next(stay for stay in _old_hands(shown) if stay.leads is leads) for leads in (True, False))
    found: dict[str, dict] = {}
    for row in seed.accounts["account"]:
        purpose = f"{ROLES[Role(row['role'])].label}：{row['purpose']}"
        found[row["username"]] = row | {
            "purpose": purpose,
            "name": names.draw(1980, "male" if chance.holds(0.6) else "female"),
        }
    found["leader"] |= {"name": leader.who.name, "who": leader.who}
    found["member"] |= {"name": member.who.name, "who": member.who}
    found["unit"] |= {"name": chiefs[leader.unit]["contact"], "area": leader.unit}
    found["town"] |= {"area": shown.place.township}
    return found


def _shown(crews: list[Crew]) -> Crew:
    """A team with much to show: three people or more, old hands among them, somebody gone lately, an earlier team."""

    def fits(crew: Crew) -> bool:
        sent = [stay for stay in crew.stays if stay.unit == crew.lead and stay.next]
        left = [stay for stay in sent if stay.ended >= SHOWN_SINCE]
        here = [stay for stay in crew.stays if stay.holds_on(DAY)]
        return len(here) >= 3 and {stay.leads for stay in _old_hands(crew)} == {True, False} and bool(left)

    def worth(crew: Crew) -> tuple:
        leader = next(stay.who for stay in _old_hands(crew) if stay.leads)
        earlier = any(other.place is crew.place and other is not crew for other in crews)
        return earlier + bool(crew.partners) + (leader.record["rank"] == "section_deputy"), beside[crew.place.township]

    beside = Counter(crew.place.township for crew in crews if crew.last is None)
    return max(filter(fits, crews), key=worth)


def _old_hands(crew: Crew) -> list[Stay]:
    return [stay for stay in crew.stays if stay.start == crew.start and stay.holds_on(DAY)]
