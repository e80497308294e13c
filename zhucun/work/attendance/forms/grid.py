"""What the grid sends: one text a person, a symbol a day; understood leniently, refused with the place, never lost."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from zhucun.base.timeline.periods import Period
from zhucun.work.attendance.matrix import Row
from zhucun.work.attendance.rules import BLANK, OUT, SYMBOLS, symbol_of

KEYS = {
    "√": "v", "公": "g", "培": "p", "会": "h", "事": "s", "病": "b", "休": "n", "婚": "j", "产": "c", "丧": "z", "调": "t",
    "×": "x",
}  # fmt: skip
"""The letter for each symbol: the first of its pinyin where it is free (n 年休, j 结婚, z 丧葬); x is × as it is in Excel."""
LEGEND = [(symbol, KEYS[symbol], words) for symbol, words in SYMBOLS.items() if symbol in KEYS]
SEPARATORS = ("\t", "|", ",", "，")


def parts_of(text: str, days: int) -> list[str]:
    """A posted line as one entry a day: a symbol, or what was typed where it is none; missing days are blank.

    Symbols stand one after the other, or are separated by tabs, bars or commas. More entries than days stay at the end.
    """
    separator = next((one for one in SEPARATORS if one in text), "")
    parts = text.split(separator) if separator else list(text.replace(".", BLANK))
    read = [symbol_of(part) or part.strip()[:8] for part in parts]
    while len(read) > days and read[-1] in (BLANK, OUT):
        read.pop()
    return read + [BLANK] * (days - len(read))


class GridForm:
    """The lines somebody filled in: which were changed, what cannot be understood, in the words of the page."""

    def __init__(self, data: Mapping[str, str], rows: Iterable[Row], month: Period):
        self.month = month
        self.rows = list(rows)
        self.changed: dict[UUID, list[Row]] = {}
        self.versions: dict[str, int] = {}
        self.typed: dict[str, dict[int, str]] = {}
        for row in self.rows:
            self._read(row, data)
        known = {row.key for row in self.rows}
        typed = {name[2:] for name in data if name.startswith("m-") and data[name] != data.get(f"o-{name[2:]}")}
        self.strangers = [f"有人{month.label}已不在这张表里，填的没有保存，请刷新页面再填。"] if typed - known else []

    def _read(self, row: Row, data: Mapping[str, str]) -> None:
        text = data.get(f"m-{row.key}")
        if text is None:
            return
        parts = parts_of(text[:400], row.days)
        before = parts_of(data.get(f"o-{row.key}", "")[:400], row.days)
        if parts == before:
            return  # untouched here, whatever somebody else has written there meanwhile
        row.shown, row.wrong = parts[: row.days], self._wrong(row, parts)
        self.typed[row.key] = {day: part for day, part in enumerate(row.shown) if part != before[day]}
        seen = data.get(f"v-{row.key}", "")
        self.versions[row.key] = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        self.changed.setdefault(row.team.pk, []).append(row)

    def _wrong(self, row: Row, parts: list[str]) -> list[str]:
        person, month = row.stay.person, self.month.start.month
        found = [
            f"{person} {month}月{day}日“{part}”：看不懂这个符号。"
            for day, part in enumerate(parts[: row.days], start=1)
            if part not in SYMBOLS and part != BLANK
        ]
        spare = "".join(parts[row.days :])
        return found + ([f"{person}：{self.month.label}只有 {row.days} 天，后面多填了“{spare}”。"] if spare else [])

    def marks(self, team: UUID) -> dict[UUID, str]:
        """What the action is to write for a team: person → one symbol a day."""
        return {row.stay.person.pk: "".join(row.shown) for row in self.changed[team]}

    def seen(self, team: UUID) -> dict[UUID, int]:
        """The versions the changed lines were seen in."""
        return {row.stay.person.pk: self.versions[row.key] for row in self.changed[team]}

    def over(self, row: Row) -> list[str]:
        """What was typed in a line over what is kept there now: cells only somebody else has changed stay theirs."""
        return [self.typed[row.key].get(day, mark) for day, mark in enumerate(row.kept)]

    def wrong(self, team: UUID) -> list[str]:
        """What cannot be understood in a team's lines."""
        return [sentence for row in self.changed[team] for sentence in row.wrong]
