"""The jobs of a launcher, and the one thread that looks after all of them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

J = TypeVar("J")

log = logging.getLogger(__name__)


class Watch(Generic[J]):
    """Looks after jobs; ``periodic``: as long as there are any, else only when asked to hurry.

    ``look`` is given the jobs by name and says whether all is in order. Once it is, and there are
    no jobs to look after, the thread ends: a server without jobs pays nothing. So what is left of
    an earlier server, or of a job that could not be cancelled, is looked after until it is gone.
    """

    def __init__(
        self,
        look: Callable[[Mapping[str, J]], bool],
        interval_s: float,
        *,
        periodic: bool,
    ) -> None:
        self._look = look
        self._periodic = periodic
        self._interval_s = interval_s
        self._changed = threading.Condition()
        self._jobs: dict[str, J] = {}
        self._due = 0.0
        self._is_asked = self._is_closed = False
        self._thread: threading.Thread | None = None

    def add(self, name: str, job: J) -> None:
        """Know of one more."""
        with self._changed:
            self._jobs[name] = job
            if self._periodic:
                self._hurry(self._interval_s)

    def remove(self, name: str) -> None:
        """Know of one less; once there are none, what is left of them is seen to at once."""
        with self._changed:
            known = self._jobs.pop(name, None) is not None
            if self._periodic and known and not self._jobs:
                self._hurry(0)

    def hurry(self, within_s: float = 0.0) -> None:
        """Look again no later than in so many seconds."""
        with self._changed:
            self._hurry(within_s)

    def close(self) -> None:
        """Look no more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def jobs(self) -> list[J]:
        """Return all that are looked after."""
        with self._changed:
            return list(self._jobs.values())

    def _hurry(self, within_s: float) -> None:
        due = time.monotonic() + within_s
        self._due = min(self._due, due) if self._thread else due
        self._is_asked = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                while (left_s := self._due - time.monotonic()) > 0 and not self._is_closed:
                    self._changed.wait(left_s)
                if self._is_closed:
                    return
                self._due = time.monotonic() + self._interval_s
                self._is_asked = False
                jobs = dict(self._jobs)
            in_order = self._looked(jobs)
            with self._changed:
                # Who asks during a look may know of what it could not see yet.
                if in_order and not (self._is_asked or self._jobs and self._periodic):
                    self._thread = None
                    return

    def _looked(self, jobs: Mapping[str, J]) -> bool:
        try:
            return self._look(jobs)
        except Exception:
            log.exception("looking after the jobs failed")
            return False
