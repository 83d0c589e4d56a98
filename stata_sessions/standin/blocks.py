"""Blocks: the lines that belong to a loop, a condition or a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.lines import (
    CommandReader,
    block_lines,
    change_of_depth,
    is_empty,
    numbered,
)

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

_PREFIXES = r"(?:(?:cap\w*|qui\w*|n(?:oi\w*)?)\s*:?\s+)*"
_UNTIL_END = re.compile(
    rf"\s*{_PREFIXES}(?:pr(?:o|og|ogr|ogra|ogram)?\s+(?!drop\b|dir\b|l(?:i|is|ist)?\b)\w"
    r"|mata\s*:?\s*$|inp(?:u|ut)?\b|python\s*:?\s*$)"
)


class Body(Protocol):
    """The lines behind a command that owns some."""

    def lines(self) -> Lines:
        """Return all lines up to the closing brace."""

    def run(self, interpreter: Interpreter, *, skip: bool = False) -> None:
        """Run the lines up to the closing brace, or only pass over them."""

    def until_end(self, prompt: Callable[[int], str], *, raw: bool = False) -> Iterator[str]:
        """Yield the lines up to `end`; the prompt for a number is asked for when it is shown.

        With `raw` comments stay where they are.
        """


@dataclass(frozen=True, slots=True)
class Line:
    """One command of a block, with the body it owns."""

    text: str
    body: Body | None = None


Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A body whose lines are at hand, as inside a loop or program."""

    inner: tuple[str, ...]

    def lines(self) -> Lines:
        """Return the lines."""
        return grouped(self.inner)

    def run(self, interpreter: Interpreter, *, skip: bool = False) -> None:
        """Run the lines, or do nothing."""
        if not skip:
            interpreter.run_lines(self.lines())
        elif interpreter.settings.trace:
            for text in self.inner:
                interpreter.trace_row(text, taken=False)
        interpreter.trace_row("}", taken=not skip)

    def until_end(self, prompt: Callable[[int], str], *, raw: bool = False) -> Iterator[str]:
        """Yield the lines; nobody is prompted."""
        return iter(self.inner)


class ReadBody:
    """A body that is still to be read from the keyboard or a do-file."""

    def __init__(self, reader: CommandReader, prompt: str | None) -> None:
        # Without a prompt the lines are collected, numbered, before they run.
        self._reader, self._prompt = reader, prompt

    def lines(self) -> Lines:
        """Read the lines."""
        return grouped(tuple(block_lines(self._reader)))

    def run(self, interpreter: Interpreter, *, skip: bool = False) -> None:
        """Run each line as it is read; after an error the rest is read all the same."""
        if self._prompt is None:
            lines = self.lines()
            if not skip:
                interpreter.run_lines(lines)
            return
        failure: StataError | None = None
        while (text := self._reader.next(self._prompt)) is not None:
            closes, opens = change_of_depth(text)
            if closes:
                break
            body = ReadBody(self._reader, self._prompt) if opens or _UNTIL_END.match(text) else None
            if skip or failure:
                if opens and body:
                    body.run(interpreter, skip=True)
                continue
            failure = interpreter.attempt(text, body)
        if failure:
            raise failure

    def until_end(self, prompt: Callable[[int], str], *, raw: bool = False) -> Iterator[str]:
        """Yield the lines up to `end` as they are read."""
        number, empty = 1, False
        read = self._reader.source.physical if raw else self._reader.next
        while (text := read(". " if empty else prompt(number))) is not None:
            if text.strip() == "end":
                return
            empty = is_empty(text) and prompt is numbered
            number += not empty
            yield text


@lru_cache(maxsize=512)
def grouped(lines: tuple[str, ...]) -> Lines:
    """Return lines with their blocks folded into bodies."""
    found: list[Line] = []
    place = 0
    while place < len(lines):
        text = lines[place]
        end = place
        if change_of_depth(text)[1]:
            end = _closing_brace(lines, place)
        elif _UNTIL_END.match(text):
            end = _end_line(lines, place)
        if not is_empty(text):
            body = StoredBody(lines[place + 1 : end]) if end > place else None
            found.append(Line(text, body))
        place = end + 1
    return tuple(found)


def _closing_brace(lines: tuple[str, ...], place: int) -> int:
    depth = 1
    for at in range(place + 1, len(lines)):
        closes, opens = change_of_depth(lines[at])
        depth += opens - closes
        if closes and not depth:
            return at
    raise StataError(198, "unmatched open brace")


def _end_line(lines: tuple[str, ...], place: int) -> int:
    for at in range(place + 1, len(lines)):
        if lines[at].strip() == "end":
            return at
    raise StataError(612, "unexpected end of file")
