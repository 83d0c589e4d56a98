"""What is known about a session: the state that its worker writes and its callers read."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from stata_sessions.consoles import Console
from stata_sessions.errors import (
    ConsoleLost,
    EpochChanged,
    QueueFull,
    SessionBusy,
    SessionGone,
)
from stata_sessions.protocol import Completed
from stata_sessions.sessions.admission import Seat
from stata_sessions.sessions.command import Clock, Command
from stata_sessions.sessions.history import History
from stata_sessions.sessions.listener import Listener
from stata_sessions.sessions.origin import Origin
from stata_sessions.sessions.picture import RUNNING, picture_of
from stata_sessions.sessions.raw import RawBytes
from stata_sessions.sessions.transcript import Transcript, whole_characters
from stata_sessions.sessions.views import OutputPage, SessionView
from stata_sessions.sessions.workspace import Workspace
from stata_sessions.settings import Settings
from stata_sessions.states import ENDED_SESSIONS, CommandState, SessionState, move_session

log = logging.getLogger(__name__)

DEFAULT = "default"
_S = SessionState


class Record:
    """The state of one session. Everything changes under ``changed``, which is then notified.

    Most methods are the worker's side of a session.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        workspace: Workspace,
        origin: Origin,
        *,
        mark: str,
        clock: Clock,
    ) -> None:
        self.name = name
        self.mark = mark
        self.settings = settings
        self.workspace = workspace
        self.origin = origin
        self.clock = clock
        self.changed = threading.Condition()
        self.transcript = Transcript(
            name,
            workspace.spill,
            memory_bytes=settings.output_memory_bytes,
            limit_bytes=settings.output_limit_bytes,
        )
        self.raw = RawBytes(settings.raw_limit_bytes)
        self.state = _S.READY
        self.epoch = 0
        self.epoch_reason = self.hint = self.reason = self.warning = ""
        self.queue: deque[Command] = deque()
        self.history = History(settings.commands_kept)
        self.running: Command | None = None
        self.console: Console | None = None
        self.created_at = self.active_at = datetime.now(UTC)
        self.active = self.launched = clock()
        self.ended_at: datetime | None = None
        self.start_s: float | None = None
        self.on_start: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None
        self.listener = Listener()
        self.seat: Seat  # given by whoever made the session

    @property
    def is_default(self) -> bool:
        """Whether it is the one that clients get who name none, or those of one owner."""
        return self.name.partition("@")[0] == DEFAULT

    def rename(self, name: str) -> None:
        """Give a spare its name; its life begins now."""
        with self.changed:
            self.name = self.transcript.session = name
            self.created_at = datetime.now(UTC)
            self.touch()
            self.listener.session_changed(self.view())

    def touch(self) -> None:
        """Note that somebody uses the session."""
        self.active_at, self.active = datetime.now(UTC), self.clock()

    def move(self, state: SessionState) -> None:
        """Go to another state; the caller holds ``changed``."""
        self.state = move_session(self.state, state)
        self.changed.notify_all()

    def finish(self, state: SessionState, reason: str) -> None:
        """Come to an end, from which only another console leads back; as ``move``."""
        self.reason, self.ended_at = reason, datetime.now(UTC)
        self.move(state)

    def begin_epoch(self, reason: str) -> None:
        """Note that a fresh console is being started."""
        with self.changed:
            # The first console of a session replaces none.
            self.state = move_session(self.state, _S.STARTING) if self.epoch else _S.STARTING
            self.epoch += 1
            self.epoch_reason, self.ended_at, self.start_s = reason, None, None
            self.reason = self.warning = ""
            self.launched = self.clock()
            self.listener.session_changed(self.view())

    # What the worker tells.

    def starting(self, console: Console, *, placed: bool) -> None:
        """Take note of the console that is being started, and whether it has its place by now."""
        with self.changed:
            self.console = console
            self.launched = self.clock() if placed else self.launched
            self.changed.notify_all()

    def started(self) -> None:
        """Take note of the first prompt."""
        self.seat.granted()
        with self.changed:
            self.start_s = self.clock() - self.launched
            self.touch()
            self.move(_S.READY)
            self.listener.console_started(self.view())
        self.on_start()

    def next_command(self) -> Command | None:
        """Begin the next command of the queue, if there is one."""
        with self.changed:
            if not self.queue or self.state is not _S.READY:
                return None
            self.running = self.queue.popleft()
            self.running.begin(self.epoch)
            self.move(_S.BUSY)
            return self.running

    def output(self, command: Command | None, text: str, raw: bytes) -> None:
        """Keep what was printed, and wake those who wait for it."""
        with self.changed:
            self.listener.console_printed(len(raw))
            self.raw.append(raw)
            if command:
                command.add_output(text)
            else:
                self.transcript.append(text)
            if self.state is _S.AWAITING_INPUT:
                self.resume()
            self.changed.notify_all()

    def resume(self) -> None:
        """Go on: somebody has typed, or the console has."""
        self.hint = ""
        if self.running:
            self.running.hint = ""
        self.move(_S.BUSY)

    def completed(self, command: Command, outcome: Completed, rung: str) -> None:
        """Take note of the end of a command."""
        with self.changed:
            command.return_code = outcome.return_code
            command.rung, command.note = rung, outcome.note or command.note
            broken = outcome.broken or (bool(rung) and outcome.return_code == 1)
            if not broken:
                command.reason = ""
            command.finish(CommandState.BROKEN if broken else CommandState.FINISHED)
            self.changed.notify_all()

    def refused(self, command: Command, reason: str) -> None:
        """Take note that a command could not be given to the console, which is none the worse."""
        with self.changed:
            command.finish(CommandState.LOST, reason=reason)
            self.ready()

    def ready(self) -> None:
        """Take note of the prompt."""
        with self.changed:
            self.running, self.hint = None, ""
            self.touch()
            if self.state is not _S.READY:
                self.move(_S.READY)

    def stopping(self, command: Command, reason: str) -> None:
        """Take note that a break was sent."""
        with self.changed:
            command.break_sent(reason)
            if self.state in RUNNING - {_S.STOPPING}:
                self.move(_S.STOPPING)

    def awaiting(self, hint: str) -> None:
        """Take note that the console waits for input."""
        with self.changed:
            self.hint = hint
            if self.running:
                self.running.hint = hint
            if self.state is _S.BUSY:
                self.move(_S.AWAITING_INPUT)

    def warn(self, warning: str) -> None:
        """Have the session show a warning, and the command that runs note it."""
        log.warning("session %s: %s", self.name or "(spare)", warning)
        with self.changed:
            self.warning = warning
            if self.running and not self.running.private:
                self.running.note = warning

    def idle_until(self) -> float | None:
        """Return the time at which the session is to be closed for want of use."""
        limit_s = self.settings.session_timeout
        forever = self.is_default or not self.name or not limit_s
        return None if forever else self.active + limit_s

    def closes_idle(self) -> bool:
        """Close for want of use, unless a command has come meanwhile."""
        due = self.idle_until()
        with self.changed:
            if due is None or self.queue or self.clock() < due:
                return False
            self.finish(_S.CLOSED, f"idle for {self.settings.session_timeout:g} seconds")
            return True

    def ended(self, reason: str, *, lost: bool, exited: bool) -> None:
        """Take note that the console is gone; what has not run will not."""
        self.seat.give_back()
        with self.changed:
            if self.running and not self.running.ended:
                self._end_running(self.running, reason, exited)
            self.console, self.running, self.hint = None, None, ""
            for command in self.queue:
                state = CommandState.LOST if lost else CommandState.CANCELLED
                command.finish(state, reason=reason, data_kept=False)
            self.queue.clear()
            if self.state not in ENDED_SESSIONS:
                self.finish(_S.LOST if lost else _S.CLOSED, reason)
            self.changed.notify_all()
            self.listener.session_changed(self.view())
        self.on_end()

    def _end_running(self, command: Command, reason: str, exited: bool) -> None:
        if exited:
            command.return_code, command.note = 0, reason
            command.finish(CommandState.FINISHED, data_kept=False)
        else:
            command.reason = reason
            command.finish(CommandState.LOST, data_kept=False)

    # What anybody may ask.

    def gone(self) -> SessionGone:
        """Return the error that tells when and why it ended."""
        at = self.ended_at or datetime.now(UTC)
        return SessionGone(self.name, at.strftime("%Y-%m-%dT%H:%M:%SZ"), self.reason)

    def check_epoch(self, epoch: int | None) -> None:
        """Raise EpochChanged if the caller relies on data that are gone."""
        if epoch is not None and (epoch != self.epoch or self.state is _S.LOST):
            raise EpochChanged(self.name, epoch, self.epoch, self.reason or self.epoch_reason)

    def check_may_queue(self, epoch: int | None, *, queue: bool) -> None:
        """Raise what speaks against one more command; the caller holds ``changed``."""
        self.check_epoch(epoch)
        if self.state in ENDED_SESSIONS:
            raise ConsoleLost(self.name, self.reason)
        if len(self.queue) >= self.settings.queue_limit:
            raise QueueFull(self.name, self.settings.queue_limit)
        if not queue and (self.running or self.queue or self.state is _S.STARTING):
            raise SessionBusy(self.name, self.running.number if self.running else None)

    def position(self, command: Command) -> int | None:
        """Return how many commands run before this one of the queue."""
        return self.queue.index(command) if command in self.queue else None

    def read(self, offset: int, limit: int, wait_s: float) -> OutputPage:
        """Return output from ``offset`` of the transcript on, waiting if there is none yet."""
        with self.changed:
            self.changed.wait_for(
                lambda: self.state in ENDED_SESSIONS or self.transcript.end > offset, wait_s
            )
            end, ended = self.transcript.end, self.state in ENDED_SESSIONS
        text, taken = whole_characters(self.transcript.read(offset, limit))
        return OutputPage(text, offset, offset + taken, ended and offset + taken >= end)

    def view(self, *, usage: bool = False) -> SessionView:
        """Return a picture of this moment; with ``usage`` the processes are measured too."""
        return picture_of(self, usage=usage)
