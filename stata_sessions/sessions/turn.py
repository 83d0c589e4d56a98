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
        self._fault: BaseException | None = None

    def asleep(self, sleep: Callable[[], bytes]) -> bytes:
        """Return what ``sleep`` does; raises RuntimeError if a caller failed meanwhile."""
        self._lock.release()
        try:
            return sleep()
        finally:
            self._lock.acquire()
            if self._fault:
                raise RuntimeError("a caller failed in its turn") from self._fault

    def borrow(self, work: Callable[[], None]) -> None:
        """Do ``work`` if the thread is asleep; it is the one that suffers from a fault in there."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            work()
        except BaseException as error:
            self._fault = error
            if not isinstance(error, Exception):  # a Ctrl-C is the caller's as well
                raise
        finally:
            self._lock.release()
