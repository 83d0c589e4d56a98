"""Output while it comes, across broken connections."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from threading import Event
from typing import Any

from stata_sessions.client.answers import Command, command_of
from stata_sessions.client.connection import Address, segment

# How often a broken connection is made anew without any output in between, and the pause before.
TRIES = 5
PAUSE_S = 0.5


# Told what a console waits for.
OnWait = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """A server-sent event."""

    name: str
    id: str
    data: str


class Stream(Iterator[str]):
    """Output as it comes, from an offset or from the beginning, up to its end.

    It goes on where it was if the connection breaks. ``offset`` is the place in the transcript
    that it has reached, and ``end`` is what the server told last. ``on_wait`` is called, by whoever
    asks for the next piece, with a hint for what the console waits for when it begins to.
    """

    def __init__(
        self, address: Address, path: str, offset: int | None, on_wait: OnWait | None = None
    ) -> None:
        self.offset = offset
        self.end: dict[str, Any] | None = None
        self._on_wait, self._hint = on_wait, ""
        self._address, self._path = address, path
        self._pieces = self._follow()

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Stop listening; what runs goes on."""
        self._pieces.close()

    def _follow(self) -> Generator[str, None, None]:
        tries = 0
        while self.end is None:
            reached = self.offset
            try:
                with self._open() as response:
                    yield from self._texts(response)
            except (OSError, HTTPException) as error:
                tries = 1 if self.offset != reached else tries + 1
                if tries > TRIES:
                    raise self._address.unreachable(error) from error
                Event().wait(PAUSE_S * tries)

    def _open(self) -> HTTPResponse:
        # Told anew at each try, so that nothing comes twice and nothing is missed.
        headers = {} if self.offset is None else {"Last-Event-ID": str(self.offset)}
        return self._address.send("GET", self._path, headers=headers)

    def _texts(self, response: HTTPResponse) -> Iterator[str]:
        for event in events(response):
            if event.name == "end":
                self.end = json.loads(event.data)
                return
            if event.name == "state":
                self._heed(str(json.loads(event.data)["hint"]))
            elif event.name == "output":  # a newer server may have more to tell
                self.offset = int(event.id)
                yield json.loads(event.data)["text"]

    def _heed(self, hint: str) -> None:
        """Take note that the console waits, or goes on; a new connection is told it once more."""
        is_new, self._hint = hint not in ("", self._hint), hint
        if is_new and self._on_wait:
            self._on_wait(hint)


class CommandStream(Stream):
    """The output of a command as it comes; ``command`` tells how it ended."""

    def __init__(
        self,
        address: Address,
        command: Command,
        offset: int | None = None,
        on_wait: OnWait | None = None,
    ) -> None:
        path = f"/sessions/{segment(command.session_id)}/commands/{command.number}/stream"
        super().__init__(address, path, offset, on_wait)
        self._command = command

    @property
    def command(self) -> Command:
        """The command; as it ended, once the stream has."""
        return command_of(self.end) if self.end else self._command


def events(response: HTTPResponse) -> Iterator[ServerEvent]:
    """Yield the events of a response; comments, such as heartbeats, are left out."""
    found: dict[str, str] = {}
    while row := response.readline():
        text = row.decode().rstrip("\r\n")
        if text.startswith(":"):
            continue
        if not text:
            if found:
                yield ServerEvent(
                    found.get("event", ""), found.get("id", ""), found.get("data", "")
                )
            found = {}
            continue
        name, _, value = text.partition(": ")
        found[name] = f"{found[name]}\n{value}" if name == "data" and name in found else value
    raise ConnectionError("the stream ended early")
