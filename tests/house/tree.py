"""What the house tests read: rooms, modules and functions as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "zhucun"
FLOORS = ("base", "work", "overview")


def rooms(*floors: str) -> list[Path]:
    """The rooms of the named floors, or of all."""
    found = [path for floor in floors or FLOORS for path in sorted((HOUSE / floor).iterdir())]
    return [path for path in found if (path / "__init__.py").exists()]


def label(path: Path) -> str:
    """A path as people name it: work/teams/actions.py."""
    return path.relative_to(HOUSE).as_posix()


def modules(name: str = "*.py") -> list[Path]:
    """Our modules of that name, without migrations and tests."""
    found = sorted(HOUSE.rglob(name))
    return [path for path in found if not {"migrations", "tests"} & set(path.relative_to(HOUSE).parts)]


def templates() -> list[Path]:
    """All templates of all rooms."""
    return sorted(HOUSE.rglob("templates/**/*.html"))


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> list[ast.FunctionDef]:
    """Every function and method of a module."""
    return [node for node in ast.walk(parse(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def public_functions(path: Path) -> list[ast.FunctionDef]:
    """The functions a module offers."""
    return [n for n in parse(path).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def calls(node: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a method or function of a module inside `node`, with its dotted text."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            yield inner, ast.unparse(inner.func)
