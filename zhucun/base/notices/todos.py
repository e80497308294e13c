"""To-dos, asked of every room that has some."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from zhucun.base.access.models import User


@dataclass(frozen=True)
class Todo:
    """One thing that waits: what, why, where to do it (a URL path), until when (None: no date), from which room."""

    title: str
    why: str
    url: str
    due: date | None = None
    room: str = ""


Source = Callable[[User, date], Iterator[Todo]]


def waiting_for(user: User, day: date) -> list[Todo]:
    """Everything that waits for this user on `day`, what is due first coming first."""
    sources: list[Source] = [import_string(path) for path in settings.ZHUCUN_TODOS]
    found = [todo for source in sources for todo in source(user, day)]
    return sorted(found, key=lambda todo: (todo.due or date.max, todo.title))
