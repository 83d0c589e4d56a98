"""A command's output while it comes, across broken connections."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from threading import Event

from stata_sessions.client.answers import Command, command_of
from stata_sessions.client.connection import Address, segment

# How often a broken connection is made anew without any output in between, and the pause before.
TRIES = 5
PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """A server-sent event."""

    name: str
    id: str
    data: str


class Stream(Iterator[str]):
    """The pieces of a command's output, as they come; ``command`` tells how it ended.

    It goes on where it was if the connection breaks. ``offset`` is the place in the transcript
    that it has reached.
    """

    def __init__(self, address: Address, command: Command, offset: int | None = None) -> None:
        self.command = command
        self.offset = command.start if offset is None else offset
        self._address = address
        self._pieces = self._follow()

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Stop listening; the command goes on."""
        self._pieces.close()  # type: ignore[attr-defined]  # it is a generator

    def _follow(self) -> Iterator[str]:
        tries = 0
        while not self.command.ended:
            reached = self.offset
            try:
                with self._open() as response:
                    yield from self._texts(response)
            except (OSError, HTTPException) as error:
                tries = 1 if self.offset > reached else tries + 1
                if tries > TRIES:
                    raise self._address.unreachable(error) from error
                Event().wait(PAUSE_S * tries)

    def _open(self) -> HTTPResponse:
        path = f"/sessions/{segment(self.command.session_id)}/commands/{self.command.number}/stream"
        # Written anew at each try, so that nothing comes twice and nothing is missed.
        return self._address.send("GET", path, headers={"Last-Event-ID": str(self.offset)})

    def _texts(self, response: HTTPResponse) -> Iterator[str]:
        for event in events(response):
            if event.name == "end":
                self.command = command_of(json.loads(event.data))
                return
            self.offset = int(event.id)
            yield json.loads(event.data)["text"]


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
