"""A session as callers hold it: submit, stop, answer, look, close; safe from any thread."""

from __future__ import annotations

from stata_sessions.errors import ConsoleLost, NoSuchCommand, NotAwaiting, SessionBusy
from stata_sessions.sessions.checks import (
    change_dir_code,
    check_code,
    check_input,
    check_no_shell,
    do_file_code,
)
from stata_sessions.sessions.command import Command
from stata_sessions.sessions.life import Life
from stata_sessions.sessions.messages import Input, Stop
from stata_sessions.sessions.views import CommandView, OutputPage, QueryResult, StopReport
from stata_sessions.states import ENDED_SESSIONS, CommandState, SessionState


class Session(Life):
    """A named Stata with a queue of commands."""

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
        command = self._enqueue(code, time_limit_s=time_limit_s, epoch=epoch, queue=queue)
        self._begin()
        return command

    def submit_file(
        self,
        path: str,
        *,
        working_dir: str | None = None,
        time_limit_s: float | None = None,
        epoch: int | None = None,
    ) -> Command:
        """Put ``do "path"`` in the queue, as a person would type it.

        With ``working_dir`` the session goes there first, and stays; that leaves no row of its own.
        A file is not run in another folder than that.
        """
        code = do_file_code(path)
        go = change_dir_code(working_dir) if working_dir else ""
        self.ensure_alive()
        with self._changed:
            # Both or none, and no command of somebody else's in between.
            first = self._enqueue(go, epoch=epoch, private=True) if go else None
            command = self._enqueue(
                code, file_path=path, time_limit_s=time_limit_s, epoch=epoch, needs=first
            )
        self._begin()
        return command

    def _enqueue(
        self,
        code: str,
        *,
        file_path: str | None = None,
        time_limit_s: float | None = None,
        epoch: int | None = None,
        queue: bool = True,
        private: bool = False,
        needs: Command | None = None,
    ) -> Command:
        record = self._record
        check_code(code, record.settings.code_limit_bytes, record.settings.encoding)
        if not (record.settings.shell or private):
            check_no_shell(code)
        if record.epoch:
            record.check_epoch(epoch)
        self.ensure_alive()
        if time_limit_s is None:
            time_limit_s = record.settings.command_timeout
        with self._changed:
            if not needs:
                record.check_may_queue(epoch, queue=queue)
            command = Command(
                self.name,
                0 if private else record.history.last_number + 1,
                code,
                changed=self._changed,
                transcript=record.transcript,
                time_limit_s=time_limit_s,
                file_path=file_path,
                private=private,
                clock=record.clock,
            )
            command.needs = needs
            self._append(command)
        return command

    def _append(self, command: Command) -> None:
        record = self._record
        command.position, command.withdraw = record.position, record.queue.remove
        record.queue.append(command)
        record.touch()
        if not command.private:
            record.history.add(command)
            command.on_change = record.listener.command_changed
            command.on_change(command)

    def _begin(self) -> None:
        """Have the queue looked at; not while ``changed`` is held, since it may write files."""
        if worker := self._worker:
            worker.begin()

    def query(self, code: str, *, wait_s: float) -> QueryResult:
        """Run an internal command, which leaves no trace in history and transcript.

        Raises SessionBusy if it does not get its turn within ``wait_s`` seconds.
        """
        command = self._enqueue(code, time_limit_s=wait_s, private=True)
        self._begin()
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
            command = self._record.history.get(number)
        if command is None:
            raise NoSuchCommand(self.name, number)
        return command

    def current(self) -> Command | None:
        """Return the command that runs, if any; not an internal one."""
        running = self._record.running
        return running if running and not running.private else None

    def history(self, *, after: int | None = None, limit: int | None = None) -> list[CommandView]:
        """Return the commands that are remembered, oldest first, at most ``limit``.

        These are the newest, or with ``after`` the first ones behind that number.
        """
        with self._changed:
            commands = self._record.history.all()
        if after is not None:
            chosen = [each for each in commands if each.number > after][:limit]
        else:
            chosen = commands[-limit:] if limit else commands
        return [command.view() for command in chosen]

    def read(self, offset: int, limit: int, wait_s: float = 0) -> OutputPage:
        """Return output from ``offset`` of the transcript on, whichever command printed it.

        Waits for some if there is none yet; ``complete`` once the session has ended.
        """
        return self._record.read(offset, limit, wait_s)

    def raw(self) -> bytes:
        """Return the newest bytes of its console as they came, for diagnosis."""
        with self._changed:
            return bytes(self._record.raw)

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

    def awaited(self, command: Command | None = None) -> str:
        """Return what its console waits for, as far as the command is concerned if one is given."""
        record = self._record
        waits = record.state is SessionState.AWAITING_INPUT
        return record.hint if waits and command in (None, record.running) else ""

    def send_input(self, text: str) -> None:
        """Answer a console that waits for input with one row; the newline is added."""
        record = self._record
        check_input(text, record.settings.input_limit_bytes, record.settings.encoding)
        with self._changed:
            if record.state is not SessionState.AWAITING_INPUT or not self._worker:
                raise NotAwaiting(self.name)
            record.touch()
            record.resume()
            self._worker.post(Input(text))
