"""The same code over many sets of parameters, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, suppress
from threading import Lock
from typing import Protocol

from stata_sessions.client.answers import Result
from stata_sessions.errors import InvalidInput, StataSessionsError

Parameters = Mapping[str, str | int | float]

NAME = re.compile(r"[A-Za-z0-9_]{1,31}")
# Would be expanded, end the line, or end the quotes.
UNSAFE = re.compile(r"[`$\n\r\x00]|\"'")


class Runner(Protocol):
    """What is needed of a client."""

    def execute(self, code: str, session_id: str | None = None) -> Result:
        """Run code and wait for its end."""

    def create_session(self) -> str:
        """Open a session."""

    def destroy_session(self, session_id: str) -> None:
        """Close a session."""


def mapped(
    client: Runner, code: str, parameters: Iterable[Parameters], sessions: int
) -> Iterator[Result]:
    """Yield the results in the order of the parameters.

    Raises InvalidInput before anything runs. Whoever stops iterating ends what still runs.
    """
    codes = [with_parameters(code, each) for each in parameters]
    return _run(client, codes, max(1, sessions))


def with_parameters(code: str, parameters: Parameters) -> str:
    """Return code that finds its parameters in local macros. Raises InvalidInput."""
    return "\n".join([*(_local(*each) for each in parameters.items()), code])


def _local(name: str, value: str | int | float) -> str:
    if not NAME.fullmatch(name):
        raise InvalidInput(f"{name!r} cannot be the name of a local macro")
    if not isinstance(value, str):
        return f"local {name} {value!r}"
    if UNSAFE.search(value):
        raise InvalidInput(f"the value of {name!r} holds what Stata would not take as text")
    return f'local {name} `"{value}"\''


class _Sessions(AbstractContextManager["_Sessions"]):
    """The sessions that are open at this moment, so that all can be closed."""

    def __init__(self, client: Runner) -> None:
        self._client = client
        self._lock = Lock()
        self._open: set[str] = set()
        self._is_over = False

    def run(self, code: str) -> Result:
        session_id = self._client.create_session()
        with self._lock:
            self._open.add(session_id)
        try:
            if self._is_over:
                raise CancelledError()
            return self._client.execute(code, session_id)
        finally:
            self._close(session_id)

    def _close(self, session_id: str) -> None:
        with self._lock:
            if session_id not in self._open:
                return
            self._open.remove(session_id)
        self._client.destroy_session(session_id)

    def __exit__(self, *failure: object) -> None:
        self._is_over = True
        for session_id in list(self._open):
            with suppress(StataSessionsError, ConnectionError):
                self._close(session_id)


def _run(client: Runner, codes: list[str], sessions: int) -> Iterator[Result]:
    with ExitStack() as ending:
        pool = ThreadPoolExecutor(sessions, thread_name_prefix="map")
        ending.callback(pool.shutdown)
        open_sessions = ending.enter_context(_Sessions(client))
        # First what waits, then what runs, then the threads: nothing goes on behind the caller.
        ending.callback(pool.shutdown, wait=False, cancel_futures=True)
        for future in [pool.submit(open_sessions.run, code) for code in codes]:
            yield future.result()
