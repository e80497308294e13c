"""Marks every test here as `house`."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items):
    """House tests read files, so one engine is enough for them."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.house)
