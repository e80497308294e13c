"""政治面貌, 职级 and 人员身份, with exact counts; nobody outranks the leader of their team."""

from collections.abc import Callable

from .chance import Chance
from .plan import DAY, Stay, Who
from .traits import give, group_of, seniority

SERVED = ("civil_servant", "reference")
PROBATIONARY = (("stayer", 2), ("arrival", 2), ("leaver", 1))
SECTION_CHIEFS = (("stayer", 5), ("arrival", 3), ("leaver", 3))


def political(chance: Chance, people: list[Who], counts: dict, kinds: dict) -> None:
    """Party members of one group: nearly every leader, more in 党群 and 政法 units; the youngest others are 团员."""

    def party(who: Who) -> float:
        kind = 1.8 if kinds[who.unit]["category"] in ("party", "justice") else 1.0
        schooled = 0.5 if who.record["education"] == "school" else 1.0
        return (60 if who.leads else 1 + seniority(who) / 2) * kind * schooled

    for who in give(chance, people, counts["party"], "political", "party", party):
        who.record["political"] = "league" if who.age < 28 else "democratic" if chance.holds(0.03) else "none"


def ranks(chance: Chance, groups: dict[str, list[Who]], counts: dict[str, dict], kinds: dict) -> None:
    """职级 of everybody: first the leaders of every group, then the members, who are 副科 only beside such a leader."""

    def deputy(who: Who) -> float:
        fit = 31 <= who.age <= 57 and kinds[who.unit]["identity"] in SERVED and who.record["education"] != "school"
        return fit * (3 if who.record["political"] == "party" else 0.1) * (0.2 + seniority(who))

    for group, people in groups.items():
        leaders = [who for who in people if who.leads]
        for who in give(chance, leaders, counts[group]["deputy_section_leaders"], "rank", "section_deputy", deputy):
            _plain_rank(chance, who, kinds)
    for group, people in groups.items():
        members = [who for who in people if not who.leads]
        wanted = counts[group]["deputy_section"] - counts[group]["deputy_section_leaders"]
        led, others = _split(members, _led_by_rank)
        for who in [*give(chance, led, wanted, "rank", "section_deputy", deputy), *others]:
            _plain_rank(chance, who, kinds)
    for who in (who for people in groups.values() for who in people):
        who.record.setdefault("identity", kinds[who.unit]["identity"])


def _split(people: list[Who], holds: Callable[[Who], bool]) -> tuple[list[Who], list[Who]]:
    return [who for who in people if holds(who)], [who for who in people if not holds(who)]


def _led_by_rank(who: Who) -> bool:
    """Whether every leader this person served under is 副科 at least."""
    over = [other for stay in who.stays for other in stay.crew.stays if other.leads and _meet(stay, other)]
    return bool(over) and all(other.who.record["rank"] == "section_deputy" for other in over)


def _meet(one: Stay, other: Stay) -> bool:
    return one.start <= (other.last or DAY) and other.start <= (one.last or DAY)


def _plain_rank(chance: Chance, who: Who, kinds: dict) -> None:
    """Not a leading rank: civil servants and 参公 are 科员, the others technicians or workers; no worker leads a team."""
    identity = kinds[who.unit]["identity"]
    worker = who.record["education"] == "school" and not who.leads
    if identity == "enterprise":
        who.record["rank"] = "other"
    elif identity == "institution" or worker or chance.holds(0.2 if who.leads else 0.42):
        who.record["identity"] = "institution"
        plain = who.record["education"] == "college" and not who.leads and chance.holds(0.4)
        who.record["rank"] = "other" if worker or plain else "technical"
    else:
        who.record["rank"] = "staff"


def few(chance: Chance, people: list[Who], kinds: dict) -> None:
    """The few of a kind: 预备党员 among the youngest, some 正科, one 副处 from above the county, one 博士."""
    for group, count in PROBATIONARY:
        plain = [who for who in group_of(people, group) if not who.leads and len(who.stays) == 1]
        young = [who for who in plain if who.record["political"] == "party" and who.record["rank"] != "section_deputy"]
        for who in sorted(young, key=lambda who: (who.age, who.born))[:count]:
            who.record["political"] = "probationary"
    ranked = [who for who in people if who.leads and who.record["rank"] == "section_deputy"]
    above = [who for who in ranked if kinds[who.unit]["level"] != "county" and who.group in ("stayer", "arrival")]
    for who in above[:1]:
        who.record["rank"] = "county_deputy"
    for group, count in SECTION_CHIEFS:
        fit = [who for who in group_of(ranked, group) if who.record["rank"] == "section_deputy" and who.age >= 41]
        for who in chance.pick(fit, count):
            who.record["rank"] = "section_chief"
    postgraduates = [who for who in group_of(people, "arrival") if who.record["education"] == "postgraduate"]
    doctor = max(postgraduates, key=lambda who: (who.record["agriculture"], who.age))
    doctor.record["degree"] = "doctor"
    if doctor.record["rank"] != "section_deputy":
        doctor.record |= {"rank": "technical", "identity": "institution"}
