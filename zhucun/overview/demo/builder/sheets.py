"""The papers of the plan: review sheets of those who came in 2022, and what stands on hand-over lists."""

from datetime import date, timedelta

from .chance import Chance, is_workday, workday_before
from .plan import Place, Plan, Stay, Who
from .seed import Seed

REVIEWED_SHARE = 0.94
OPEN_SINCE = date(2022, 11, 21)
LAST = date(2022, 12, 6)
OVERDUE_ON = (date(2022, 10, 1), date(2022, 11, 1))


def fill_reviews(chance: Chance, seed: Seed, people: list[Who]) -> None:
    """选派审核表 for nearly everybody who was posted in 2022; one tells of a husband or wife in another village."""
    arrived = [who for who in people if any(stay.start.year == 2022 for stay in who.stays)]
    reviewed = chance.pick(arrived, round(len(arrived) * REVIEWED_SHARE))
    spouses = chance.pick(reviewed, 2, lambda who: 30 <= who.age <= 45)
    for who in reviewed:
        start = max(stay.start for stay in who.stays)
        who.review = {
            "reviewed_on": workday_before(start - timedelta(days=chance.number(4, 16))),
            "appraisal_last": "excellent" if chance.holds(0.22) else "competent",
            "appraisal_before": "excellent" if chance.holds(0.18) else "competent",
            "spouse_posted": who in spouses,
            "judgements": {
                standard: chance.random.choice(words.split()) for standard, words in seed.words["judgements"].items()
            },
        }


def posting_reason(seed: Seed, stay: Stay, age: int) -> str:
    """What is said for a posting somebody might doubt; empty where nobody does."""
    words, review, found = seed.words["reasons"], stay.who.review, []
    if age > 55:
        found.append(words["over_age"].format(age=age))
    if stay.start.year == 2022 and review is None:
        found.append(words["not_reviewed"])
    if stay.start.year == 2022 and review and review["spouse_posted"]:
        found.append(words["spouse"])
    return "；".join(found)


def ending_reason(chance: Chance, seed: Seed, stay: Stay) -> str:
    """离任原因 of a stay, by its kind of ending."""
    words = seed.words["reasons"]
    kind, _, place = stay.reason.partition(":")
    if kind == "moved":
        return words["moved"].format(village=place)
    if stay.ending == "recall":
        if kind == "recall_before" or stay.leads:
            return words["recall_before" if kind == "recall_before" else "recall_leader"]
        first, second = words["recall_members"].split("；")
        return first if stay.ended.month < 6 else second
    if stay.ending == "term":
        return words["term"]
    return _transfer_reason(chance, words, stay)


def _transfer_reason(chance: Chance, words: dict, stay: Stay) -> str:
    """Why somebody is transferred: near retirement for the eldest, health for the elder, promotion for the young and schooled."""
    age = stay.ended.year - stay.who.born.year
    if age >= 57 and chance.holds(0.85):
        return words["transfer_old"]
    if age >= 45 and chance.holds(0.22):
        return words["transfer_elder"]
    if age < 46 and stay.who.record["education"] in ("undergraduate", "postgraduate") and chance.holds(0.25):
        return words["transfer_young"]
    return chance.word(words["transfer"])


def handover_lines(chance: Chance, seed: Seed, place: Place, in_party: bool, all_done: bool) -> list[dict]:
    """The lines of a hand-over list: households always, three or four kinds more; party membership for members only."""
    kinds = ["households", *chance.pick(["projects", "money", "property", "pending"], 3)]
    kinds += ["party"] if in_party else []
    numbers = {"n": chance.number(12, 96), "m": chance.number(1, 6), "k": chance.number(180, 560)}
    return [
        {"kind": kind, "content": chance.random.choice(seed.words["handover"][kind].split(" ")).format(**numbers),
         "done": all_done or chance.holds(0.5)}
        for kind in kinds
    ]  # fmt: skip


def signed_on(chance: Chance, stay: Stay, still_open: list[Stay]) -> date | None:
    """The day of the three signatures: within a week, or None for the last weeks' lists and the overdue ones."""
    if stay.ended >= OPEN_SINCE or stay in still_open:
        return None
    day = stay.ended + timedelta(days=chance.number(1, 6))
    while not is_workday(day):
        day += timedelta(days=1)
    return min(day, LAST)


def overdue(chance: Chance, plan: Plan) -> list[Stay]:
    """Lists that should have been signed long ago: two of October, and one of the team the shown accounts belong to."""
    october = [stay for stay in plan.stays if stay.last and OVERDUE_ON[0] <= stay.last < OVERDUE_ON[1]]
    shown = [stay for stay in plan.shown.stays if stay.last and stay.last >= OVERDUE_ON[0] and stay.next]
    return [*chance.pick(october, 2), *shown]
