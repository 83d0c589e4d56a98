"""The client: sessions, and the code that they run."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from stata_sessions.client.answers import (
    Command,
    Page,
    Result,
    Session,
    Stopped,
    built,
    command_of,
    session_of,
)
from stata_sessions.client.connection import Address
from stata_sessions.client.looking import LOOK_S, Looker, path_of
from stata_sessions.client.mapping import Parameters, mapped
from stata_sessions.client.stream import CommandStream, OnWait, Stream

# A console may wait for its turn on a cluster; the server has a limit of its own for it.
START_S = 3600.0


class Client(Looker):
    """A stata-sessions server as a Python program uses it; safe from any thread.

    Without ``session_id`` the server's default session is meant. Every method raises the error
    that the server answers (see ``stata_sessions.errors``), and ConnectionError if none answers.
    A Stata error is none of these: it is a ``return_code``.
    """

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        """Take an address such as http://127.0.0.1:4000 or unix:/run/stata; asks nothing yet.

        Without one, ``STATA_SESSIONS_URL`` and ``STATA_SESSIONS_TOKEN`` count.
        """
        self.address = Address.of(url, token)

    # Sessions.

    def create_session(
        self,
        name: str | None = None,
        *,
        working_dir: str | None = None,
        launcher: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> str:
        """Open a session with a Stata of its own, and return its id."""
        body = {
            "name": name,
            "working_dir": working_dir and os.path.abspath(working_dir),
            "launcher": launcher,
            "options": options,
        }
        return str(self._call("POST", "/sessions", body=body, wait_s=START_S)["session_id"])

    def destroy_session(self, session_id: str) -> None:
        """Close a session; its data are gone."""
        self._call("DELETE", path_of(session_id))

    @contextmanager
    def temporary_session(self, **given: Any) -> Iterator[str]:
        """Open a session for the block, and close it after."""
        session_id = self.create_session(**given)
        try:
            yield session_id
        finally:
            self.destroy_session(session_id)

    def sessions(self) -> list[Session]:
        """Return all live sessions, the default one first."""
        return [session_of(each) for each in self._call("GET", "/sessions")["sessions"]]

    def available_slots(self) -> int:
        """Return how many more sessions may be opened."""
        return int(self._call("GET", "/sessions")["available_slots"])

    def session(self, session_id: str | None = None) -> Session:
        """Return one session."""
        return session_of(self._call("GET", path_of(session_id)))

    def restart(self, session_id: str | None = None) -> Session:
        """Give a session a fresh Stata under the same id, in a new epoch."""
        answer = self._call("POST", path_of(session_id) + "/restart", wait_s=START_S)
        return session_of(answer["session"])

    def stop(
        self, session_id: str | None = None, *, force: bool = False, wait_s: float | None = None
    ) -> Stopped:
        """Send a break to what is running; with ``force`` end a Stata that does not answer."""
        body = {"force": force, "wait_s": wait_s}
        path = path_of(session_id) + "/stop"
        return built(Stopped, self._call("POST", path, body=body, wait_s=wait_s or 0))

    def send_input(self, text: str, session_id: str | None = None) -> None:
        """Send a row to a session that waits for one."""
        self._call("POST", path_of(session_id) + "/input", body={"text": text})

    # Commands.

    def execute(
        self, code: str, session_id: str | None = None, *, time_limit_s: float | None = None
    ) -> Result:
        """Run code, wait for its end, and return all that it printed."""
        return self.wait(self.submit(code, session_id, time_limit_s=time_limit_s))

    def run_file(
        self,
        path: str | os.PathLike[str],
        session_id: str | None = None,
        *,
        working_dir: str | None = None,
        time_limit_s: float | None = None,
    ) -> Result:
        """Run a do-file, where the session is unless told elsewhere, and wait for its end."""
        return self.wait(
            self.submit_file(path, session_id, working_dir=working_dir, time_limit_s=time_limit_s)
        )

    def submit(
        self,
        code: str,
        session_id: str | None = None,
        *,
        time_limit_s: float | None = None,
        epoch: int | None = None,
        queue: bool = True,
    ) -> Command:
        """Put code in a session's queue, and return at once.

        With ``epoch`` the data of that epoch are relied on; without ``queue`` it has to run now.
        """
        body = {"code": code, "time_limit_s": time_limit_s, "epoch": epoch, "queue": queue}
        return self._submit(session_id, body)

    def submit_file(
        self,
        path: str | os.PathLike[str],
        session_id: str | None = None,
        *,
        working_dir: str | None = None,
        time_limit_s: float | None = None,
        epoch: int | None = None,
    ) -> Command:
        """Put a do-file in a session's queue, and return at once."""
        folder = os.path.abspath(working_dir) if working_dir else None
        body = {"file_path": os.path.abspath(path), "working_dir": folder}
        return self._submit(session_id, body | {"time_limit_s": time_limit_s, "epoch": epoch})

    def _submit(self, session_id: str | None, body: Mapping[str, Any]) -> Command:
        path = path_of(session_id) + "/commands"
        return command_of(self._call("POST", path, body=body, wait_s=START_S))

    def command(self, number: int, session_id: str | None = None, *, wait_s: float = 0) -> Command:
        """Return a command as it is now, or after ``wait_s`` seconds unless it ends before."""
        path = f"{path_of(session_id)}/commands/{number}"
        return command_of(self._call("GET", path, query={"wait_s": wait_s}, wait_s=wait_s))

    def wait(self, command: Command) -> Result:
        """Wait for a command's end, and return all that is kept of its output."""
        while not command.ended:
            command = self.command(command.number, command.session_id, wait_s=LOOK_S)
        return Result(command, "".join(page.output for page in self.pages(command)))

    def page(self, command: Command, offset: int | None = None, *, wait_s: float = 0) -> Page:
        """Return output from an offset on; waits until there is some, for ``wait_s`` seconds."""
        path = f"{path_of(command.session_id)}/commands/{command.number}/output"
        query = {"offset": offset, "wait_s": wait_s}
        return built(Page, self._call("GET", path, query=query, wait_s=wait_s))

    def pages(self, command: Command) -> Iterator[Page]:
        """Yield all output of a command, page by page, up to its end."""
        offset = None
        while True:
            page = self.page(command, offset, wait_s=LOOK_S)
            yield page
            if page.complete:
                return
            offset = page.next_offset

    def stream(
        self, command: Command, offset: int | None = None, *, on_wait: OnWait | None = None
    ) -> CommandStream:
        """Return the output of a command as it comes; its ``command`` tells how it ended.

        ``on_wait`` hears what the console waits for when it needs input (see ``send_input``).
        """
        return CommandStream(self.address, command, offset, on_wait)

    def transcript(
        self, session_id: str | None = None, *, offset: int | None = None, last: int | None = None
    ) -> Page:
        """Return what a session printed from an offset on, or its ``last`` bytes."""
        query = {"offset": offset, "last": last}
        return built(Page, self._call("GET", path_of(session_id) + "/output", query=query))

    def follow(
        self,
        session_id: str | None = None,
        offset: int | None = None,
        *,
        on_wait: OnWait | None = None,
    ) -> Stream:
        """Return what a session prints, whichever command prints it, until the session ends."""
        return Stream(self.address, path_of(session_id) + "/stream", offset, on_wait)

    def cancel(self, command: Command) -> Command:
        """Take a command out of the queue; a running one has to be stopped."""
        path = f"{path_of(command.session_id)}/commands/{command.number}/cancel"
        return command_of(self._call("POST", path))

    def map(
        self, code: str, parameters: Iterable[Parameters], *, sessions: int | None = None
    ) -> Iterator[Result]:
        """Run code once for each set of parameters, side by side, each in a session of its own.

        A set maps names of local macros to their values. Results come in the order of the sets.
        ``sessions`` bounds how many run at once; by default as many as there are free slots.
        """
        return mapped(self, code, parameters, sessions or self.available_slots())

    def commands(self, session_id: str | None = None, *, after: int = 0) -> Iterator[Command]:
        """Yield all commands that are remembered, later than a number, page by page."""
        path, complete = path_of(session_id) + "/commands", False
        while not complete:
            found = self._call("GET", path, query={"after": after})
            yield from (command_of(each) for each in found["commands"])
            after, complete = int(found["next_after"]), bool(found["complete"])

    def history(self, session_id: str | None = None) -> list[Command]:
        """Return the newest of what ran, runs and will run, oldest first."""
        found = self._call("GET", path_of(session_id) + "/history")
        return [command_of(each) for each in found["commands"]]

    def do_file(self, session_id: str | None = None) -> str:
        """Return what ran as a do-file that runs it all again."""
        return self._read(path_of(session_id) + "/history", {"format": "do"}).decode()
