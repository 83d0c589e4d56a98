"""The sessions of one name alone, where several share a server."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from stata_sessions.errors import (
    NoSuchSession,
    ProtectedSession,
    SessionExists,
    SessionGone,
    TooManySessions,
)
from stata_sessions.sessions.manager import Manager
from stata_sessions.sessions.readiness import Readiness
from stata_sessions.sessions.record import DEFAULT
from stata_sessions.sessions.seats import LicenceView
from stata_sessions.sessions.session import Session
from stata_sessions.sessions.views import SessionView
from stata_sessions.settings import Settings


class OwnSessions:
    """What a manager offers, of the sessions ``NAME@OWNER``; others are not even there.

    ``@OWNER`` may be left out. The owner's default session is ``default@OWNER``.
    """

    def __init__(self, manager: Manager, owner: str, quota: int) -> None:
        self._manager, self._suffix = manager, f"@{owner}"
        self.quota = quota
        self._lock = threading.Lock()

    @property
    def settings(self) -> Settings:
        """The operator's settings."""
        return self._manager.settings

    def console(self) -> str:
        """Say what new sessions run."""
        return self._manager.console()

    def create(
        self,
        name: str | None = None,
        *,
        working_dir: str | None = None,
        launcher: str | None = None,
        wait: bool = True,
        options: Mapping[str, str] | None = None,
    ) -> Session:
        """Start a session as the manager does; raises TooManySessions beyond the quota, too."""
        with self._lock:
            self._check_quota()
            session = self._manager.create(
                name and name.removesuffix(self._suffix),
                working_dir=working_dir,
                launcher=launcher,
                wait=False,
                options=options,
                suffix=self._suffix,
            )
        if wait:
            self._manager.await_start(session)
        return session

    def get(self, name: str | None = None) -> Session:
        """Return a session; the default one is started when it is first asked for.

        Raises NoSuchSession, SessionGone.
        """
        short = (name or DEFAULT).removesuffix(self._suffix)
        try:
            return self._manager.get(short + self._suffix)
        except NoSuchSession:
            if short != DEFAULT:
                raise NoSuchSession(short) from None
        except SessionGone:  # the operator closed it
            if short != DEFAULT:
                raise
        try:
            return self.create(DEFAULT, wait=False)
        except SessionExists:  # somebody else was quicker
            return self._manager.get(DEFAULT + self._suffix)

    def sessions(self) -> list[Session]:
        """Return all, by age."""
        return [each for each in self._manager.sessions() if each.name.endswith(self._suffix)]

    def _check_quota(self) -> None:
        if self._taken() >= self.quota:
            raise TooManySessions(self.quota, "max_sessions of this name in tokens_file")

    def _taken(self) -> int:
        return sum(each.holds_slot for each in self.sessions())

    def slots(self) -> tuple[int, int]:
        """Return how many sessions there may be, and how many more."""
        limit, available = self._manager.slots()
        limit = min(limit, self.quota)
        return limit, max(0, min(available, limit - self._taken()))

    @property
    def readiness(self) -> Readiness:
        """What is known of the server that all share."""
        return self._manager.readiness

    def licence(self) -> LicenceView:
        """Return what is known of the licence that all share."""
        return self._manager.licence()

    def destroy(self, name: str, reason: str = "destroyed") -> None:
        """Close a session and forget it; raises ProtectedSession for the default one."""
        # Before it is looked for: that would start it.
        if name.removesuffix(self._suffix) == DEFAULT:
            raise ProtectedSession()
        self._manager.destroy(self.get(name).name, reason)

    def restart(self, name: str | None = None, reason: str = "restart") -> SessionView:
        """Give a session a fresh Stata, in a new epoch; waits until it is ready.

        Raises TooManySessions beyond the quota, which one that was lost no longer counts towards.
        """
        session = self.get(name)
        with self._lock:
            if not session.holds_slot:
                self._check_quota()
            self._manager.hold_slot(session)
        return session.restart(reason)


# What operations work on: everything, or what is one's own.
Sessions = Manager | OwnSessions
