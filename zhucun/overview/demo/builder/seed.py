"""What stands in the folder `seed/`, read."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLACES = (Path(__file__).parents[4] / "seed", Path(__file__).parents[1] / "seed")
"""The folder in a checkout, and where a released wheel carries it."""


@dataclass(frozen=True)
class Seed:
    """Every file of the folder: tables as rows, TOML as it stands."""

    divisions: list[dict[str, str]]
    units: list[dict[str, str]]
    names: dict[str, Any]
    words: dict[str, dict[str, str]]
    structure: dict[str, Any]
    policy: dict[str, Any]
    accounts: dict[str, Any]
    round: dict[str, Any]
    attendance: dict[str, Any]
    inspections: dict[str, Any]


def read() -> Seed:
    """The whole seed; raises FileNotFoundError when the installation was copied without it."""
    folder = next((place for place in PLACES if (place / "divisions.csv").exists()), PLACES[0])
    return Seed(
        divisions=_table(folder / "divisions.csv"),
        units=_table(folder / "units.csv"),
        **{
            name: _toml(folder / f"{name}.toml")
            for name in ("names", "words", "structure", "policy", "accounts", "round", "attendance", "inspections")
        },
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
