"""When to stop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """Stop at a proven gap of at most `gap` (0: run to proof), or after `seconds`, whichever comes first.

    `seconds` is a safety net: answers are the same for the same seed as long as it is not reached.
    """

    gap: float = 0.0
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if not (self.gap >= 0 and self.seconds > 0):
            raise ValueError("差距不能是负数，时间应当大于 0。")


FIRST_ANSWER = Stop(gap=0.005, seconds=20)
"""Good enough to look at: what a page shows while the proof goes on."""
