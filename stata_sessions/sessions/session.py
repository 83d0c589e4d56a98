"""A session as callers hold it: submit, stop, answer, look, close; safe from any thread."""

from __future__ import annotations

from collections.abc import Callable

from stata_sessions.errors import (
    ConsoleLost,
    LaunchFailed,
    NoSuchCommand,
    NotAwaiting,
    SessionBusy,
    SessionGone,
)
from stata_sessions.sessions.checks import check_code, check_input, do_file_code
from stata_sessions.sessions.command import Command
from stata_sessions.sessions.messages import Close, Input, Stop
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.transcript import Transcript
from stata_sessions.sessions.views import (
    CommandView,
    OutputPage,
    QueryResult,
    SessionView,
    StopReport,
)
from stata_sessions.sessions.worker import Worker
from stata_sessions.states import ENDED_SESSIONS, CommandState, SessionState, move_session


class Session:
    """A named Stata with a queue of commands."""

    def __init__(self, record: Record, make_worker: Callable[[], Worker]) -> None:
        self.name = record.name
        self._record = record
        self._changed = record.changed
        self._make_worker = make_worker
        self._worker: Worker | None = None
        self.restarting = False

    @property
    def is_default(self) -> bool:
        """Whether it is the one that clients get who name none."""
        return self._record.is_default

    @property
    def state(self) -> SessionState:
        """Where it is at this moment."""
        return self._record.state

    @property
    def transcript(self) -> Transcript:
        """All output of the session."""
        return self._record.transcript

    def view(self, *, usage: bool = False) -> SessionView:
        """Return a picture of this moment; with ``usage`` the processes are measured too."""
        return self._record.view(usage=usage)

    @property
    def mark(self) -> str:
        """What the processes of the session carry in their environment."""
        return self._record.mark

    def gone(self) -> SessionGone:
        """Return the error that tells when and why it ended."""
        return self._record.gone()

    # Starting and ending.

    def launch(self, reason: str = "") -> None:
        """Start a console, in a new epoch; does not wait for it."""
        with self._changed:
            self._record.begin_epoch(reason)
            self._worker = self._make_worker()
            self._worker.thread.start()

    def wait_started(self) -> None:
        """Wait for the first prompt; raises LaunchFailed or what else became of it."""
        record = self._record
        with self._changed:
            self._changed.wait_for(lambda: record.state is not SessionState.STARTING)
            failure = self._worker.failure if self._worker else None
            if record.state in ENDED_SESSIONS:
                raise failure or LaunchFailed(record.reason)

    def _ensure_alive(self) -> None:
        """Make sure that a command has a console to go to, or say why not."""
        record = self._record
        with self._changed:
            if self.is_default and (not record.epoch or record.state is SessionState.LOST):
                self.launch(record.reason)
            starting = record.state is SessionState.STARTING
        if starting:
            self.wait_started()
        with self._changed:
            if record.state is SessionState.LOST:
                raise ConsoleLost(self.name, record.reason)
            if record.state is SessionState.CLOSED:
                raise record.gone()

    def restart(self, reason: str = "restart") -> SessionView:
        """Replace the console by a fresh one, in a new epoch; waits until it is ready."""
        self.restarting = True
        try:
            self._end_console(reason)
            with self._changed:
                if self._record.state is SessionState.CLOSED:
                    # Closed on our behalf a moment ago: the name lives on.
                    self._record.state = SessionState.LOST
                self.launch(reason)
        finally:
            self.restarting = False
        self.wait_started()
        return self.view()

    def close(self, reason: str) -> None:
        """End the console and wait until nothing is left of it."""
        self._end_console(reason)
        with self._changed:
            if self._record.state not in ENDED_SESSIONS:
                self._record.reason = reason
                self._record.move(SessionState.CLOSED)

    def release(self) -> None:
        """Remove what is left of it on disk."""
        self._record.transcript.close()
        self._record.workspace.remove()

    def ask_to_close(self, reason: str) -> None:
        """Have the console ended, without waiting for it."""
        worker = self._worker
        if worker and worker.thread.is_alive():
            worker.post(Close(reason))

    def _end_console(self, reason: str) -> None:
        self.ask_to_close(reason)
        if self._worker:
            self._worker.thread.join()

    # Commands.

    def submit(
        self,
        code: str,
        *,
        time_limit_s: float | None = None,
        epoch: int | None = None,
        queue: bool = True,
    ) -> Command:
        """Put code in the queue.

        ``time_limit_s`` None is the setting, 0 no limit. With ``epoch`` the data of that epoch are
        needed; without ``queue`` it has to run at once. Raises InvalidCode, QueueFull,
        EpochChanged, SessionBusy, ConsoleLost, SessionGone, LaunchFailed.
        """
        return self._submit(code, time_limit_s=time_limit_s, epoch=epoch, queue=queue)

    def submit_file(
        self,
        path: str,
        *,
        working_dir: str | None = None,
        time_limit_s: float | None = None,
        epoch: int | None = None,
    ) -> Command:
        """Put ``do "path"`` in the queue, as a person would type it, after a ``cd`` if asked."""
        code = do_file_code(path, working_dir)
        return self._submit(code, file_path=path, time_limit_s=time_limit_s, epoch=epoch)

    def _submit(
        self,
        code: str,
        *,
        file_path: str | None = None,
        time_limit_s: float | None = None,
        epoch: int | None = None,
        queue: bool = True,
        private: bool = False,
    ) -> Command:
        record = self._record
        check_code(code, record.settings.code_limit_bytes)
        if record.epoch:
            record.check_epoch(epoch)
        self._ensure_alive()
        if time_limit_s is None:
            time_limit_s = record.settings.command_timeout
        with self._changed:
            record.check_may_queue(epoch, queue=queue)
            command = Command(
                self.name,
                0 if private else record.last_number + 1,
                code,
                changed=self._changed,
                transcript=record.transcript,
                time_limit_s=time_limit_s,
                file_path=file_path,
                private=private,
                clock=record.clock,
            )
            command.position, command.withdraw = record.position, record.queue.remove
            if not private:
                record.remember(command)
            record.queue.append(command)
            record.touch()
            worker = self._worker
        if worker:
            worker.post()
        return command

    def query(self, code: str, *, wait_s: float) -> QueryResult:
        """Run an internal command, which leaves no trace in history and transcript.

        Raises SessionBusy if it does not get its turn within ``wait_s`` seconds.
        """
        command = self._submit(code, time_limit_s=wait_s, private=True)
        if not command.wait(wait_s):
            with self._changed:
                if command.state is CommandState.QUEUED:
                    command.cancel()
                    raise SessionBusy(self.name, None)
            command.wait()
        if command.state is not CommandState.FINISHED or command.return_code is None:
            raise ConsoleLost(self.name, command.reason or "the query was broken")
        return QueryResult(command.return_code, command.private_output)

    def command(self, number: int) -> Command:
        """Return a command by its number; raises NoSuchCommand."""
        with self._changed:
            if number not in self._record.commands:
                raise NoSuchCommand(self.name, number)
            return self._record.commands[number]

    def current(self) -> Command | None:
        """Return the command that runs, if any; not an internal one."""
        running = self._record.running
        return running if running and not running.private else None

    def history(self) -> list[CommandView]:
        """Return all commands that are remembered, oldest first."""
        with self._changed:
            commands = list(self._record.commands.values())
        return [command.view() for command in commands]

    def read(self, offset: int, limit: int, wait_s: float = 0) -> OutputPage:
        """Return output from ``offset`` of the transcript on, whichever command printed it.

        Waits for some if there is none yet; ``complete`` once the session has ended.
        """
        return self._record.read(offset, limit, wait_s)

    # Stopping and answering.

    def stop(
        self, *, force: bool = False, wait_s: float | None = None, command: int | None = None
    ) -> StopReport:
        """Break the running command, and wait for what comes of it, at most ``wait_s`` seconds.

        With ``force`` the console is killed, whatever it does. With ``command``, only that one.
        """
        record = self._record
        with self._changed:
            running, worker, ended = record.running, self._worker, record.state in ENDED_SESSIONS
            idle = running is None or running.ended or command not in (None, running.number)
            if worker is None or ended or (idle and not force):
                return StopReport("not_running", "", None, not ended)
        worker.post(Stop(running.number if running else None, force))
        if force:
            worker.thread.join(wait_s)
        elif running:
            running.wait(wait_s)
        return self._stop_report(running)

    def _stop_report(self, running: Command | None) -> StopReport:
        with self._changed:
            lost = self._record.state in ENDED_SESSIONS
            done = lost or (running is not None and running.ended)
            return StopReport(
                status="lost" if lost else "stopped" if done else "stop_sent",
                rung=running.rung if running else "kill",
                command=running.number if running else None,
                data_kept=not lost,
            )

    def send_input(self, text: str) -> None:
        """Answer a console that waits for input with one row; the newline is added."""
        record = self._record
        check_input(text, record.settings.input_limit_bytes)
        with self._changed:
            if record.state is not SessionState.AWAITING_INPUT or not self._worker:
                raise NotAwaiting(self.name)
            record.touch()
            record.hint = ""
            record.state = move_session(record.state, SessionState.BUSY)
            self._worker.post(Input(text))
