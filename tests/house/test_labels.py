"""Every action the code writes to the journal has a Chinese name."""

import ast

from tests.house.tree import modules
from zhucun.base.journal.labels import ACTIONS, label_of
from zhucun.work.teams.models import Posting

ENDINGS = {"posting.ended_by_": Posting.Ending.values}


def texts(node):
    """Every action an expression may be: both branches of a choice, every value of a name put into a text."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        prefix = node.values[0].value
        yield from (f"{prefix}{ending}" for ending in ENDINGS[prefix])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
        yield node.value


def written():
    for path in modules():
        if "management" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "action":
                        yield from texts(keyword.value)
                if isinstance(node.func, ast.Name) and node.func.id == "Note" and node.args:
                    yield from texts(node.args[0])


def test_every_action_has_its_name():
    found = set(written())
    assert len(found) > 30
    assert not found - set(ACTIONS), "give it a name in zhucun/base/journal/labels.py"


def test_an_action_of_another_version_reads_as_it_was_written():
    assert label_of("old.thing") == "old.thing"
