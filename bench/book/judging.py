"""Answers of a reader against the truth: how often it was silently wrong, how often it asked, which pages it lost or gave away."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

LONG = {"村": "在村", "视": "视同", "假": "请假"}
COLUMNS = ("ordinary", "touched", "corrected", "cancelled", "other")
"""Cells with one ordinary mark; those of them that a foreign stroke touched; corrected as the form asks; struck out with nothing
instead; all else (two filled, erased, white-out, circled, one line for many days, blank)."""


@dataclass
class Count:
    """Cells of one sort: all, sent to a person, and silently wrong."""

    cells: int = 0
    flagged: int = 0
    silent: int = 0

    def add(self, flagged: bool, silent: bool) -> None:
        """One more cell."""
        self.cells, self.flagged, self.silent = self.cells + 1, self.flagged + flagged, self.silent + silent

    def __iadd__(self, more: "Count") -> "Count":
        self.cells, self.flagged, self.silent = (
            self.cells + more.cells,
            self.flagged + more.flagged,
            self.silent + more.silent,
        )
        return self


@dataclass
class Tally:
    """What happened in one group."""

    pages: int = 0
    lost: int = 0
    unanswered: int = 0
    given_away: int = 0
    accepted: int = 0
    missing: int = 0
    invented: int = 0
    reasons: Counter = field(default_factory=Counter)
    columns: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in COLUMNS})


@dataclass
class Verdict:
    """Tallies by group, counts by kind of mark, and every silent error or page gone wrong, to be looked at."""

    groups: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    kinds: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    pens: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    rules: Counter = field(default_factory=Counter)
    errors: list[dict] = field(default_factory=list)

    def total(self, column: str) -> Count:
        """All groups together."""
        whole = Count()
        for tally in self.groups.values():
            whole += tally.columns[column]
        return whole

    def sum(self, name: str) -> int:
        """All groups together of some number of a tally."""
        return sum(getattr(tally, name) for tally in self.groups.values())

    @property
    def clear(self) -> Count:
        """Cells with an ordinary or rightly corrected mark: there a silent error is unforgivable."""
        whole = self.total("ordinary")
        whole += self.total("touched")
        whole += self.total("corrected")
        return whole


def judge(truths: Iterable[dict], answers: Iterable[dict]) -> Verdict:
    """Compare the answers of `read_book --json` with the truth of `examine`; files are known by their names without folders."""
    verdict = Verdict()
    answers = list(answers)
    first = 0 if any(a.get("page") == 0 for a in answers) else 1
    found: dict[tuple[str, int], list[dict]] = defaultdict(list)
    for answer in answers:
        page = answer.get("page")
        found[PurePath(str(answer["file"])).name, 1 if page is None else int(page) - first + 1].append(answer)
    for truth in truths:
        pages: dict[int, list[dict]] = defaultdict(list)
        for page in truth["pages"]:
            pages[page["page"]].append(page)
        for number, there in pages.items():
            _picture(verdict, truth, there, found.pop((truth["file"], number), []))
        for key in [k for k in found if k[0] == truth["file"]]:  # pages the file does not have
            _picture(verdict, truth, [], found.pop(key))
    return verdict


def _picture(verdict: Verdict, truth: dict, pages: list[dict], answers: list[dict]) -> None:
    """What was said about one picture, which shows one page or two."""
    tally = verdict.groups[truth["group"]]
    tally.pages += len(pages)
    read = [a for a in answers if a.get("status") == "read"]
    refused = [a for a in answers if a.get("status") != "read"]
    waiting = list(pages)
    for answer in read:
        match = next((p for p in waiting if _key(p) == _key(answer)), None)
        if match is None:
            tally.given_away += 1
            verdict.errors.append(
                _where(truth, answer) | {"error": "page given to a wrong team, month, version or part"}
            )
            continue
        waiting.remove(match)
        if match["expect"] == "refuse":
            tally.accepted += 1
            verdict.errors.append(_where(truth, answer) | {"error": "page accepted that should have been refused"})
        else:
            _cells(verdict, tally, truth, match, answer)
    for page in waiting:
        said = refused.pop(0) if refused else None
        if page["expect"] == "read":
            tally.lost += 1
        if said is None:
            tally.unanswered += 1
        else:
            tally.reasons[str(said.get("reason") or "no reason")] += 1


def _key(page: dict) -> tuple[str, str, int, int]:
    """Whose page it is; numbers may come as 1, "01", "V01" or "1/2"."""
    found = [re.search(r"\d+", str(page.get(name))) for name in ("version", "part")]
    version, part = (int(digits.group()) if digits else -1 for digits in found)
    return str(page.get("team")), str(page.get("month")), version, part


def _where(truth: dict, answer: dict) -> dict:
    names = ("page", "team", "month", "version", "part")
    return {"file": truth["file"], "group": truth["group"]} | {name: answer.get(name) for name in names}


def column(cell: dict) -> str:
    """The column of the table in which a cell is counted."""
    if cell["case"] == "ordinary":
        return "touched" if cell["touched"] else "ordinary"
    return cell["case"] if cell["case"] in ("corrected", "cancelled") else "other"


def _cells(verdict: Verdict, tally: Tally, truth: dict, page: dict, answer: dict) -> None:
    """Cell by cell. A cell nobody was asked about must have the right value; one without any is wrong as well."""
    said = {(str(c["person"]), int(c["day"])): c for c in answer.get("cells") or []}
    for cell in page["cells"]:
        reading = said.pop((cell["person"], cell["day"]), None)
        if reading is None:
            tally.missing += 1
            continue
        flagged, value = bool(reading.get("human")), reading.get("value")
        silent = (not flagged and LONG.get(value, value) != cell["answer"]) or (not flagged and cell["answer"] is None)
        tally.columns[column(cell)].add(flagged, silent)
        verdict.kinds[f"{cell['case']}: {cell['kind']}" + (" touched" if cell["touched"] else "")].add(flagged, silent)
        if cell["case"] == "ordinary":
            verdict.pens[cell["pen"]].add(flagged, silent)
            if flagged and not cell["touched"]:
                verdict.rules[str(reading.get("why"))] += 1
        if silent:
            verdict.errors.append(
                _where(truth, answer)
                | {"error": "silently wrong"}
                | cell
                | {"said": value, "confidence": reading.get("confidence"), "why": reading.get("why")}
            )
    tally.invented += len(said)
