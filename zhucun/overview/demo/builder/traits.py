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
}  # fmt: skip
FARMING_UNITS = "农 林 水利 乡村振兴 畜牧 供销".split()
ENTERPRISES = ("公司", "银行", "烟草")


def ages(chance: Chance, people: list[Who], numbers: dict) -> None:
    """Ages round the means of their groups; the sums on the two days come out as the seed says."""
    for who in people:
        who.age = chance.age(*AGES[who.group, who.leads])
    now = [who for who in people if who.group in ("stayer", "arrival")]
    _adjust(chance, now, numbers["age_sum"])
    stayed, left = _group(people, "stayer"), _group(people, "leaver")
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


def traits(chance: Chance, people: list[Who], numbers: dict, kinds: dict[str, dict[str, str]]) -> None:
    """Every column of the records that is counted, with exact counts per group."""
    for group in ("stayer", "arrival", "leaver", "former"):
        here = _group(people, group)
        counts = {
            key: round(n * len(here)) if group == "former" else n
            for key, n in numbers[f"{group}s" if group != "former" else group].items()
        }
        for who in here:
            who.sex = "female" if chance.holds(0.14 if who.leads else 0.33) else "male"
        _education(chance, here, counts)
        _experience(chance, here, counts)
        _political(chance, here, counts, kinds)
        _rank(chance, here, counts, kinds)
    _youngest_probationary(people)
    _chiefs(chance, people, kinds)
    _doctor(people)


def _education(chance: Chance, people: list[Who], counts: dict) -> None:
    school = len(people) - counts["postgraduate"] - counts["undergraduate"] - counts["college"]
    left = _set(
        chance, people, school, "education", "school", lambda w: exp((w.age - 45) / 5) * (0.08 if w.leads else 1)
    )
    left = _set(chance, left, counts["postgraduate"], "education", "postgraduate", lambda w: 26 <= w.age <= 40)
    left = _set(
        chance,
        left,
        counts["undergraduate"],
        "education",
        "undergraduate",
        lambda w: exp((42 - w.age) / 7) * (2.5 if w.leads else 1),
    )
    for who in left:
        who.record["education"] = "college"
    for who in people:
        high = {"postgraduate": "master", "undergraduate": "bachelor" if who.age < 38 or chance.holds(0.4) else "none"}
        who.record["degree"] = high.get(who.record["education"], "none")


def _experience(chance: Chance, people: list[Who], counts: dict) -> None:
    def farming(who: Who) -> float:
        return (
            0.0
            if who.record["education"] == "school"
            else 7.0
            if any(word in who.unit for word in FARMING_UNITS)
            else 1.0
        )

    def relief(who: Who) -> float:
        return 1e9 if any(stay.start.year < 2021 for stay in who.stays) else (who.age >= 28) * (2 if who.leads else 1)

    _flag(chance, people, counts["agriculture"], "agriculture", farming)
    _flag(chance, people, counts["poverty_relief"], "poverty_relief", relief)
    _flag(
        chance,
        people,
        counts["rural"],
        "rural",
        lambda w: (_seniority(w) + 0.5) * (4 if w.record["poverty_relief"] else 1) * (2 if w.leads else 1),
    )


def _seniority(who: Who) -> float:
    """0 for the youngest, about 1 for those near fifty."""
    return max(0.0, (who.age - 24) / 25)


def _political(chance: Chance, people: list[Who], counts: dict, kinds: dict) -> None:
    def party(who: Who) -> float:
        kind = 1.8 if kinds[who.unit]["category"] in ("party", "justice") else 1.0
        schooled = 0.5 if who.record["education"] == "school" else 1.0
        return (60 if who.leads else 1 + _seniority(who) / 2) * kind * schooled

    left = _set(chance, people, counts["party"], "political", "party", party)
    for who in left:
        who.record["political"] = "league" if who.age < 28 else "democratic" if chance.holds(0.03) else "none"


def _rank(chance: Chance, people: list[Who], counts: dict, kinds: dict) -> None:
    def deputy(who: Who) -> float:
        served = kinds[who.unit]["identity"] in ("civil_servant", "reference")
        fit = 31 <= who.age <= 57 and served and who.record["education"] != "school"
        return (
            fit * (7 if who.leads else 1) * (3 if who.record["political"] == "party" else 0.3) * (0.2 + _seniority(who))
        )

    left = _set(chance, people, counts["deputy_section"], "rank", "section_deputy", deputy)
    for who in people:
        identity = kinds[who.unit]["identity"]
        who.record["identity"] = identity
        if who in left:
            _plain_rank(chance, who, identity)


def _plain_rank(chance: Chance, who: Who, identity: str) -> None:
    """Not a leading rank: civil servants and 参公 are 科员, the others technicians or workers."""
    worker = who.record["education"] == "school"
    if identity == "enterprise":
        who.record["rank"] = "other"
    elif identity == "institution" or worker or chance.holds(0.42):
        who.record["identity"] = "institution"
        who.record["rank"] = "other" if worker or chance.holds(0.3) else "technical"
    else:
        who.record["rank"] = "staff"


def _youngest_probationary(people: list[Who]) -> None:
    for group, count in (("stayer", 2), ("arrival", 2), ("leaver", 1)):
        plain = [
            w
            for w in _group(people, group)
            if not w.leads and len(w.stays) == 1 and w.record["rank"] != "section_deputy"
        ]
        young = [who for who in plain if who.record["political"] == "party"]
        for who in sorted(young, key=lambda who: (who.age, who.born))[:count]:
            who.record["political"] = "probationary"


def _chiefs(chance: Chance, people: list[Who], kinds: dict) -> None:
    """Among the 副科以上 a few 正科, and one from the province or city of 副处 rank."""
    ranked = [who for who in people if who.record["rank"] == "section_deputy" and who.leads]
    above = [who for who in ranked if kinds[who.unit]["level"] != "county"]
    for who in above[:1]:
        who.record["rank"] = "county_deputy"
    for group, count in (("stayer", 5), ("arrival", 3), ("leaver", 3)):
        for who in chance.pick(
            [w for w in _group(ranked, group) if w.record["rank"] == "section_deputy"], count, lambda w: w.age >= 41
        ):
            who.record["rank"] = "section_chief"


def _doctor(people: list[Who]) -> None:
    """The one 博士 is the eldest postgraduate among the arrivals."""
    fit = [who for who in _group(people, "arrival") if who.record["education"] == "postgraduate"]
    max(fit, key=lambda who: (who.record["agriculture"], who.age)).record["degree"] = "doctor"


def changes(chance: Chance, people: list[Who], numbers: dict) -> None:
    """What became different for those who stayed in 2022: degrees, party membership, promotions."""
    free = [
        who for who in _group(people, "stayer") if all(stay.last is None or stay.last.year < 2022 for stay in who.stays)
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


def _group(people: list[Who], group: str) -> list[Who]:
    return [who for who in people if who.group == group]


def _set(
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
