"""What waits for somebody because of a round."""

from collections.abc import Iterator
from datetime import date

from zhucun.base.access.models import User
from zhucun.base.notices.todos import Todo


def waiting(user: User, day: date) -> Iterator[Todo]:
    """Nothing yet."""
    yield from ()
