"""Telling how far a long piece of work has come: nothing in the first two seconds, then a line a second."""

import time
from collections.abc import Callable

PATIENCE, EVERY = 2.0, 1.0  # seconds


class Progress:
    """Called with a sentence as often as one likes; `write` is called seldom."""

    def __init__(self, write: Callable[[str], object]):
        self._write = write
        self._next = time.monotonic() + PATIENCE

    def __call__(self, text: str) -> None:
        """Say it, when it is time to."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + EVERY
            self._write(f"{text}…")
