"""What all consoles together use, measured when somebody asks, in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from stata_sessions.sessions import Session, SessionView

# The consoles that are not reached in this time keep the figures of the time before.
LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Used:
    """Resident memory of all live consoles and of the largest; processor time of all ever seen."""

    memory_bytes: int = 0
    largest_bytes: int = 0
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Seen:
    memory_bytes: int
    cpu_s: float
    at: float


# One console: a session, and its epoch.
_Key = tuple[str, int]


class ConsoleUsage:
    """Remembers what was measured, so that processor time only grows, although consoles end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._seen: dict[_Key, _Seen] = {}
        self._cpu_s = 0.0

    def measured(self, sessions: Sequence[Session]) -> Used:
        """Measure the consoles, those first that were not looked at for longest.

        While somebody else measures, what was measured last has to do.
        """
        if self._lock.acquire(blocking=False):
            try:
                self._measure({(each.mark, each.epoch): each for each in sessions})
            finally:
                self._lock.release()
        sizes = [each.memory_bytes for each in list(self._seen.values())]
        return Used(sum(sizes), max(sizes, default=0), self._cpu_s)

    def _measure(self, sessions: dict[_Key, Session]) -> None:
        self._seen = {key: seen for key, seen in self._seen.items() if key in sessions}
        deadline = self._clock() + LOOK_S
        for key in sorted(sessions, key=self._looked_at):
            if self._clock() >= deadline:
                return
            self._take(key, sessions[key].view(usage=True))

    def _looked_at(self, key: _Key) -> float:
        seen = self._seen.get(key)
        return seen.at if seen else float("-inf")

    def _take(self, key: _Key, view: SessionView) -> None:
        if view.cpu_s is None or view.memory_bytes is None:
            self._seen.pop(key, None)
            return
        before = self._seen.get(key)
        # That of a child that has ended is gone, too.
        self._cpu_s += max(0.0, view.cpu_s - (before.cpu_s if before else 0.0))
        self._seen[key] = _Seen(view.memory_bytes, view.cpu_s, self._clock())
