"""The two pages most tests look at, printed and rendered once."""

import numpy as np
import pytest

from zhucun.work.attendance.book.printing import book
from zhucun.work.attendance.book.tests.paper import KEY, overlong, page, render


@pytest.fixture(scope="session")
def printed() -> np.ndarray:
    """The usual page at 200 dpi."""
    return render(book([page()], KEY))


@pytest.fixture(scope="session")
def crowded() -> np.ndarray:
    """The page whose words are all too long, at 200 dpi."""
    return render(book([overlong()], KEY))
