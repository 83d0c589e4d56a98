"""Consoles started ahead, so that a new session is there at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from stata_sessions.errors import LimitError, StataSessionsError
from stata_sessions.sessions.session import Session
from stata_sessions.states import SessionState

log = logging.getLogger(__name__)


class Spares:
    """Fresh sessions without a name; none has ever run code of a user's.

    They hold no place among ``max_sessions`` until they are taken, but each holds a seat of the
    licence, and gives it up when a session needs it. One that cannot be started is dropped, and
    tried again when the next session is created or ends.
    """

    def __init__(
        self,
        count: int,
        make: Callable[[], Session],
        discard: Callable[[Session], None],
        may_start: Callable[[], bool],
    ) -> None:
        self._count = count
        self._make, self._discard = make, discard
        self._may_start = may_start
        self._lock = threading.Lock()
        self._spares: list[Session] = []
        self._leaving: list[Session] = []
        self._closed = False

    def refill(self) -> None:
        """Start as many as are missing and allowed, without waiting for them."""
        with self._lock:
            while len(self._spares) < self._count and not self._closed and self._may_start():
                try:
                    self._start_one()
                except LimitError:
                    return  # somebody was quicker
                except StataSessionsError as error:
                    # Whoever gets a session has no use for what is wrong with the next one's.
                    log.warning("no spare: %s", error)
                    return

    def _start_one(self) -> None:
        spare = self._make()
        self._spares.append(spare)
        try:
            spare.launch()
        except StataSessionsError:
            self._spares.remove(spare)
            self._discard(spare)
            raise

    def take(self, name: str) -> Session | None:
        """Return one under its new name, if there is one; one at its prompt before one that starts.

        One that still starts will be ready sooner than another begun now.
        """
        with self._lock:
            for state in (SessionState.READY, SessionState.STARTING):
                for spare in self._spares:
                    if spare.state is state:
                        self._spares.remove(spare)
                        spare.take_name(name)
                        return spare
        return None

    def release(self, reason: str) -> bool:
        """Have one ended, without waiting for it; say whether there was one."""
        with self._lock:
            if not self._spares:
                return False
            # The newest: it may still be on its way, and an older one serves at once.
            spare = self._spares.pop()
            self._leaving.append(spare)
        spare.ask_to_close(reason)
        return True

    def drop(self, session: Session) -> bool:
        """Forget a spare whose console has gone; say whether it was one."""
        with self._lock:
            for spares in (self._spares, self._leaving):
                if session in spares:
                    spares.remove(session)
                    return True
            return False

    def give_up(self) -> list[Session]:
        """Return all, for good: the server stops."""
        with self._lock:
            self._closed = True
            spares = [*self._spares, *self._leaving]
            self._spares, self._leaving = [], []
        return spares
