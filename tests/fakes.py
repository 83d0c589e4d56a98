"""What stands in for chance and time, so that everything repeats."""

from __future__ import annotations

import itertools
from collections.abc import Callable


def tokens(start: int = 1) -> Callable[[], str]:
    """Return a source of tokens that are all different and always the same."""
    numbers = itertools.count(start)
    return lambda: f"t{next(numbers):06d}abcdefghijklmnop"


class FakeClock:
    """Seconds that pass only when told to."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
