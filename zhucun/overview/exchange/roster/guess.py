"""What the columns of a roster hold and what its words mean, guessed for somebody to confirm."""

from collections import Counter
from typing import Any

from zhucun.overview.exchange.cells import plain, shown

from .grid import Grid, named
from .targets import NO, TARGETS, UNIT_CLUES, YES, Target

EXAMPLES = 3
SECRET = {"id_number", "phone", "bank_card", "address", "emergency"}


def columns(headers: list[str]) -> dict[str, str]:
    """Column number (as text) → target key; exact names before names contained, each target once."""
    found: dict[str, str] = {}
    for exact in (True, False):
        for index, header in enumerate(headers):
            if str(index) in found or not header:
                continue
            name = named(header)
            for target in TARGETS:
                if target.key not in found.values() and _means(target, name, exact):
                    found[str(index)] = target.key
                    break
    return found


def _means(target: Target, name: str, exact: bool) -> bool:
    names = {plain(n) for n in (target.label, target.column.header, *target.names)} | {named(target.label)}
    if target.key in {"township", "village", "team"}:
        names -= {plain(target.column.header)}
    return name in names if exact else any(len(n) >= 3 and n in name for n in names)


def examples(grid: Grid, key_of: dict[str, str]) -> list[list[str]]:
    """The first different values of every column, as a reader recognises it; ID numbers and telephones covered."""
    found = []
    for index in range(len(grid.headers)):
        values: list[str] = []
        for _, cells in grid.rows:
            text = shown(cells[index])[:24] if index < len(cells) and cells[index] is not None else ""
            if text and text not in values:
                values.append(_covered(text) if key_of.get(str(index)) in SECRET or _looks_secret(text) else text)
            if len(values) == EXAMPLES:
                break
        found.append(values)
    return found


def _looks_secret(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 11


def _covered(text: str) -> str:
    return f"{text[:3]}****{text[-2:]}"


def meaning(target: Target, raw: Any, words: dict[str, str]) -> Any:
    """What a word of a choice column means: as answered before, as the ledger writes it, by synonym; None when unknown."""
    word = plain(raw)
    if word in words:
        return words[word]
    for value, label in target.column.labels.items():
        if plain(label) == word:
            return value
    return {plain(k): v for k, v in target.words.items()}.get(word)


def truth(raw: Any) -> bool | None:
    """What a tick, a 有 or a Y means; None when nobody can tell."""
    if isinstance(raw, bool):
        return raw
    word = plain(raw).lower()
    found = {k.lower(): v for k, v in {**NO, **YES}.items()}
    return found.get(word)


def unit_category(name: str) -> str:
    """The kind a unit's name points to; 其他部门 when nothing does."""
    scores = Counter({kind: sum(clue in name for clue in clues) for kind, clues in UNIT_CLUES.items()})
    kind, score = scores.most_common(1)[0]
    return kind if score else "other"


def unit_level(name: str) -> str:
    """The level a unit's name points to; 县 when nothing does."""
    for clue, level in (("省", "province"), ("市委", "city"), ("市", "city")):
        if name.startswith(clue) or (clue == "省" and "省" in name[:4]):
            return level
    return "county"


def words_of(grid: Grid, index: int) -> list[str]:
    """The different words of a column, in the order they are met."""
    found: dict[str, None] = {}
    for _, cells in grid.rows:
        if index < len(cells) and cells[index] is not None and not isinstance(cells[index], list):
            found.setdefault(shown(cells[index])[:60])
        if len(found) >= 400:
            break
    return list(found)
