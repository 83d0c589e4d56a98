"""Text with quotes and brackets: where they end, and what stands outside them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from stata_sessions.standin.errors import StataError, invalid_syntax

_OPENERS, _CLOSERS = "([{", ")]}"


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield (place, character) for what stands outside quotes, parentheses and brackets.

    Raises:
        StataError: r(132) for quotes that do not end.
    """
    place, depth = 0, 0
    while place < len(text):
        character = text[place]
        if character == '"' or text.startswith('`"', place):
            place = end_of_string(text, place)
            continue
        if character in _OPENERS:
            if not depth:
                yield place, character
            depth += 1
        elif character in _CLOSERS:
            depth = max(0, depth - 1)
        elif not depth:
            yield place, character
        place += 1


def end_of_string(text: str, place: int) -> int:
    """Return the place behind a quoted string, plain or compound, that begins at `place`.

    Raises:
        StataError: r(132) if the string does not end.
    """
    if text[place] == '"':
        end = text.find('"', place + 1)
        if end < 0:
            raise StataError(132, "too few quotes")
        return end + 1
    depth = 0
    while place < len(text):
        if text.startswith('`"', place):
            depth, place = depth + 1, place + 2
        elif text.startswith("\"'", place):
            depth, place = depth - 1, place + 2
            if not depth:
                return place
        else:
            place += 1
    raise StataError(132, "too few quotes")


def path_of(text: str) -> Path:
    """Return the path that a text, perhaps quoted, names; `~` is the user's home."""
    return Path(os.path.expanduser(unquote(text)))


def closing(text: str, place: int) -> int:
    """Return the place of the bracket that closes the one at `place`.

    Raises:
        StataError: r(198) if none does.
    """
    depth = 0
    while place < len(text):
        if text[place] == '"' or text.startswith('`"', place):
            place = end_of_string(text, place)
            continue
        if text[place] in _OPENERS:
            depth += 1
        elif text[place] in _CLOSERS:
            depth -= 1
            if not depth:
                return place
        place += 1
    raise invalid_syntax()


def split_words(text: str) -> Iterator[str]:
    """Yield the words of a text, each with its quotes; parentheses keep words together."""
    start, end = 0, 0
    for place, character in pieces(text):
        if character.isspace():
            if text[start:place].strip():
                yield text[start:place].strip()
            start = place + 1
        end = place
    if text[start:].strip() or end < 0:
        yield text[start:].strip()


def unquote(text: str) -> str:
    """Return a text without the plain or compound quotes that hold all of it."""
    text = text.strip()
    if not text.startswith(('"', '`"')) or len(text) < 2:
        return text
    try:
        if end_of_string(text, 0) != len(text):
            return text
    except StataError:
        return text
    return text[1:-1] if text[0] == '"' else text[2:-2]
