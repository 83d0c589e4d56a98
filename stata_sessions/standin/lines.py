"""Physical lines to whole commands: comments, `///`, `#delimit ;`, blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from stata_sessions.standin.errors import StataError

_DELIMIT = re.compile(r"\s*#d(?:elimit|elimi|elim|eli|el|e)?\s*(cr|;)\s*;?\s*$")
_MARK = re.compile(r'["`/*]')
CONTINUED = "> "


class Source(Protocol):
    """Where lines come from: the keyboard or a do-file."""

    in_file: bool

    def physical(self, prompt: str) -> str | None:
        """Show the prompt, return the next line, and show it; None at the end."""


def numbered(number: int) -> str:
    """Return the prompt of a numbered line."""
    return f"{number:3d}. "


class CommandReader:
    """Whole commands of a source: continued lines joined, comments gone."""

    def __init__(self, source: Source, *, slash_comments: bool = True) -> None:
        self.source = source
        self._slash_comments = slash_comments
        self._semicolon = False
        self._rest: str | None = None
        # Told "cr" or ";" when #delimit changes.
        self.on_delimit: Callable[[str], None] = lambda delimiter: None

    def next(self, prompt: str) -> str | None:
        """Return the next whole command, perhaps empty; None at the end of the source."""
        while True:
            text = self._until_semicolon(prompt) if self._semicolon else self._joined(prompt)
            found = _DELIMIT.match(text) if text and self.source.in_file else None
            if not found:
                return text
            self._semicolon, self._rest = found[1] == ";", None
            self.on_delimit(found[1])

    def _joined(self, prompt: str) -> str | None:
        line = self.source.physical(prompt)
        if line is None:
            return None
        text, comment, continued = self._strip(line, 0)
        done = [text]
        while comment or continued:
            line = self.source.physical(CONTINUED)
            if line is None:
                break
            text, comment, continued = self._strip(line, comment)
            done.append(text)
        return "".join(done)

    def _until_semicolon(self, prompt: str) -> str | None:
        text, comment = "", 0
        while True:
            line = self._rest if self._rest is not None else self.source.physical(prompt)
            self._rest = None
            if line is None:
                return text if text.strip() else None
            if not text.strip() and _DELIMIT.match(line):
                return line
            piece, comment, _ = self._strip(line, comment)
            before, found, after = _cut_at_semicolon(piece)
            text += before
            if found:
                self._rest = after if after.strip() else None
                return text
            text += " "
            prompt = CONTINUED if text.strip() or comment else prompt

    def _strip(self, line: str, comment: int) -> tuple[str, int, bool]:
        """Return a line without comments, how deep an open comment is, and whether it goes on."""
        if "/" not in line and not comment:
            return line, 0, False
        if line.lstrip().startswith("*") and not comment:
            continued = self.source.in_file and line.rstrip().endswith("///")
            return "*" + (" " if continued else ""), 0, continued
        return self._without_comments(line, comment)

    def _without_comments(self, line: str, comment: int) -> tuple[str, int, bool]:
        done: list[str] = []
        depth = comment
        for place, piece, left in _scan(line, comment):
            if piece == "//" and self._slash_comments:
                continued = self.source.in_file and line.startswith("///", place)
                return "".join(done) + (" " if continued else ""), 0, continued
            done.append(piece)
            depth = left
        return "".join(done), depth, False


def _scan(line: str, comment: int) -> Iterator[tuple[int, str, int]]:
    """Yield what is not inside `/* */`, `//` apart where it begins a comment, with the depth."""
    place = 0
    while place < len(line):
        if comment:
            place, comment = _inside_comment(line, place, comment)
            yield place, "", comment
            continue
        found = _MARK.search(line, place)
        start = found.start() if found else len(line)
        if start > place:
            yield place, line[place:start], 0
        if line.startswith("/*", start):
            place, comment = start + 2, 1
            yield place, " ", comment
        elif line.startswith("//", start) and (start == 0 or line[start - 1] in " \t"):
            yield start, "//", 0
            place = start + 2
        else:
            place = _end_of_piece(line, start)
            yield start, line[start:place], 0


def _inside_comment(line: str, place: int, depth: int) -> tuple[int, int]:
    end, inner = line.find("*/", place), line.find("/*", place)
    if 0 <= inner < end or (end < 0 <= inner):
        return inner + 2, depth + 1
    return (len(line), depth) if end < 0 else (end + 2, depth - 1)


def _end_of_piece(line: str, place: int) -> int:
    """Return the end of a string that begins here, or of one character."""
    if line.startswith('`"', place):
        end = line.find("\"'", place)
        return end + 2 if end >= 0 else len(line)
    if line.startswith('"', place):
        end = line.find('"', place + 1)
        return end + 1 if end >= 0 else len(line)
    return place + 1


def _cut_at_semicolon(text: str) -> tuple[str, bool, str]:
    place = 0
    while place < len(text):
        if text[place] == ";":
            return text[:place], True, text[place + 1 :]
        place = _end_of_piece(text, place)
    return text, False, ""


def is_empty(text: str) -> bool:
    """Tell whether a command is blank or a comment."""
    text = text.lstrip()
    return not text or text[0] == "*"


def change_of_depth(text: str) -> tuple[bool, bool]:
    """Tell whether a command closes a block and whether it opens one."""
    text = text.strip()
    return text.startswith("}"), text.endswith("{") and not text.startswith("*")


def block_lines(reader: CommandReader, first: int = 2) -> list[str]:
    """Read the rest of a block up to its closing brace, which is not returned.

    Raises:
        StataError: r(612) if the source ends inside the block.
    """
    lines: list[str] = []
    depth = 1
    for text in numbered_lines(reader, first):
        closes, opens = change_of_depth(text)
        depth += opens - closes
        if closes and depth == 0:
            return lines
        lines.append(text)
    raise StataError(612, "unexpected end of file")


def numbered_lines(reader: CommandReader, first: int) -> Iterator[str]:
    """Yield the commands of a numbered block; blank lines and comments take no number."""
    number = first
    prompt = numbered(number)
    while (text := reader.next(prompt)) is not None:
        if is_empty(text):
            prompt = ". "
            continue
        number += 1
        prompt = numbered(number)
        yield text
