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


# A console that waits for input gets it, or a break, this often, and is looked at again so soon.
ANSWERS = 8
SOON_S = 0.3
# A console takes far less to echo a line and to begin with it.
EARLY_S = 0.05

_NEXT = {Rung.BREAK: Rung.SECOND_BREAK, Rung.SECOND_BREAK: Rung.KILL}


class Ladder:
    """One climb, from its first break on. It knows no clock: the time comes with each call."""

    def __init__(
        self,
        reason: str,
        now: float,
        grace_s: float,
        dialogue: Dialogue,
        console: Console,
        *,
        began: float,
    ) -> None:
        """Send the first break, but not into a line of ours that is still being read."""
        self.reason = reason
        self.rung = Rung.BREAK
        self.deadline = began + EARLY_S
        self._grace_s = grace_s
        self._dialogue = dialogue
        self._console = console
        self._answers = 0
        unread = dialogue.exchange is not None and dialogue.exchange.in_head
        self._again = unread and now < self.deadline
        if not self._again:
            self._press(now)

    def _press(self, now: float) -> None:
        """Send a break, or what a console that waits for input needs before it heeds one."""
        reads = bool(self._console.reads_terminal()) and self._answers < ANSWERS
        self._answers += reads
        # Stata itself wants a row first, a program that it runs or that relays to it only a break.
        waiting = reads and self._answers % 2 == 1
        self._dialogue.send_break(waiting=waiting)
        self.deadline = now + (SOON_S if reads else self._grace_s)
        self._again = reads

    def keep(self, now: float) -> bool:
        """Climb on if the grace of the present rung is over; say whether it is time to kill."""
        if now < self.deadline or self.rung is Rung.KILL:
            return False
        if self._again:
            self._press(now)
            return False
        self.rung = _NEXT[self.rung]
        self.deadline = now + self._grace_s
        if self.rung is Rung.SECOND_BREAK:
            # Where nobody can tell whether it waits for input, it gets some, and then a break.
            self._again = self._console.reads_terminal() is None
            self._dialogue.send_break(waiting=self._again)
            self._console.write(self._dialogue.take())
            self._console.interrupt()
            self.deadline = now + (SOON_S if self._again else self._grace_s)
        return self.rung is Rung.KILL
