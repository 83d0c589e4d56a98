"""The named collection of sessions: who is here, who was, and how many may be."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from stata_sessions.consoles.warden import Warden
from stata_sessions.ending import awaited
from stata_sessions.errors import (
    MultiSessionOff,
    NoSuchSession,
    ProtectedSession,
    ServerStopping,
    SessionExists,
    StataSessionsError,
    TooManySessions,
)
from stata_sessions.sessions.admission import Admission, Seat
from stata_sessions.sessions.checks import check_directory
from stata_sessions.sessions.closing import close_all
from stata_sessions.sessions.command import Clock
from stata_sessions.sessions.ended import Ended, oldest_lost
from stata_sessions.sessions.launching import Launchers
from stata_sessions.sessions.listener import Listener, Listeners
from stata_sessions.sessions.names import check_name, new_name
from stata_sessions.sessions.origin import Origin
from stata_sessions.sessions.readiness import Readiness
from stata_sessions.sessions.record import DEFAULT, Record
from stata_sessions.sessions.seats import LicenceView
from stata_sessions.sessions.session import Session
from stata_sessions.sessions.spares import Spares
from stata_sessions.sessions.starting import spec_of
from stata_sessions.sessions.views import SessionView
from stata_sessions.sessions.worker import Worker
from stata_sessions.sessions.workspace import Workspace
from stata_sessions.settings import Settings
from stata_sessions.states import SessionState


class Manager:
    """All sessions of one server; safe from any thread."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        *,
        clock: Clock = time.monotonic,
        listener: Listener | None = None,
    ) -> None:
        """Prepare; raises ConfigurationError, but does not start a console yet."""
        self.settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._launchers = Launchers(settings, environ)
        self.launcher = self._launchers.get(self.launcher_name)
        base = self._launchers.base_of(self.launcher)
        self.readiness = Readiness(settings, base, clock, self.licence)
        self.listeners = Listeners(listener or Listener(), self.readiness)
        self._warden = Warden()
        self._sessions: dict[str, Session] = {}
        self._ended = Ended(settings.closed_kept)
        self._stopping = False
        self._admission = Admission(settings, clock, lambda why: self._spares.release(why))
        may_start = self._admission.seats.allow_spare
        self._spares = Spares(settings.warm_spares, self._make_spare, self._release, may_start)
        self._sessions[DEFAULT] = self._make(DEFAULT, settings.working_dir, self.launcher_name, {})

    @property
    def launcher_name(self) -> str:
        """The launcher that new sessions get if they name none."""
        return self._launchers.default

    def console(self) -> str:
        """Say what new sessions run: ``stata``, ``standin`` or what the launcher calls it."""
        return self.launcher.console

    # Making sessions.

    def create(
        self,
        name: str | None = None,
        *,
        working_dir: str | None = None,
        launcher: str | None = None,
        wait: bool = True,
        options: Mapping[str, str] | None = None,
        suffix: str = "",
    ) -> Session:
        """Start a session and, unless told not to, wait until it is ready.

        ``suffix`` follows its name and tells whose it is; no name that callers give can have one.
        Raises TooManySessions, SessionExists, InvalidName, InvalidPath, MultiSessionOff,
        NoSuchLauncher, LaunchFailed, NoLicenceSeat, TooLittleMemory, ServerStopping.
        """
        if not self.settings.multi_session:
            raise MultiSessionOff()
        if name is not None:
            check_name(name)
        if working_dir:
            check_directory(working_dir)
        chosen, wishes = launcher or self.launcher_name, dict(options or {})
        self._launchers.check(chosen, wishes)
        plain = not (launcher or options or working_dir)
        directory = working_dir or self.settings.working_dir
        for each in oldest_lost(self.sessions(), self.settings.lost_kept):
            self._end(each, "others were lost since then (lost_kept)")
        session = self._admit(name, directory, chosen, wishes, plain=plain, suffix=suffix)
        with self._given_up_on_failure(session):
            if not session.epoch:
                session.launch()
            elif session.state is SessionState.READY:
                self._spares.refill()
            if wait:
                session.wait_started(self.settings.queue_wait)
        return session

    def keep_spares(self) -> None:
        """Start the spares that the settings ask for; the server calls it once it listens."""
        self._spares.refill()

    def _make_spare(self) -> Session:
        return self._make("", self.settings.working_dir, self.launcher_name, {})

    def await_start(self, session: Session) -> None:
        """Wait for a session as ``wait_started`` does; one that cannot start is forgotten."""
        with self._given_up_on_failure(session):
            session.wait_started(self.settings.queue_wait)

    @contextmanager
    def _given_up_on_failure(self, session: Session) -> Iterator[None]:
        try:
            yield
        except StataSessionsError:
            # For good: somebody else may be restarting it at this moment.
            self._end(session, "it could not be started", remember=False)
            raise

    def _admit(
        self,
        name: str | None,
        directory: str,
        launcher: str,
        options: dict[str, str],
        *,
        plain: bool,
        suffix: str,
    ) -> Session:
        with self._lock:
            if self._stopping:
                raise ServerStopping()
            name = (name or new_name(self.settings.session_prefix, self._is_known)) + suffix
            if name in self._sessions:
                raise SessionExists(name)
            if self._available() < 1:
                raise TooManySessions(self.settings.max_sessions)
            session = self._spares.take(name) if plain else None
            session = session or self._make(name, directory, launcher, options)
            self._sessions[session.name] = session
            self._ended.forget(session.name)
            return session

    def _make(
        self, name: str, directory: str, launcher_name: str, options: dict[str, str]
    ) -> Session:
        launcher = self._launchers.get(launcher_name)
        workspace = Workspace(self._launchers.base_of(launcher))
        origin = Origin(launcher_name, launcher.console, os.path.abspath(directory or "."))
        mark = f"{workspace.path.name}-{secrets.token_hex(4)}"
        record = Record(name, self.settings, workspace, origin, mark=mark, clock=self._clock)
        self._warden.watch(mark, str(workspace.path))
        spec = spec_of(self.settings, workspace.path, mark, options, origin.working_dir)
        session = Session(record, lambda: Worker(record, launcher, spec))
        record.on_start = lambda: self._console_started(session)
        record.on_end = lambda: self._console_ended(session)
        record.listener, here = self.listeners, not launcher.is_remote
        record.seat = Seat(self._admission, mark, lambda: not record.name, is_here=here)
        return session

    def _is_known(self, name: str) -> bool:
        return name in self._sessions or name in self._ended

    # Finding sessions.

    def get(self, name: str | None = None) -> Session:
        """Return a session, the default one if unnamed; raises NoSuchSession or SessionGone."""
        key = name or DEFAULT
        with self._lock:
            if self._stopping:
                raise ServerStopping()
            if key != DEFAULT and not self.settings.multi_session:
                raise MultiSessionOff()
            session, gone = self._sessions.get(key), self._ended.get(key)
        if session and (session.is_default or not session.is_closed):
            return session
        raise session.gone() if session else gone or NoSuchSession(key)

    def sessions(self) -> list[Session]:
        """Return all sessions, the default one first, then by age."""
        with self._lock:
            return [
                session
                for session in self._sessions.values()
                if session.is_default or not session.is_closed
            ]

    def slots(self) -> tuple[int, int]:
        """Return how many sessions there may be, and how many more."""
        with self._lock:
            return self.settings.max_sessions, self._available()

    def licence(self) -> LicenceView:
        """Return what is known of Stata's licence; metrics and health show it."""
        return self._admission.seats.view()

    def _available(self) -> int:
        taken = sum(each.holds_slot for each in self._sessions.values())
        return self.settings.max_sessions - taken

    # Ending sessions.

    def destroy(self, name: str, reason: str = "destroyed") -> None:
        """Close a session and forget it; raises ProtectedSession for the default one."""
        session = self.get(name)
        if session.name == DEFAULT:
            raise ProtectedSession()
        self._end(session, reason)

    def _end(self, session: Session, reason: str, *, remember: bool = True) -> None:
        session.close(reason)
        self._forget(session, remember=remember)

    def restart(self, name: str | None = None, reason: str = "restart") -> SessionView:
        """Give a session a fresh Stata, in a new epoch; waits until it is ready."""
        session = self.get(name)
        self.hold_slot(session)
        return session.restart(reason)

    def hold_slot(self, session: Session) -> None:
        """Take a place for a session that is to be restarted; raises TooManySessions."""
        with self._lock:
            if not session.holds_slot:
                if self._available() < 1:
                    raise TooManySessions(self.settings.max_sessions)
                # From here on the place is taken, although the console is yet to come.
                session.restarting = True

    def shutdown(self, reason: str = "the server is stopping") -> None:
        """Close all sessions at once and wait until no process is left of any.

        What has not ended within ``end_timeout`` is left to the process that cleans up. Called once
        more it does nothing.
        """
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
            self.readiness.drain()
            sessions = [*self._sessions.values(), *self._spares.give_up()]
        close_all(sessions, reason, self.settings.end_timeout, self._release)
        with awaited(lambda: "the process that cleans up"):
            self._warden.close()
        self._launchers.close()

    def _console_started(self, session: Session) -> None:
        """Take note, in the worker's own thread, of the first prompt of a console."""
        if session.name:
            # Only now: a spare must not take the seat that a session waits for.
            self._spares.refill()

    def _console_ended(self, session: Session) -> None:
        """Take note, in the worker's own thread, that a console has gone."""
        if self._spares.drop(session):
            self._release(session)
        elif session.is_closed:
            self._forget(session, remember=True)
        if session.name or session.is_closed:
            # A spare that could not be started is not tried again for its own sake.
            self._spares.refill()

    def _forget(self, session: Session, *, remember: bool) -> None:
        with self._lock:
            if self._sessions.get(session.name) is not session or session.name == DEFAULT:
                return
            del self._sessions[session.name]
            if remember:
                self._ended.add(session.name, session.gone())
        self._release(session)

    def _release(self, session: Session) -> None:
        session.release()
        self._warden.forget(session.mark)
