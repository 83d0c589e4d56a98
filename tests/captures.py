"""Recorded exchanges with a console, and how they are played again, cut anywhere.

A capture is a text file: a header in JSON, then a row of JSON for each step, in order. ``heard`` is
what the console printed, byte for byte; the other steps are what the owner of the dialogue did.
Tokens come from ``tests.fakes.tokens``, so a capture fits a fresh dialogue without change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stata_sessions.protocol import CommandFiles, Dialogue, Event, Output, command_files
from tests.fakes import tokens

# Bytes in, pieces out; the pieces joined are the bytes.
Cut = Callable[[bytes], Iterable[bytes]]
Step = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Capture:
    """One console's whole life on the terminal, as ``steps`` of a kind and its text."""

    name: str
    directory: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return self.name

    def save(self, path: Path) -> None:
        """Write it down."""
        rows = [{"directory": self.directory}, *({kind: text} for kind, text in self.steps)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "ascii")

    @classmethod
    def load(cls, path: Path) -> Capture:
        """Read one."""
        header, *rows = (json.loads(row) for row in path.read_text("ascii").splitlines())
        steps = tuple(next(iter(row.items())) for row in rows)
        return cls(path.stem, header["directory"], steps)

    def joined(self) -> Iterator[Step]:
        """Yield the steps, with all that was heard in between in one piece."""
        heard = ""
        for kind, text in self.steps:
            if kind == "heard":
                heard += text or ""
                continue
            if heard:
                yield "heard", heard
            heard = ""
            yield kind, text
        if heard:
            yield "heard", heard


@dataclass(frozen=True, slots=True)
class Trace:
    """What a dialogue made of one step: events with outputs merged, keys, patience, phase."""

    events: tuple[Event, ...]
    typed: bytes
    patience: float | None
    phase: str


def merged(events: Iterable[Event]) -> tuple[Event, ...]:
    """Join outputs that follow each other."""
    result: list[Event] = []
    for event in events:
        if isinstance(event, Output) and result and isinstance(result[-1], Output):
            result[-1] = Output(result[-1].text + event.text)
        else:
            result.append(event)
    return tuple(result)


class Player:
    """A fresh dialogue that is led through a capture."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._tokens = tokens()
        self._number = 0
        self.dialogue = Dialogue(self._tokens)
        self.files: CommandFiles | None = None

    def play(self, kind: str, text: str | None, cut: Cut) -> Trace:
        """Take one step."""
        events = self._heard(text or "", cut) if kind == "heard" else self._act(kind, text)
        dialogue = self.dialogue
        return Trace(merged(events), dialogue.take(), dialogue.patience, str(dialogue.phase))

    def _heard(self, text: str, cut: Cut) -> list[Event]:
        pieces = list(cut(text.encode("latin-1")))
        assert b"".join(pieces) == text.encode("latin-1")
        return [event for piece in pieces for event in self.dialogue.receive(piece)]

    def _act(self, kind: str, text: str | None) -> list[Event]:
        dialogue = self.dialogue
        if kind == "quiet":
            return dialogue.receive_quiet()
        if kind == "eof":
            return dialogue.receive_eof()
        if kind == "break":
            dialogue.send_break()
        elif kind == "close":
            dialogue.close_left_open()
        elif kind == "input":
            dialogue.send_input(text or "")
        else:
            self._send(kind, text or "")
        return []

    def _send(self, kind: str, code: str) -> None:
        self._number += 1
        name = str(self._number)
        self.files = command_files(self._directory, name, code, self._tokens)
        marks = {"send": None, "learn-error": ""}
        mark = marks[kind] if kind in marks else kind.removeprefix("learn:")
        self.dialogue.send(self.files, learn_mark=mark)


def replay(capture: Capture, cut: Cut) -> list[Trace]:
    """Lead a fresh dialogue through a capture, with what was heard cut in another way."""
    player = Player(capture.directory)
    return [player.play(kind, text, cut) for kind, text in capture.joined()]


def answers(traces: Iterable[Trace]) -> list[Event]:
    """Return all events of a replay, with outputs merged."""
    return list(merged(event for trace in traces for event in trace.events))
