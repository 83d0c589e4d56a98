"""Who may use a console at this moment."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Turn:
    """Belongs to the thread of the console, which lends it out while it sleeps.

    Waking a thread takes longer than typing a line: a caller who finds the thread asleep does what
    there is to do in its place.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self._fault: Exception | None = None

    def asleep(self, sleep: Callable[[], bytes]) -> bytes:
        """Return what ``sleep`` does; raises what became of the work of a caller meanwhile."""
        self._lock.release()
        try:
            return sleep()
        finally:
            self._lock.acquire()
            if self._fault:
                raise self._fault

    def borrow(self, work: Callable[[], None]) -> None:
        """Do ``work`` if the thread is asleep; it is the one that suffers from a fault in there."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            work()
        except Exception as error:
            self._fault = error
        finally:
            self._lock.release()
