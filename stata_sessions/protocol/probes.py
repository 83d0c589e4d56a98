"""Sentinels typed at what looked like the final prompt, and what became of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from stata_sessions.protocol.sentinel import Sentinel, TokenSource

# Sentinels typed for one command at most; a console that answers none of them is left to the
# time limits of its owner.
PROBES_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the token of a typed sentinel ends, and the first trace of any that was typed."""

    first_sign: int
    end: int


class Probes:
    """The sentinels that are still to be answered, and the late ones that no longer matter."""

    def __init__(self, new_token: TokenSource) -> None:
        self._new_token = new_token
        self.open: list[Sentinel] = []
        # Lines and tokens of earlier exchanges, which a slow console may still come up with.
        self.stale: deque[str] = deque(maxlen=2 * PROBES_LIMIT)
        self.unanswered = self.typed = 0

    @property
    def exhausted(self) -> bool:
        """Whether enough were typed in vain."""
        return self.unanswered >= PROBES_LIMIT

    def fresh(self) -> Sentinel:
        """Return one more sentinel to be typed."""
        probe = Sentinel.fresh(self._new_token)
        self.open.append(probe)
        self.unanswered += 1
        self.typed += 1
        return probe

    def answer(self, text: str) -> Answer | None:
        """Find the token of one of them, once its row is complete; it is then no longer open.

        Neither are those typed before it: lines are read in order, so they were lost.
        """
        for probe in self.open:
            found = probe.find(text)
            if found and found[1] < len(text):
                first = min(each.first_sign(text, found[0]) for each in self.open)
                for earlier in self.open[: self.open.index(probe) + 1]:
                    self._forget(earlier)
                return Answer(first, found[1])
        return None

    def without_echoes(self, text: str) -> str:
        """Drop the echoes of those that were typed while the user's code still printed."""
        for probe in self.open:
            if probe.first in text:
                text = probe.echo.sub("", text)
        return text

    def without_stale(self, text: str) -> str:
        """Drop what late sentinels left in text that was printed between two commands."""
        for own in self.stale:
            text = text.replace(own, "")
        return text

    def forget_all(self) -> None:
        """Wait for none of them any more."""
        for probe in tuple(self.open):
            self._forget(probe)
        self.unanswered = self.typed = 0

    def _forget(self, probe: Sentinel) -> None:
        self.open.remove(probe)
        self.stale.extend((probe.line, probe.token))
