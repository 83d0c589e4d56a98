"""The stop ladder: break, break again, kill; each rung with its time."""

from __future__ import annotations

from enum import StrEnum


class Rung(StrEnum):
    """How far it went; the value is the word on the wire."""

    BREAK = "break"
    SECOND_BREAK = "second-break"
    KILL = "kill"


_NEXT = {Rung.BREAK: Rung.SECOND_BREAK, Rung.SECOND_BREAK: Rung.KILL}


class Ladder:
    """One climb, from its first break on. It knows no clock: the time comes with each call."""

    def __init__(self, reason: str, now: float, grace_s: float) -> None:
        self.reason = reason
        self.rung = Rung.BREAK
        self._grace_s = grace_s
        self.deadline = now + grace_s

    def climb(self, now: float) -> Rung | None:
        """Return the next rung if the grace of the present one is over."""
        if now < self.deadline or self.rung is Rung.KILL:
            return None
        self.rung = _NEXT[self.rung]
        self.deadline = now + self._grace_s
        return self.rung
