"""The cast with inspectors."""

import pytest

from zhucun.work.inspections.tests.story import staff


@pytest.fixture
def county(world):
    """The cast with an inspector, a deputy of the office, and accounts for both leaders."""
    return staff(world)
