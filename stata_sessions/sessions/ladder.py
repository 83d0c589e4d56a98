"""The stop ladder: break, break again, kill; each rung with its time."""

from __future__ import annotations

from enum import StrEnum

from stata_sessions.consoles import Console
from stata_sessions.protocol import Dialogue


class Rung(StrEnum):
    """How far it went; the value is the word on the wire."""

    BREAK = "break"
    SECOND_BREAK = "second-break"
    KILL = "kill"


_NEXT = {Rung.BREAK: Rung.SECOND_BREAK, Rung.SECOND_BREAK: Rung.KILL}


class Ladder:
    """One climb, from its first break on. It knows no clock: the time comes with each call."""

    def __init__(
        self, reason: str, now: float, grace_s: float, dialogue: Dialogue, console: Console
    ) -> None:
        """Send the first break."""
        self.reason = reason
        self.rung = Rung.BREAK
        self.deadline = now + grace_s
        self._grace_s = grace_s
        self._dialogue = dialogue
        self._console = console
        dialogue.send_break()

    def keep(self, now: float) -> bool:
        """Climb on if the grace of the present rung is over; say whether it is time to kill."""
        if now < self.deadline or self.rung is Rung.KILL:
            return False
        self.rung = _NEXT[self.rung]
        self.deadline = now + self._grace_s
        if self.rung is Rung.SECOND_BREAK:
            self._dialogue.send_break()
            self._console.write(self._dialogue.take())
            self._console.interrupt()
        return self.rung is Rung.KILL
