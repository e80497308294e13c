"""What people are called and what stands on their papers beside the counted columns: names, schools, posts, numbers."""

from collections.abc import Iterable
from datetime import date, timedelta

from zhucun.base.people.identity import check_character

from .chance import Chance
from .plan import Who, entered_by
from .seed import Seed

RESERVED_ORDER_CODES = {"male": ("997", "999"), "female": ("996", "998")}
"""Kept for people over a hundred (GB 11643), so that no number here is anybody's."""


class Names:
    """Names joined at random, none twice and none of the well-known."""

    def __init__(self, chance: Chance, names: dict, taken: Iterable[str] = ()) -> None:
        self.chance, self.names = chance, names
        self.taken = {*names["avoid"].split(), *taken}

    def draw(self, born: int, sex: str) -> str:
        """A name nobody has yet, as people born that year are called."""
        given = self.names["given"][f"{'older' if born < 1978 else 'younger'}_{sex}"]
        while True:
            name = self.chance.word(self.names["surnames"]) + self.chance.word(given)
            if name not in self.taken:
                self.taken.add(name)
                return name


def paint(chance: Chance, seed: Seed, people: list[Who], names: Names) -> None:
    """Fill in what is not counted, in the order people come up."""
    kinds = {row["name"]: row for row in seed.units}
    papers: set[str] = set()
    for n, who in enumerate(
        sorted(people, key=lambda who: (who.first_day, who.stays[0].crew.number, not who.leads)), 1
    ):
        who.number, who.phone = f"P{n:04}", f"129{n:08}"
        portray(chance, seed, who, names, papers, kinds[who.unit])


def portray(chance: Chance, seed: Seed, who: Who, names: Names, papers: set[str], unit: dict) -> None:
    """Fill in one person; `papers` are the first 17 characters of ID numbers given already."""
    who.name = names.draw(who.born.year, who.sex)
    who.ethnicity = chance.word(seed.words["places"]["ethnicities"]) if chance.holds(0.025) else "汉族"
    who.native_place = chance.word(seed.words["places"]["native"])
    who.id_number = _id_number(who, papers)
    _schooling(chance, seed.words, who, unit)
    _work(chance, seed.words, who, unit)
    _party(chance, who)


def _id_number(who: Who, papers: set[str]) -> str:
    for code in RESERVED_ORDER_CODES[who.sex]:
        first = f"430426{who.born:%Y%m%d}{code}"
        if first not in papers:
            papers.add(first)
            return first + check_character(first)
    raise ValueError(f"three people born on {who.born}")


def _schooling(chance: Chance, words: dict, who: Who, unit: dict) -> None:
    for record in (who.record, *(after for _, after in who.changes if "education" in after)):
        education, farming = record["education"], who.record["agriculture"]
        if education == "school":
            record |= {"major": "", "school": ""}
            continue
        subjects, schools = words["subjects"], words["schools"]
        kind = f"agriculture_{education}" if farming else education
        record["major"] = chance.word(subjects.get(kind) or subjects[f"{unit['category']}_{education}"])
        record["school"] = chance.word(_by_word(words["schools_of"], record["major"], schools[kind]))


def _by_word(table: dict[str, str], text: str, otherwise: str) -> str:
    """What the table says of the first of its words that stands in the text."""
    return next((found for word, found in table.items() if word in text), otherwise)


def _work(chance: Chance, words: dict, who: Who, unit: dict) -> None:
    for record in (who.record, *(after for _, after in who.changes if "rank" in after)):
        record["post"] = _post(chance, words, who, who.record | record, unit)
    if who.record["rank"] == "technical":
        title = _by_word(words["titles"], who.record["major"], words["titles"]["plain"])
        who.record["title"] = "助理" * (who.age < 32) + "高级" * (who.age > 46 and chance.holds(0.4)) + title
    skills = words["skills"]["agriculture" if who.record["agriculture"] else unit["category"]].split()
    who.record["skills"] = "、".join(chance.pick(skills, chance.number(1, 2)))


def _post(chance: Chance, words: dict, who: Who, record: dict, unit: dict) -> str:
    enterprise = unit["identity"] == "enterprise"
    kind = "enterprise" if enterprise else record["rank"]
    text = chance.word(words["posts"].get(f"{kind}_leader" if who.leads else kind) or words["posts"][kind])
    part = chance.word(words["parts"]["enterprise" if enterprise else unit["category"]])
    return text.replace("{part}", part).replace("{head}", unit["head"])


def _party(chance: Chance, who: Who) -> None:
    final = {
        name: value for record in (who.record, *(after for _, after in who.changes)) for name, value in record.items()
    }
    if final["political"] == "probationary":
        who.party_joined_on = {"stayer": date(2022, 6, 28), "arrival": date(2021, 12, 24)}.get(
            who.group, date(2021, 6, 25)
        )
    elif final["political"] == "party":
        latest = min(entered_by(who).year - 2, who.born.year + 36)
        year = chance.number(who.born.year + 19, max(who.born.year + 20, latest))
        who.party_joined_on = date(min(year, 2020), 6, 1) + timedelta(days=chance.number(0, 60))
