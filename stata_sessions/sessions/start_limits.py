"""How long a start may take: first, maybe, to get a place, then to come to the prompt."""

from __future__ import annotations

from stata_sessions.consoles import Console
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.starting import queue_timed_out, start_timed_out


class StartLimits:
    """The two limits of one start; the second one counts from the moment it has its place."""

    def __init__(self, console: Console, record: Record) -> None:
        self._console = console
        self._record = record
        self._settings = record.settings
        self._begun = record.clock()
        self._is_placed = console.is_placed
        record.starting(console, placed=self._is_placed)

    @property
    def deadline(self) -> float | None:
        """The time at which patience is over; None: never."""
        settings = self._settings
        limit_s = settings.worker_start_timeout if self._is_placed else settings.queue_timeout
        return self._begun + limit_s if limit_s else None

    def keep(self, text: str, program: str) -> None:
        """Note what has changed; raises LaunchTimedOut if it took too long."""
        if not self._is_placed:
            self._is_placed = self._console.is_placed
            self._record.starting(self._console, placed=self._is_placed)
            if self._is_placed:
                self._begun = self._record.clock()
        deadline = self.deadline
        if deadline is None or self._record.clock() < deadline:
            return
        if self._is_placed:
            raise start_timed_out(text, program, self._settings)
        place = self._console.place
        raise queue_timed_out(place.queued if place else "", program, self._settings)
