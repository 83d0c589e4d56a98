"""The thread that owns a console: it launches, types, reads, keeps the time, and reaps.

Everybody else leaves it a message. It sleeps until the console prints, a message comes or a
deadline is due, and never longer or shorter.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import deque

from stata_sessions.consoles import Console, ConsoleSpec, ExitReport
from stata_sessions.errors import LaunchFailed
from stata_sessions.launchers import Launcher
from stata_sessions.protocol import (
    Awaiting,
    CommandFiles,
    Completed,
    Dialogue,
    Event,
    Output,
    Phase,
    Ready,
    command_files,
)
from stata_sessions.protocol.tails import LEFT_OPEN
from stata_sessions.sessions.command import Command
from stata_sessions.sessions.ladder import Ladder, Rung
from stata_sessions.sessions.messages import Close, Input, Message, Stop
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.starting import calibrations, start_failed, start_timed_out

log = logging.getLogger(__name__)

# How long an idle console gets to leave by itself when it is told to.
EXIT_S = 1.0
# A console that is silent without a prompt may wait for input, as for display _request(). Whether
# somebody reads the terminal is looked up after this long, and then ever more rarely.
FIRST_LOOK_S = 1.0
LONGEST_LOOK_S = 60.0
REQUEST_HINT = "a program reads from the terminal, such as display _request() or a shell command"


class Worker:
    """One console's owner, from launch to reaping."""

    def __init__(self, record: Record, launcher: Launcher, spec: ConsoleSpec) -> None:
        self.thread = threading.Thread(target=self._run, name=f"session-{record.name}", daemon=True)
        self._owner = record
        self._launcher = launcher
        self._workspace = record.workspace
        self._settings = record.settings
        self._spec = spec
        self._clock = record.clock
        self._inbox: deque[Message] = deque()
        self._console: Console | None = None
        self._dialogue = Dialogue(_new_token)
        self._number = 0
        self._files: CommandFiles | None = None
        self._command: Command | None = None
        self._ladder: Ladder | None = None
        self._close: Close | None = None
        self._lost: str | None = None
        self._exited = self._serving = False
        self._heard = self._started = 0.0
        self._left_open_at: float | None = None
        self._look_at: float | None = None
        self._look_s = FIRST_LOOK_S
        self.failure: LaunchFailed | None = None

    # What other threads call.

    def post(self, message: Message | None = None) -> None:
        """Leave a message, or just word that the queue has changed."""
        if message:
            self._inbox.append(message)
        console = self._console
        if console:
            console.wake()

    # The life of a console.

    def _run(self) -> None:
        """Launch, serve, close: the whole life of a console."""
        reason, lost = "a fault of the server, see its log", True
        try:
            reason, lost = self._live()
        except Exception:
            log.exception("%s failed", self.thread.name)
        finally:
            exited = self._exited
            if self._console:
                report = self._console.close(self._settings.kill_grace)
                exited = exited and report.exit_status == 0
                if lost and self._serving and self._exited:
                    reason = self._why_ended(report, exited)
            self._owner.ended(reason, lost=lost, running=self._command, exited=exited)

    def _why_ended(self, report: ExitReport, exited: bool) -> str:
        if self._ladder:
            return f"{self._ladder.reason}: Stata died of the break ({report})"
        return f"the code ended Stata ({report})" if exited else f"Stata died ({report})"

    def _live(self) -> tuple[str, bool]:
        try:
            self._start()
        except LaunchFailed as error:
            self.failure = error
            return error.message, True
        if not self._close:
            assert self._console
            self._owner.started(self._console)
            self._serve()
        if self._close and not self._lost:
            self._leave()
            return self._close.reason, False
        return self._lost or "unknown", True

    def _start(self) -> None:
        programs = self._launcher.programs()
        if not programs:
            raise LaunchFailed(self._launcher.describe())
        for last, program in enumerate(programs, 1 - len(programs)):
            try:
                self._start_program(program)
                return
            except LaunchFailed:
                if not last or self._close:
                    raise
                if self._console:
                    self._console.close(self._settings.kill_grace)
                self._dialogue, self._exited, self._lost = Dialogue(_new_token), False, None
                self._files = None

    def _start_program(self, program: str) -> None:
        try:
            self._console = self._launcher.launch(program, self._spec)
        except OSError as error:
            raise start_failed("cannot be started", str(error), program) from error
        self._heard = self._started = self._clock()
        self._await_start(program)
        for calibration in calibrations(self._settings, self._owner.origin.working_dir):
            self._send(calibration.code, learn_mark=calibration.mark)
            self._await_start(program)

    def _await_start(self, program: str) -> None:
        """Step until the console is ready; raises LaunchFailed."""
        limit_s = self._settings.worker_start_timeout
        deadline = self._started + limit_s
        while self._dialogue.phase is not Phase.READY or self._files:
            self._step(deadline)
            text = self._dialogue.startup_text
            if self._close:
                raise start_failed("closed while starting", "", program)
            if self._exited:
                raise start_failed("ended before its first prompt", text, program)
            if self._clock() >= deadline:
                raise start_timed_out(limit_s, text, program)

    def _serve(self) -> None:
        self._serving = True
        while not self._close and self._lost is None:
            if self._dialogue.phase is Phase.READY and not self._command:
                self._begin_next()
            self._step(self._owner.idle_until() if self._is_idle() else None)
            if self._is_idle() and self._owner.closes_idle():
                self._close = Close(f"idle for {self._settings.session_timeout:g} seconds")

    def _is_idle(self) -> bool:
        return self._command is None and self._dialogue.phase is Phase.READY

    def _begin_next(self) -> None:
        command = self._owner.next_command()
        if command:
            self._command = command
            self._send(command.code)
            self._started = self._clock()
            self._look_at = self._started + FIRST_LOOK_S

    def _send(self, code: str, *, learn_mark: str | None = None) -> None:
        self._number += 1
        name = f"{self._number}"
        self._files = command_files(str(self._spec.directory), name, code, _new_token)
        self._workspace.write(self._files)
        self._dialogue.send(self._files, learn_mark=learn_mark)
        self._heard = self._clock()

    def _leave(self) -> None:
        """Tell a console at its prompt to exit: so it can tidy up and give its licence back."""
        assert self._console
        if not self._is_idle():
            return
        try:
            self._console.write(b"exit, clear\n")
            deadline = self._clock() + EXIT_S
            while (left := deadline - self._clock()) > 0:
                self._console.read(left)
        except (EOFError, OSError):
            return

    # One step.

    def _step(self, deadline: float | None) -> None:
        """Sleep until something happens, and deal with it."""
        assert self._console
        self._console.write(self._dialogue.take())
        try:
            data = self._console.read(self._wait_s(deadline))
        except EOFError:
            self._exited = True
            self._lost = self._lost or "the console ended"
            self._handle(self._dialogue.receive_eof(), b"")
            return
        now = self._clock()
        patience = self._dialogue.patience
        if data:
            self._hear(now)
            self._handle(self._dialogue.receive(data), data)
        elif patience is not None and now - self._heard >= patience:
            self._heard = now
            self._handle(self._dialogue.receive_quiet(), b"")
        while self._inbox:
            self._obey(self._inbox.popleft())
        self._keep_time(self._clock())

    def _hear(self, now: float) -> None:
        self._heard, self._look_s = now, FIRST_LOOK_S
        self._look_at = now + FIRST_LOOK_S if self._command else None

    def _wait_s(self, deadline: float | None) -> float | None:
        patience = self._dialogue.patience
        due = [
            deadline,
            None if patience is None else self._heard + patience,
            self._time_limit(),
            self._ladder.deadline if self._ladder else None,
            self._left_open_at,
            self._look_at,
        ]
        times = [each for each in due if each is not None]
        return max(0.0, min(times) - self._clock()) if times else None

    def _time_limit(self) -> float | None:
        if self._command is None or self._ladder or not self._command.time_limit_s:
            return None
        return self._started + self._command.time_limit_s

    def _handle(self, events: list[Event], raw: bytes) -> None:
        # Output always comes before the end of its command.
        text = "".join(event.text for event in events if isinstance(event, Output))
        if text or (raw and self._command):
            self._owner.output(self._command, text, raw)
        for event in events:
            match event:
                case Completed() if self._command:
                    rung = self._ladder.rung if self._ladder else ""
                    self._owner.completed(self._command, event, rung)
                    self._command = None
                case Ready():
                    self._settle()
                case Awaiting():
                    self._await_input(event)

    def _settle(self) -> None:
        self._ladder = self._left_open_at = self._look_at = None
        if self._files:
            self._workspace.drop(self._files)
            self._files = None
        if self._serving:
            self._owner.ready()

    # Waiting for input.

    def _await_input(self, event: Awaiting) -> None:
        assert self._console
        reads = self._console.reads_terminal()
        if reads is False:
            # It only looks like a prompt: the program is at work.
            return
        certain = reads or self._dialogue.sentinel_swallowed
        if event.tail in LEFT_OPEN and certain and not self._dialogue.user_is_typing:
            now = self._clock()
            wait_s = 0.0 if self._dialogue.is_closing_left_open else self._settings.left_open_wait
            self._left_open_at = now + wait_s
        if self._command:
            self._owner.awaiting(event.hint)

    def _look(self, now: float) -> None:
        """See whether a silent console waits for input that nobody announced."""
        assert self._console
        self._look_s = min(2 * self._look_s, LONGEST_LOOK_S)
        self._look_at = now + self._look_s
        if self._dialogue.patience is not None or not self._console.reads_terminal():
            return
        self._look_at = None
        event = self._dialogue.awaiting()
        if event:
            self._await_input(event)
        elif self._dialogue.phase is Phase.RUNNING:
            self._owner.awaiting(REQUEST_HINT)

    # Messages and deadlines.

    def _obey(self, message: Message) -> None:
        match message:
            case Close():
                self._close = message
            case Stop(force=True):
                self._kill("stop", "killed on request (force)")
            case Stop():
                if self._command and message.command in (None, self._command.number):
                    self._begin_ladder("stop")
            case Input(text):
                self._look_at = self._clock() + FIRST_LOOK_S
                self._left_open_at = None
                self._dialogue.send_input(text)

    def _begin_ladder(self, reason: str) -> None:
        if self._ladder:
            return
        self._ladder = Ladder(reason, self._clock(), self._settings.break_grace)
        self._left_open_at = None
        if self._command:
            self._owner.stopping(self._command, reason)
        self._dialogue.send_break()

    def _keep_time(self, now: float) -> None:
        limit = self._time_limit()
        if limit is not None and now >= limit:
            self._begin_ladder("time-limit")
        if self._ladder:
            self._climb(now)
        if self._left_open_at is not None and now >= self._left_open_at:
            self._left_open_at = None
            self._dialogue.close_left_open()
        if self._look_at is not None and now >= self._look_at:
            self._look(now)

    def _climb(self, now: float) -> None:
        assert self._ladder
        assert self._console
        rung = self._ladder.climb(now)
        if rung is Rung.SECOND_BREAK:
            self._dialogue.send_break()
            self._console.write(self._dialogue.take())
            self._console.interrupt()
        elif rung is Rung.KILL:
            self._kill(self._ladder.reason, "did not answer the break and was killed")

    def _kill(self, reason: str, why: str) -> None:
        if self._ladder is None:
            self._ladder = Ladder(reason, self._clock(), self._settings.break_grace)
        self._ladder.rung = Rung.KILL
        if self._command:
            self._command.rung = Rung.KILL
        self._lost = f"{reason}: Stata {why}"


def _new_token() -> str:
    return secrets.token_hex(12)
