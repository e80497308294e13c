"""What people are, so that the counts come out exactly: ages, 学历, 政治面貌, 职级 and the three kinds of experience."""

from collections.abc import Callable
from datetime import date, timedelta
from math import exp

from .chance import Chance
from .plan import DAY, Who

AGES = {  # by group and whether the person leads: mean, spread, youngest, oldest on 2022-12-07
    ("stayer", True): (45.5, 5.5, 31, 57), ("stayer", False): (43.5, 9.0, 25, 58),
    ("arrival", True): (40.5, 5.0, 31, 51), ("arrival", False): (36.0, 7.0, 24, 53),
    ("leaver", True): (48.5, 5.5, 33, 58), ("leaver", False): (46.5, 8.5, 27, 59),
    ("former", True): (48.5, 5.5, 33, 60), ("former", False): (47.5, 8.0, 27, 60),
    ("newcomer", True): (41.5, 5.0, 31, 51), ("newcomer", False): (35.0, 6.5, 24, 50),
}  # fmt: skip
FARMING_UNITS = "农 林 水利 乡村振兴 畜牧 供销".split()
ENTERPRISES = ("公司", "银行", "烟草")


def ages(chance: Chance, people: list[Who], numbers: dict) -> None:
    """Ages round the means of their groups; the sums on the two days come out as the seed says."""
    for who in people:
        who.age = chance.age(*AGES[who.group, who.leads])
    now = [who for who in people if who.group in ("stayer", "arrival")]
    _adjust(chance, now, numbers["age_sum"])
    stayed, left = group_of(people, "stayer"), group_of(people, "leaver")
    _adjust(chance, left, numbers["age_sum_before"] + len(stayed) + len(left) - sum(who.age for who in stayed))
    for who in people:
        who.born = DAY.replace(year=DAY.year - who.age) - timedelta(days=chance.number(0, 364))


def _adjust(chance: Chance, people: list[Who], total: int) -> None:
    """Make some a year older or younger until their ages add up."""
    while missing := total - sum(who.age for who in people):
        step = 1 if missing > 0 else -1
        free = [
            who for who in people if AGES[who.group, who.leads][2] <= who.age + step <= AGES[who.group, who.leads][3]
        ]
        for who in chance.pick(free, min(abs(missing), len(free))):
            who.age += step


def schooling(chance: Chance, people: list[Who], counts: dict) -> None:
    """学历, 学位 and sex of one group, and the three kinds of experience, with exact counts."""
    _education(chance, people, counts)
    _sex(chance, people)
    _experience(chance, people, counts)


def _education(chance: Chance, people: list[Who], counts: dict) -> None:
    def unschooled(who: Who) -> float:
        second = any(stay.role == "deputy" for stay in who.stays)
        return exp((who.age - 45) / 2.2) * (not who.leads) * (0.1 if second else 1)

    def studied(who: Who) -> float:
        return exp((42 - who.age) / 7) * (2.5 if who.leads else 1)

    def researched(who: Who) -> float:
        return (26 <= who.age <= 40) * (6 if any(word in who.unit for word in FARMING_UNITS) else 1)

    school = len(people) - counts["postgraduate"] - counts["undergraduate"] - counts["college"]
    left = give(chance, people, school, "education", "school", unschooled)
    left = give(chance, left, counts["postgraduate"], "education", "postgraduate", researched)
    left = give(chance, left, counts["undergraduate"], "education", "undergraduate", studied)
    for who in left:
        who.record["education"] = "college"
    for who in people:
        high = {"postgraduate": "master", "undergraduate": "bachelor" if who.age < 38 or chance.holds(0.4) else "none"}
        who.record["degree"] = high.get(who.record["education"], "none")


def _sex(chance: Chance, people: list[Who]) -> None:
    """Women retire at 55, women workers at 50, so that the eldest are men."""
    for who in people:
        limit = 49 if who.record["education"] == "school" else 54
        who.sex = "female" if who.age < limit and chance.holds(0.18 if who.leads else 0.4) else "male"


def _experience(chance: Chance, people: list[Who], counts: dict) -> None:
    def farming(who: Who) -> float:
        if who.record["education"] == "school":
            return 0
        return 7 if any(word in who.unit for word in FARMING_UNITS) else 1

    def relieved(who: Who) -> float:
        return 1e9 if any(stay.start.year < 2021 for stay in who.stays) else (who.age >= 28) * (2 if who.leads else 1)

    def rural(who: Who) -> float:
        return (seniority(who) + 0.5) * (4 if who.record["poverty_relief"] else 1) * (2 if who.leads else 1)

    _flag(chance, people, counts["agriculture"], "agriculture", farming)
    _flag(chance, people, counts["poverty_relief"], "poverty_relief", relieved)
    _flag(chance, people, counts["rural"], "rural", rural)


def seniority(who: Who) -> float:
    """0 for the youngest, about 1 for those near fifty."""
    return max(0.0, (who.age - 24) / 25)


def changes(chance: Chance, people: list[Who], numbers: dict) -> None:
    """What became different for those who stayed in 2022: degrees, party membership, promotions."""
    free = [
        who
        for who in group_of(people, "stayer")
        if all(stay.last is None or stay.last.year < 2022 for stay in who.stays)
    ]
    before = {"undergraduate": "college", "college": "school", "postgraduate": "undergraduate"}
    for key, education in (
        ("graduated_to_college", "college"),
        ("graduated_to_undergraduate", "undergraduate"),
        ("graduated_to_postgraduate", "postgraduate"),
    ):
        young = [who for who in free if who.record["education"] == education and not who.changes]
        for who in chance.pick(young, numbers[key], lambda who: who.age < 46):
            after = {name: who.record[name] for name in ("education", "degree")}
            who.record |= {
                "education": before[education],
                "degree": "bachelor" if education == "postgraduate" else "none",
            }
            who.changes.append((chance.workday(date(2022, 6, 20), date(2022, 7, 15)), after))
    for who in [who for who in free if who.record["political"] == "probationary"][: numbers["joined_the_party"]]:
        who.record["political"] = "none"
        who.changes.append((date(2022, 6, 28), {"political": "probationary"}))
    ranked = [who for who in free if who.record["rank"] == "section_deputy" and not who.changes]
    for who in chance.pick(ranked, numbers["promoted"], lambda who: 32 <= who.age <= 46):
        who.record["rank"] = "staff"
        who.changes.append((chance.workday(date(2022, 3, 1), date(2022, 10, 31)), {"rank": "section_deputy"}))


def group_of(people: list[Who], group: str) -> list[Who]:
    return [who for who in people if who.group == group]


def give(
    chance: Chance, people: list[Who], count: int, name: str, value: str, weight: Callable[[Who], float]
) -> list[Who]:
    """Give exactly `count` of them the value; the others are returned."""
    chosen = set(map(id, chance.pick(people, count, weight)))
    for who in people:
        if id(who) in chosen:
            who.record[name] = value
    return [who for who in people if id(who) not in chosen]


def _flag(chance: Chance, people: list[Who], count: int, name: str, weight: Callable[[Who], float]) -> None:
    chosen = set(map(id, chance.pick(people, count, weight)))
    for who in people:
        who.record[name] = id(who) in chosen
