"""The page of state diagrams is fresh and whole."""

import pytest

from zhucun.base.access.permissions import Permission
from zhucun.overview.desk import states


def test_the_page_is_fresh():
    assert states.PAGE.read_text(encoding="utf-8") == states.page(), "see the head of docs/reference/states.md"


@pytest.mark.parametrize("process", list(states.processes()), ids=lambda process: process.title)
def test_every_owner_is_a_permission_and_every_state_has_its_name(process):
    assert all(state in process.after for state in process.owners)
    assert {name for names in process.owners.values() for name in names} <= {str(one) for one in Permission}
    assert all(process.labels[states.value_of(state)] for state in process.after)


@pytest.mark.parametrize("process", list(states.processes()), ids=lambda process: process.title)
def test_every_state_can_be_reached_and_left_or_ends(process):
    order = list(process.after)
    found, todo = {order[0]}, [order[0]]
    while todo:
        more = set(process.after[todo.pop()]) - found
        found |= more
        todo += more
    assert found == set(order), f"never reached: {set(order) - found}"
