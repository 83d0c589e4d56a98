"""The thread that owns a console: it launches, types, reads, keeps the time, and reaps.

Everybody else leaves it a message, or types the next command while it sleeps. It sleeps until the
console prints, a message comes or a deadline is due, and never longer or shorter.
"""

from __future__ import annotations

import logging
import threading
from collections import deque

from stata_sessions.consoles import Console, ConsoleSpec, ExitReport
from stata_sessions.errors import LaunchFailed
from stata_sessions.launchers import Launcher
from stata_sessions.protocol import Awaiting, Completed, Dialogue, Event, Output, Phase, Ready
from stata_sessions.sessions import starting
from stata_sessions.sessions.code_files import CodeFiles
from stata_sessions.sessions.command import Command
from stata_sessions.sessions.first_steps import first_steps
from stata_sessions.sessions.ladder import Ladder, Rung
from stata_sessions.sessions.leaving import end, leave, why_ended
from stata_sessions.sessions.messages import Close, Input, Message, Stop
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.start_limits import StartLimits
from stata_sessions.sessions.starting import new_token
from stata_sessions.sessions.turn import Turn
from stata_sessions.sessions.vigil import Vigil

log = logging.getLogger(__name__)


class Worker:
    """One console's owner, from launch to reaping."""

    def __init__(self, record: Record, launcher: Launcher, spec: ConsoleSpec) -> None:
        self.thread = threading.Thread(target=self._run, name=f"session-{record.name}", daemon=True)
        self._owner = record
        self._launcher = launcher
        self._code_files = CodeFiles(record.workspace, record.settings.encoding)
        self._settings = record.settings
        self._spec = spec
        self._clock = record.clock
        self._inbox: deque[Message] = deque()
        self._turn = Turn()
        self._console: Console | None = None
        self._dialogue = Dialogue(new_token, encoding=record.settings.encoding)
        self._command: Command | None = None
        self._ladder: Ladder | None = None
        self._close: Close | None = None
        self._lost: str | None = None
        self._exited = self._serving = False
        self._heard = self._started = 0.0
        self._vigil: Vigil
        self._limits: StartLimits
        self.failure: LaunchFailed | None = None

    # What other threads call.

    def post(self, message: Message | None = None) -> None:
        """Leave a message, or just word that the queue has changed."""
        if message:
            self._inbox.append(message)
        console = self._console
        if console:
            console.wake()

    def begin(self) -> None:
        """Have the next command of the queue begun, by the caller if the console is asleep."""
        self._turn.borrow(self._begin_next)
        self.post()

    # The life of a console.

    def _run(self) -> None:
        """Launch, serve, close: the whole life of a console."""
        reason, lost = "a fault of the server, see its log", True
        try:
            reason, lost = self._live()
        except Exception:
            log.exception("%s failed", self.thread.name)
        finally:
            report = self._close_console()
            exited = self._exited and report.exit_status == 0 and not report.reason
            if lost and self._serving and self._exited:
                reason = why_ended(report, self._ladder.reason if self._ladder else "")
            self._owner.ended(reason, lost=lost, exited=exited)

    def _close_console(self) -> ExitReport:
        return end(self._console, self._settings.kill_grace) if self._console else ExitReport()

    def _live(self) -> tuple[str, bool]:
        try:
            self._start()
        except LaunchFailed as error:
            self._owner.seat.failed(error)
            self.failure = error
            return (self._close.reason, False) if self._close else (error.message, True)
        if not self._close:
            self._owner.started()
            self._serve()
        if self._close and not self._lost:
            if self._console and self._is_idle():
                leave(self._console, self._clock)
            return self._close.reason, False
        return self._lost or "unknown", True

    def _start(self) -> None:
        programs = self._launcher.programs()
        if not programs:
            raise LaunchFailed(self._launcher.describe())
        self._owner.seat.await_room(self._settings.worker_start_timeout)
        starting.first_that_starts(programs, self._start_program, self._begin_anew)

    def _begin_anew(self) -> bool:
        """Forget a console that did not start; say whether another one is still wanted."""
        self._close_console()
        is_wanted = not self._close and (self._exited or not self._lost)
        self._dialogue = Dialogue(new_token, encoding=self._settings.encoding)
        self._exited = False
        self._lost = self._command = None
        return is_wanted

    def _start_program(self, program: str) -> None:
        self._console = self._launcher.launch(program, self._spec)
        self._console.wake()  # a message may have come before it was there
        self._vigil = Vigil(self._dialogue, self._console, self._owner)
        self._heard = self._started = self._clock()
        self._limits = StartLimits(self._console, self._owner)
        self._await_start(program)
        for step in first_steps(self._owner, lambda: self._dialogue.return_code):
            self._command = step.command
            self._send(step.code, learn_mark=step.mark)
            self._await_start(program)

    def _await_start(self, program: str) -> None:
        """Step until the console is ready; raises LaunchFailed."""
        while self._dialogue.phase is not Phase.READY:
            self._step(self._limits.deadline)
            text = self._dialogue.startup_text
            if self._close or (self._lost and not self._exited):
                raise starting.start_failed(self._lost or "closed while starting", "", program)
            if self._exited:
                raise starting.start_ended(self._close_console(), text, program, self._settings)
            self._limits.keep(text, program)

    def _serve(self) -> None:
        self._serving = True
        while not self._close and self._lost is None:
            self._begin_next()
            idle_until = self._owner.idle_until() if self._is_idle() else None
            self._step(idle_until)
            if idle_until is not None and self._is_idle() and self._owner.closes_idle():
                self._close = Close(f"idle for {self._settings.session_timeout:g} seconds")

    def _is_idle(self) -> bool:
        return self._command is None and self._dialogue.phase is Phase.READY

    def _begin_next(self) -> None:
        if self._owner.queue and self._is_idle() and self._dialogue.patience is not None:
            # What a program in the background has just printed is none of the command's.
            self._handle(self._dialogue.receive_quiet(), b"")
        while self._is_idle() and (command := self._owner.next_command()):
            if command.needs and command.needs.return_code != 0:
                self._owner.refused(command, "Stata could not change to its working_dir")
                continue
            try:
                self._send(command.code)
            except OSError as error:
                # A full disk is no reason to lose the data.
                self._owner.refused(command, f"the code could not be written: {error.strerror}")
                continue
            self._command, self._started = command, self._clock()
            self._vigil.begin(self._started)

    def _send(self, code: str, *, learn_mark: str | None = None) -> None:
        assert self._console
        self._dialogue.send(self._code_files.put(code), learn_mark=learn_mark)
        self._console.write(self._dialogue.take())
        self._heard = self._clock()

    # One step.

    def _step(self, deadline: float | None) -> None:
        """Sleep until something happens, and deal with it."""
        assert self._console
        console, wait_s = self._console, self._wait_s(deadline)
        console.write(self._dialogue.take())
        try:
            data = self._turn.asleep(lambda: console.read(wait_s))
        except EOFError:
            self._exited = True
            self._lost = self._lost or "the console ended"
            self._handle(self._dialogue.receive_eof(), b"")
            return
        now = self._clock()
        patience = self._dialogue.patience
        if data:
            self._heard = now
            if self._command:
                self._vigil.heard(now)
            self._handle(self._dialogue.receive(data), data)
        elif patience is not None and now - self._heard >= patience:
            self._heard = now
            self._handle(self._dialogue.receive_quiet(), b"")
        while self._inbox:
            self._obey(self._inbox.popleft())
        self._keep_time(self._clock())

    def _wait_s(self, deadline: float | None) -> float | None:
        patience = self._dialogue.patience
        due = [
            deadline,
            None if patience is None else self._heard + patience,
            self._time_limit(),
            self._ladder.deadline if self._ladder else None,
            *self._vigil.due(),
        ]
        times = [each for each in due if each is not None]
        return max(0.0, min(times) - self._clock()) if times else None

    def _time_limit(self) -> float | None:
        if self._command is None or self._ladder or not self._command.time_limit_s:
            return None
        return self._started + self._command.time_limit_s

    def _handle(self, events: list[Event], raw: bytes) -> None:
        # Output comes before the end of its command.
        text = "".join(event.text for event in events if isinstance(event, Output))
        with self._owner.changed:
            if text or (raw and self._command):
                self._owner.output(self._command, text, raw)
            for event in events:
                self._act_on(event)

    def _act_on(self, event: Event) -> None:
        match event:
            case Completed() if self._command:
                rung = self._ladder.rung if self._ladder else ""
                self._owner.completed(self._command, event, rung)
                self._command = None
            case Ready():
                self._settle()
            case Awaiting():
                self._await_input(self._vigil.judge(event, self._clock()))

    def _settle(self) -> None:
        self._ladder = None
        self._vigil.end()
        self._code_files.drop()
        if self._serving:
            self._owner.ready()

    def _await_input(self, hint: str) -> None:
        if hint and self._command:
            self._owner.awaiting(hint)

    # Messages and deadlines.

    def _obey(self, message: Message) -> None:
        match message:
            case Close():
                self._close = message
            case Stop(force=True):
                self._kill("stop: Stata was killed on request (force)")
            case Stop() if self._command and message.command in (None, self._command.number):
                self._begin_ladder("stop")
            case Input(text):
                self._vigil.leave_open()
                self._vigil.heard(self._clock())
                self._dialogue.send_input(text)

    def _begin_ladder(self, reason: str) -> None:
        if self._ladder or not self._console:
            return
        self._vigil.leave_open()
        if self._command:
            self._owner.stopping(self._command, reason)
        now, grace_s = self._clock(), self._settings.break_grace
        console, began = self._console, self._started
        self._ladder = Ladder(reason, now, grace_s, self._dialogue, console, began=began)

    def _keep_time(self, now: float) -> None:
        limit = self._time_limit()
        if limit is not None and now >= limit:
            self._begin_ladder("time-limit")
        if self._ladder and self._ladder.keep(now):
            self._kill(f"{self._ladder.reason}: Stata did not answer the break and was killed")
        if why := self._vigil.outgrown(now):
            self._kill(why)
        self._await_input(self._vigil.keep(now))

    def _kill(self, why: str) -> None:
        if self._command:
            self._command.rung = Rung.KILL
        self._lost = why
