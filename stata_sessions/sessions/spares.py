"""Consoles started ahead, so that a new session is there at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from stata_sessions.sessions.session import Session
from stata_sessions.states import SessionState


class Spares:
    """Fresh sessions without a name; none has ever run code of a user's.

    They hold no place among ``max_sessions`` until they are taken. One that cannot be started is
    dropped, and tried again when the next session is created.
    """

    def __init__(self, count: int, make: Callable[[], Session]) -> None:
        self._count = count
        self._make = make
        self._lock = threading.Lock()
        self._spares: list[Session] = []
        self._closed = False

    def refill(self) -> None:
        """Start as many as are missing, without waiting for them."""
        with self._lock:
            while len(self._spares) < self._count and not self._closed:
                spare = self._make()
                self._spares.append(spare)
                spare.launch()

    def take(self, name: str) -> Session | None:
        """Return one that is at its prompt, under its new name, if there is one."""
        with self._lock:
            for spare in self._spares:
                if spare.state is SessionState.READY and spare.epoch:
                    self._spares.remove(spare)
                    spare.take_name(name)
                    return spare
        return None

    def drop(self, session: Session) -> bool:
        """Forget a spare whose console has gone; say whether it was one."""
        with self._lock:
            if session not in self._spares:
                return False
            self._spares.remove(session)
            return True

    def give_up(self) -> list[Session]:
        """Return all, for good: the server stops."""
        with self._lock:
            self._closed = True
            spares, self._spares = self._spares, []
        return spares
