"""The README's map, the folders, the names of the apps and the contracts say the same."""

import re
import tomllib

from django.apps import apps

from tests.house.tree import FLOORS, HOUSE, ROOT, rooms
from zhucun import __version__

ARTICLE_ROOMS = set(
    "teams placement attendance inspections assessment accountability commendation training bulletins campaigns "
    "liaison funds allowances".split()
)


def readme_rooms(heading):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert section, f"README.md has no section “{heading}”"
    return set(re.findall(r"^\|.*?`((?:base|work|overview)/\w+)`", section[1], re.M))


def standing_rooms():
    return {f"{room.parent.name}/{room.name}" for room in rooms()}


def test_the_map_of_the_readme_names_every_room_and_no_other():
    assert readme_rooms("The map") == standing_rooms()


def test_rooms_to_come_are_not_there_yet():
    assert not readme_rooms("To come") & standing_rooms()
    assert {f"work/{name}" for name in ARTICLE_ROOMS} <= readme_rooms("To come") | standing_rooms()


def test_every_room_is_an_app_named_like_its_folder():
    ours = {config.name: config.label for config in apps.get_app_configs() if config.name.startswith("zhucun.")}
    assert ours == {f"zhucun.{room.parent.name}.{room.name}": room.name for room in rooms()}


def test_every_room_stands_in_a_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    for floor in FLOORS:
        layers = next(c["layers"] for c in contracts if c.get("containers") == [f"zhucun.{floor}"])
        named = set(re.findall(r"\w+", " ".join(layers)))
        assert named == {room.name for room in rooms(floor)}, floor


def test_every_room_has_its_sentence():
    for room in rooms():
        text = (room / "__init__.py").read_text(encoding="utf-8").strip()
        assert text.startswith('"""'), f"{room.name}/__init__.py: the docstring that says what the room is for"


def test_the_first_heading_of_the_changelog_is_the_version():
    headings = re.findall(r"^## \[?([^\s\]]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == __version__


def test_the_index_of_the_docs_names_every_page():
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert not [page for page in pages if page != "index.md" and page not in index]


def test_a_floor_holds_rooms_only():
    for floor in FLOORS:
        others = [p.name for p in (HOUSE / floor).iterdir() if p.is_file() and p.name != "__init__.py"]
        assert not others, f"zhucun/{floor} holds {others}"
