"""The next round as drawn: needs of villages round what their 村情 says, who goes on, who does not, and who is new."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from zhucun.base.timeline.periods import age_on

from .chance import Chance
from .newcomers import newcomers, reviews
from .plan import DAY, NEXT, Crew, Place, Selection, Stay, Who
from .seed import Seed

BACK_ON = (date(2022, 12, 1), date(2022, 12, 2))
OLDEST = 55
TROUBLES = ("poor", "weak", "disorderly")
A_TEAM = 3


def select(chance: Chance, seed: Seed, crews: list[Crew], people: list[Who], taken: set[str], shown: Crew) -> Selection:
    """Everything about the round; nothing of the people known already is altered."""
    here = sorted((crew for crew in crews if crew.last is None), key=lambda crew: crew.place.code)
    in_post = [stay for crew in here for stay in crew.stays if stay.holds_on(DAY)]
    places = [crew.place for crew in here]
    fixed = shown, _stays_on(here, shown)
    more = _more(chance, seed, here, in_post)
    back = _back(chance, seed, in_post, fixed[1])
    kept = [stay for stay in in_post if stay.who not in {who for who, _, _ in back}]
    new = newcomers(chance, seed, _wanted(chance, seed, here, more, kept), people, taken)
    reviews(chance, seed, new, places)
    couples = _couples(chance, new, kept, fixed[1])
    return Selection(
        needs=_needs(chance, seed, places),
        more=more,
        newcomers=new,
        back=back,
        wishes=_wishes(chance, seed, places, [*(stay.who for stay in kept), *new]),
        couples=couples,
        fixed=fixed,
    )


# --- people --------------------------------------------------------------------------------------------------------


def _stays_on(here: list[Crew], shown: Crew) -> Stay:
    """A leader everybody wants to keep: the youngest 副科 first secretary of another township than the shown team's."""
    ranked = [
        stay
        for crew in here
        for stay in crew.stays
        if stay.leads and stay.holds_on(DAY) and stay.who.record["rank"] == "section_deputy"
    ]
    fit = [stay for stay in ranked if stay.crew.place.township != shown.place.township and stay.start.year == 2021]
    return max(fit, key=lambda stay: (stay.who.born, stay.who.number))


def _more(chance: Chance, seed: Seed, here: list[Crew], in_post: list[Stay]) -> dict[str, int]:
    """Units with many people that may lead one team more."""
    leads = Counter(crew.lead for crew in here)
    sent = Counter(stay.unit for stay in in_post)
    large = [name for name in sorted(leads) if sent[name] > A_TEAM * leads[name]]
    return {name: leads[name] + 1 for name in chance.pick(large, seed.round["more"])}


def _back(chance: Chance, seed: Seed, in_post: list[Stay], fixed: Stay) -> list[tuple[Who, date, str]]:
    """Those not put forward again: the too old, then the longest in post, each with the day and the reason."""
    words = seed.round["reasons"]
    old = [stay for stay in in_post if age_on(stay.who.born, NEXT) > OLDEST]
    others = [stay for stay in in_post if stay not in old and stay is not fixed and stay.start.year < 2022]
    tired = chance.pick(others, seed.round["taken_back"] - len(old), lambda stay: 1 if stay.leads else 2)
    found = [(stay.who, words["too_old"]) for stay in old]
    found += [(stay.who, chance.word(words["taken_back"])) for stay in tired]
    return [(who, chance.random.choice(BACK_ON), why) for who, why in found]


def _wanted(
    chance: Chance, seed: Seed, here: list[Crew], more: dict[str, int], kept: list[Stay]
) -> list[tuple[str, bool]]:
    """A unit for every newcomer, and whether they are to lead: every unit can fill and lead its own teams, some have more."""
    leads = Counter(crew.lead for crew in here)
    sent, leaders = Counter(stay.unit for stay in kept), Counter(stay.unit for stay in kept if _may_lead(stay))
    found: list[tuple[str, bool]] = []
    for unit in sorted(leads):
        fit = max(0, leads[unit] - leaders[unit])
        short = max(fit, A_TEAM * leads[unit] - sent[unit])
        found += [(unit, n < fit) for n in range(short)]
    numbers = seed.round["newcomers"]
    spare = chance.pick([unit for unit in sorted(leads) for _ in range(2)], numbers["people"] - len(found))
    fit = numbers["fit"] - sum(leads_one for _, leads_one in found)
    plain = [n for n, (_, leads_one) in enumerate(found) if not leads_one]
    also = set(chance.pick(plain, max(0, fit)))
    return [(unit, leads_one or n in also) for n, (unit, leads_one) in enumerate(found)] + [(u, False) for u in spare]


def _may_lead(stay: Stay) -> bool:
    """Whether somebody in post will be put forward as one who may lead."""
    final = dict(stay.who.record)
    for _, after in stay.who.changes:
        final |= after
    return stay.leads or final["political"] in ("party", "probationary")


def _couples(chance: Chance, new: list[Who], kept: list[Stay], fixed: Stay) -> list[tuple[Who, Who]]:
    """Two couples of different units: both new, and one of them in post already."""
    sound = [who for who in new if who.review and who.review["healthy"] and not who.fit]
    [one] = chance.pick([who for who in sound if who.sex == "female" and who.age >= 28], 1)
    [other] = chance.pick([who for who in sound if _matches(who, one)], 1)
    [third] = chance.pick([who for who in sound if who not in (one, other) and 30 <= who.age <= 45], 1)
    in_post = [stay.who for stay in kept if stay is not fixed and not stay.leads and _matches(stay.who, third)]
    [fourth] = chance.pick(in_post, 1)
    assert third.review is not None
    third.review["spouse_posted"] = True
    return [(one, other), (third, fourth)]


def _matches(who: Who, other: Who) -> bool:
    return who.sex != other.sex and who.unit != other.unit and abs(who.age - other.age) <= 4


def _wishes(chance: Chance, seed: Seed, places: list[Place], people: list[Who]) -> dict[Who, str]:
    """意愿乡镇 of some: a township with a village of the round."""
    townships = sorted({place.township for place in places})
    return {who: chance.random.choice(townships) for who in chance.pick(people, seed.round["wishes"])}


# --- villages ------------------------------------------------------------------------------------------------------


def _needs(chance: Chance, seed: Seed, places: list[Place]) -> dict[Place, dict[str, Any]]:
    """What each village needs, as its township would write it."""
    words = seed.round
    two, four, _ = chance.deal(places, words["two"], words["four"])
    remote = chance.pick(places, words["remote"], lambda place: 1 + (place.condition == "poor"))
    return {
        place: _scores(chance, place)
        | {
            "size": A_TEAM - (place in two) + (place in four),
            "remote": place in remote,
            "shortfall": chance.word(words["shortfalls"][place.condition or "plain"]),
            "skills": _skills(chance, seed, place),
            "grounds": _grounds(chance, words["grounds"], place, place in remote),
        }
        for place in places
    }


def _scores(chance: Chance, place: Place) -> dict[str, int]:
    """0 to 100: high for what the 村情 says, sometimes a second trouble not far below, low elsewhere."""
    found = {name: chance.number(8, 42) for name in TROUBLES}
    if place.condition:
        found[place.condition] = chance.number(64, 96)
        if chance.holds(0.3):
            second = chance.random.choice([name for name in TROUBLES if name != place.condition])
            found[second] = found[place.condition] - chance.number(4, 20)
    return found


def _skills(chance: Chance, seed: Seed, place: Place) -> str:
    """需求专业: what stands in the directory, and in some villages one more."""
    asked = place.needs.split("、")
    others = [word for word in seed.words["needs"][place.condition or "plain"].split() if word not in asked]
    return "、".join([*asked, *(chance.pick(others, 1) if chance.holds(0.35) else [])])


def _grounds(chance: Chance, words: dict[str, str], place: Place, remote: bool) -> str:
    text = chance.random.choice(words[place.condition or "plain"].split("|"))
    n, m = (chance.number(38, 61), chance.number(1, 4)) if place.condition == "weak" else (chance.number(12, 58), chance.number(2, 9))  # fmt: skip
    told = text.format(n=n, m=m, k=chance.number(6, 38))
    return told + ("；" + words["remote"].format(far=chance.number(38, 66), m=chance.number(2, 4)) if remote else "")


def by_township(needs: dict[Place, dict[str, Any]]) -> dict[str, dict[Place, dict[str, Any]]]:
    """The needs of each township together, as they are sent in."""
    found: dict[str, dict[Place, dict[str, Any]]] = defaultdict(dict)
    for place, fields in needs.items():
        found[place.township][place] = fields
    return dict(found)
