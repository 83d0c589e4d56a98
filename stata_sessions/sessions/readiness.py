"""Whether a new session would find its console here, told from what is known without trying."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from stata_sessions.errors import NotReady
from stata_sessions.errors.base import UNKNOWN_RETRY_S
from stata_sessions.sessions.command import Clock
from stata_sessions.sessions.listener import Listener
from stata_sessions.sessions.losses import cause_of
from stata_sessions.sessions.seats import LicenceView
from stata_sessions.sessions.views import SessionView
from stata_sessions.settings import Settings
from stata_sessions.states import SessionState

# One start may fail for its caller's options; so many in a row, and lately, say that none succeeds.
FAILED_STARTS = 2
LATELY_S = 60.0
# Failures that tell nothing of the next start, or of which the licence itself tells more.
_OTHERS = frozenset({"no-place", "no-licence-seat"})
_MIB = 2**20


class Readiness(Listener):
    """Remembers how the latest starts went; looks at the disk when asked."""

    def __init__(
        self, settings: Settings, folder: str, clock: Clock, licence: Callable[[], LicenceView]
    ) -> None:
        self._folder, self._clock, self._licence = folder, clock, licence
        self._least_mb = settings.free_disk_mb
        self._lock = threading.Lock()
        self.is_draining = False
        # Without spares nobody is to be waited for at the start.
        self._is_tried = not settings.warm_spares
        self._failures, self._failed_at, self._said = 0, 0.0, ""

    def drain(self) -> None:
        """Take note that the server stops."""
        self.is_draining = True

    def session_changed(self, session: SessionView) -> None:
        """Take note of a start that has failed."""
        if session.state is not SessionState.LOST or session.start_s is not None:
            return
        with self._lock:
            self._is_tried = True
            if cause_of(session) not in _OTHERS:
                self._failures += 1
                self._failed_at, self._said = self._clock(), session.reason

    def console_started(self, session: SessionView) -> None:
        """Take note of one that has not."""
        with self._lock:
            self._is_tried, self._failures = True, 0

    def check(self, *, detailed: bool) -> None:
        """Raise NotReady if something speaks against sending new sessions here.

        Without ``detailed`` the error says only that, since anybody may ask.
        """
        licence = self._licence()
        found = self._reasons(licence)
        if found:
            told = found if detailed else {}
            raise NotReady(told, (detailed and licence.retry_after_s) or UNKNOWN_RETRY_S)

    def _reasons(self, licence: LicenceView) -> dict[str, str]:
        """Return what speaks against it: a word for each, and a sentence."""
        with self._lock:
            failed_s = self._clock() - self._failed_at
            fails = self._failures >= FAILED_STARTS and failed_s < LATELY_S
            said, is_tried = self._said, self._is_tried
        found = {}
        if self.is_draining:
            found["draining"] = "the server is stopping"
        if not is_tried:
            found["starting"] = "the first console is on its way"
        if fails:
            found["console"] = f"{FAILED_STARTS} starts in a row have failed, lately with: {said}"
        if licence.retry_after_s:
            found["licence"] = f"the licence refuses a seat; next try in {licence.retry_after_s} s"
        if disk := self._disk():
            found["disk"] = disk
        return found

    def _disk(self) -> str:
        try:
            status = os.statvfs(self._folder)
        except OSError as error:
            return f"{self._folder} cannot be used: {error.strerror}"
        free_mb = status.f_bavail * status.f_frsize // _MIB
        if free_mb >= self._least_mb:
            return ""
        return f"{free_mb} MB are free where output goes, less than {self._least_mb} (free_disk_mb)"
