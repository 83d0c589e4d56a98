"""The times at which a worker has to look up although nobody has spoken."""

from __future__ import annotations

from stata_sessions.consoles import Console
from stata_sessions.protocol import Awaiting, Dialogue, Phase
from stata_sessions.protocol.exchange import Exchange
from stata_sessions.protocol.tails import LEFT_OPEN
from stata_sessions.sessions.memory import MemoryWatch
from stata_sessions.sessions.record import Record

# A console that is silent without a prompt may wait for input, as for display _request(). Whether
# somebody reads the terminal is looked up after this long, and then ever more rarely.
FIRST_LOOK_S = 1.0
LONGEST_LOOK_S = 60.0
REQUEST_HINT = "a program reads from the terminal, such as display _request() or a shell command"


class Vigil:
    """Watches a running command for a console that waits for somebody to type.

    It knows no clock: the time comes with each call.
    """

    def __init__(self, dialogue: Dialogue, console: Console, record: Record) -> None:
        self._dialogue = dialogue
        self._console = console
        self._left_open_wait_s = record.settings.left_open_wait
        limit_bytes = record.settings.memory_limit_mb * 2**20
        self._memory = MemoryWatch(console, record.warn, limit_bytes)
        self._look_s = FIRST_LOOK_S
        self._look_at: float | None = None
        self._heard_at = 0.0
        self._close_at: float | None = None

    def due(self) -> list[float | None]:
        """Return the times at which ``keep`` has something to do; None: never."""
        return [self._look_at, self._close_at, self._memory.due]

    def begin(self, now: float) -> None:
        """Watch the command that begins now."""
        self._memory.begin(now)
        self.heard(now)

    def heard(self, now: float) -> None:
        """Note that something happened."""
        self._heard_at, self._look_s = now, FIRST_LOOK_S
        if self._look_at is None:
            self._look_at = now + FIRST_LOOK_S

    def end(self) -> None:
        """Watch no longer: the command is over."""
        self._look_at = self._close_at = None
        self._memory.end()

    def outgrown(self, now: float) -> str:
        """Return why the console has to go, if it uses more memory than it may."""
        return self._memory.keep(now)

    def leave_open(self) -> None:
        """Do not close what is open: somebody takes care of it."""
        self._close_at = None

    def keep(self, now: float) -> str:
        """Do what is due; return what the console turned out to wait for, or nothing."""
        if self._close_at is not None and now >= self._close_at:
            self._close_at = None
            self._dialogue.close_left_open()
        if self._look_at is None or now < self._look_at:
            return ""
        silent_from = self._heard_at + FIRST_LOOK_S
        if now < silent_from:
            self._look_at = silent_from
            self._look_into_noise()
            return ""
        self._look_s = min(2 * self._look_s, LONGEST_LOOK_S)
        self._look_at = now + self._look_s
        return self._look(now)

    def _look_into_noise(self) -> None:
        """Ask whether code has failed behind whose error somebody prints without a pause."""
        if self._console.reads_terminal():
            self._dialogue.probe_failed()

    def _look(self, now: float) -> str:
        if self._dialogue.patience is not None or not self._console.reads_terminal():
            return ""
        exchange = self._dialogue.exchange
        if exchange and exchange.line_unheard:
            self._dialogue.type_again()
            return ""
        if self._dialogue.press_enter():
            return ""
        self._look_at = None
        event = self._dialogue.awaiting()
        if event:
            return self.judge(event, now)
        if self._dialogue.probe_failed():
            return ""
        return REQUEST_HINT if self._dialogue.phase is Phase.RUNNING else ""

    def judge(self, event: Awaiting, now: float) -> str:
        """Decide about what looks like a prompt; return what the console waits for, or nothing.

        A program at work may print just such a row. Only a console that is known to wait is given
        keys, since the first of them is a break.
        """
        reads = self._console.reads_terminal()
        if reads is False:
            return ""
        exchange = self._dialogue.exchange
        if exchange and event.tail in LEFT_OPEN and (reads or exchange.sentinel_swallowed):
            self._plan_to_close(exchange, now)
        return event.hint

    def _plan_to_close(self, exchange: Exchange, now: float) -> None:
        if not exchange.user_typed:
            # Once at it, the next key follows at once.
            self._close_at = now + (0.0 if exchange.left_open else self._left_open_wait_s)
