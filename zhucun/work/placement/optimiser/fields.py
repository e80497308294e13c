"""The parts of an instance document, field by field: every id known, every number whole and within bounds."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from .findings import Findings, Node, shown
from .problem import Candidate, Locks, Pairs, Problem, Scores, Unit, Village

SCORE = 10**7
"""The largest amount of a score, in tenths of a point, so that no sum leaves what every solver takes exactly."""

COUNT = 10**6  # the most people in a team, teams of a unit, or skill points of a person

TOP = ("format", "villages", "units", "candidates", "scores", "locks", "previous")


def problem_of(document: dict[str, Any], findings: Findings) -> Problem:
    """The problem a document describes. It means nothing when there are findings."""
    top = Node(document, "", findings, TOP)
    villages, units, candidates = Ids(top, "villages", "村"), Ids(top, "units", "单位"), Ids(top, "candidates", "人选")
    return Problem(
        villages={key: _village(node, units) for key, node in villages.nodes(Village)},
        units={key: _unit(node, units) for key, node in units.nodes(Unit)},
        candidates={key: _candidate(key, node, units) for key, node in candidates.nodes(Candidate)},
        scores=_scores(top.node("scores", Scores.__dataclass_fields__, required=True), villages, units, candidates),
        locks=_locks(top.node("locks", Locks.__dataclass_fields__), villages, units, candidates),
        previous=_previous(top.node("previous"), candidates),
    )


class Ids:
    """The ids of one kind, and the objects they name. Where there are none, nothing is reported as unknown."""

    def __init__(self, top: Node, name: str, label: str):
        self.label, self.name = label, name
        self.table = top.node(name, required=True)
        self.known: Mapping[str, Any] = self.table.value
        if not self.known and not self.table.is_broken and top.value.get(name) is not None:
            self.table.findings.add(name, f"一个{label}也没有，至少要有一个{label}。")

    def nodes(self, kind: type[Any]) -> Iterator[tuple[str, Node]]:
        """Each id with its object, whose fields are those of `kind`."""
        for key, value in self.table.ids():
            yield key, Node(value, self.table.at(key), self.table.findings, kind.__dataclass_fields__)

    def unknown(self, keys: Iterable[Any]) -> list[Any]:
        """Those that are no ids of this kind, in their order; they may be values of any sort."""
        return [key for key in keys if type(key) is not str or key not in self.known] if self.known else []

    def require(self, node: Node, key: str, value: Any) -> None:
        """Report a value at a key that is no id of this kind."""
        if self.unknown([value]):
            node.wrong(key, f"没有编号为{shown(value)}的{self.label}，请改成 {self.name} 里有的编号，或在那里补上。")


def _village(node: Node, units: Ids) -> Village:
    allowed = None
    if node.value.get("allowed_units") is not None:
        allowed = frozenset(_names(node, "allowed_units", units))
    return Village(node.whole("size", 1, COUNT), node.text("township"), node.flag("remote"), allowed)


def _unit(node: Node, units: Ids) -> Unit:
    return Unit(node.whole("capacity", 0, COUNT), tuple(dict.fromkeys(_names(node, "partners", units))))


def _candidate(key: str, node: Node, units: Ids) -> Candidate:
    unit = node.text("unit")
    if unit:
        units.require(node, "unit", unit)
    elif not node.is_broken and not node.value.get("unit"):
        node.wrong("unit", "缺少这一项，请写上派出单位的编号。")
    spouse = node.text("spouse")
    if spouse == key:
        node.wrong("spouse", "配偶写成了本人，请改成配偶的编号，或删去这一项。")
    return Candidate(
        unit=unit,
        leader_ok=node.flag("leader_ok"),
        leader_bonus=node.whole("leader_bonus", -SCORE, SCORE, default=0),
        skills=_skills(node),
        home_village=node.text("home_village"),
        home_township=node.text("home_township"),
        health_limited=node.flag("health_limited"),
        spouse=spouse,
    )


def _skills(node: Node) -> dict[str, int]:
    skills = node.node("skills")
    return {skill: skills.whole(skill, 0, COUNT) for skill, _ in skills.ids()}


def _names(node: Node, key: str, ids: Ids) -> list[str]:
    found = []
    for at, value in enumerate(node.list(key)):
        ids.require(node, f"{key}[{at}]", value)
        if type(value) is str:
            found.append(value)
    return found


def _scores(node: Node, villages: Ids, units: Ids, candidates: Ids) -> Scores:
    unit_village = node.node("unit_village", required=True)
    person_village = node.node("person_village")
    tiers = node.node("skill_tiers")
    return Scores(
        unit_village=_table(unit_village, units, lambda key: _row(unit_village, key, villages)),
        person_village=_table(person_village, candidates, lambda key: _row(person_village, key, villages)),
        skill_tiers=_table(tiers, villages, lambda key: _tiers(tiers.node(key))),
        joint_penalty=node.whole("joint_penalty", -SCORE, SCORE, default=0),
        stay_bonus=node.whole("stay_bonus", -SCORE, SCORE, default=0),
    )


def _table(node: Node, ids: Ids, part: Callable[[str], Any]) -> dict[str, Any]:
    for key in ids.unknown(node.value):
        ids.require(node, key, key)
    return {key: part(key) for key in node.value}


def _row(table: Node, key: str, villages: Ids) -> dict[str, int]:
    """Scores by village. A province has millions of them: looked at one by one only where something is wrong."""
    row = table.value[key]
    if type(row) is dict and row.keys() <= villages.known.keys() and _are_scores(row.values()):
        return row
    node = table.node(key)
    for village in villages.unknown(node.value):
        villages.require(node, village, village)
    return {village: node.whole(village, -SCORE, SCORE) for village in node.value}


def _are_scores(values: Collection[Any]) -> bool:
    return set(map(type, values)) <= {int} and min(values, default=0) >= -SCORE and max(values, default=0) <= SCORE


def _tiers(node: Node) -> dict[str, tuple[int, ...]]:
    return {skill: _steps(node, skill) for skill, _ in node.ids()}


def _steps(node: Node, skill: str) -> tuple[int, ...]:
    steps = node.list(skill)
    for at, value in enumerate(steps):
        if type(value) is not int or not -SCORE <= value <= SCORE:
            node.wrong(f"{skill}[{at}]", f"应当是 {-SCORE} 到 {SCORE} 的整数，现在是{shown(value)}。")
            return ()
    for at in range(1, len(steps)):
        if steps[at] > steps[at - 1]:
            node.wrong(f"{skill}[{at}]", f"后一档 {steps[at]} 比前一档 {steps[at - 1]} 高，请从高到低写。")
            return ()
    return tuple(steps)


def _locks(node: Node, villages: Ids, units: Ids, candidates: Ids) -> Locks:
    return Locks(
        unit_village=_pairs(node, "unit_village", units, villages),
        ban_unit_village=_pairs(node, "ban_unit_village", units, villages),
        person_village=_pairs(node, "person_village", candidates, villages),
        ban_person_village=_pairs(node, "ban_person_village", candidates, villages),
        person_out=frozenset(_names(node, "person_out", candidates)),
    )


def _pairs(node: Node, key: str, firsts: Ids, villages: Ids) -> Pairs:
    found = []
    for at, pair in enumerate(node.list(key)):
        place = f"{key}[{at}]"
        if not isinstance(pair, list) or len(pair) != 2:
            node.wrong(place, f'应当是两个编号，如 ["{firsts.label}的编号", "村的编号"]，现在是{shown(pair)}。')
            continue
        firsts.require(node, f"{place}[0]", pair[0])
        villages.require(node, f"{place}[1]", pair[1])
        if type(pair[0]) is str and type(pair[1]) is str:
            found.append((pair[0], pair[1]))
    return frozenset(found)


def _previous(node: Node, candidates: Ids) -> dict[str, str]:
    for person in candidates.unknown(node.value):
        candidates.require(node, person, person)
    return {person: village for person in node.value if (village := node.text(person))}
