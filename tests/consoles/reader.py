"""Complete commands out of rows: comments, continuation, delimiters, blocks."""

from collections.abc import Callable

from tests.consoles.sources import Source
from tests.consoles.vices import Vices

CONTINUATION = "> "


class Stripped:
    """A row without its comments, and what it leaves open."""

    def __init__(self, text: str, depth: int, *, goes_on: bool) -> None:
        self.text, self.depth, self.goes_on = text, depth, goes_on


def strip_comments(row: str, depth: int, *, slashes: bool) -> Stripped:
    """Remove ``//``, ``///`` and ``/* */`` outside strings; ``depth`` counts open ``/*``."""
    kept: list[str] = []
    quotes, place = 0, 0
    while place < len(row):
        pair = row[place : place + 2]
        if depth == 0 and slashes and pair == "//" and not quotes and _starts_comment(row, place):
            return Stripped("".join(kept), 0, goes_on=row.startswith("///", place))
        if pair == "/*" and not quotes or pair == "*/" and depth:
            depth += 1 if pair == "/*" else -1
            place += 2
            continue
        if depth == 0:
            quotes = _quotes_after(row, place, quotes)
            kept.append(row[place])
        place += 1
    return Stripped("".join(kept), depth, goes_on=depth > 0)


def _starts_comment(row: str, place: int) -> bool:
    return place == 0 or row[place - 1] in " \t"


def _quotes_after(row: str, place: int, quotes: int) -> int:
    """Follow quotes: 1 inside plain quotes, 2 and more inside compound ones."""
    if row[place] != '"':
        return quotes
    if place and row[place - 1] == "`":
        return max(quotes, 1) + 1
    if quotes > 1:
        return (quotes - 1 if quotes > 2 else 0) if row[place + 1 : place + 2] == "'" else quotes
    return 1 - quotes


class Reader:
    """Reads commands from the innermost source, or from the ones below if it leaves things open."""

    def __init__(self, vices: Vices, show_prompt: Callable[[Source], None]) -> None:
        self.sources: list[Source] = []
        self._vices = vices
        self._show_prompt = show_prompt

    @property
    def source(self) -> Source:
        """The innermost source."""
        return self.sources[-1]

    def row(self, prompt: str, *, spill: bool = False, typed: bool = True) -> str | None:
        """Return a raw row; with ``spill`` from the callers when this file has ended.

        The keyboard is among the callers unless ``typed`` is False.
        """
        for source in reversed(self.sources):
            if not (spill and source.ended) and (typed or source.in_file or not spill):
                return source.row(prompt)
        return None

    def command(self, prompt: str = ". ", *, spill: bool = False) -> str | None:
        """Return the next command without comments, '' for none, None at the end."""
        source = self.source
        if source.rest:
            return self._split(source)
        if prompt == ". " and not spill and not source.ended:
            self._show_prompt(source)
        row = self.row(prompt, spill=spill)
        if row is None:
            return None
        return self._complete(row, source)

    def _complete(self, row: str, source: Source) -> str | None:
        slashes = source.in_file
        if row.lstrip().startswith("*") and source.delimiter == "\n":
            return ""
        stripped = strip_comments(row, 0, slashes=slashes)
        text = stripped.text
        while stripped.goes_on or self._undelimited(source, text):
            spill = self._spills(stripped, source)
            more = self.row(CONTINUATION, spill=spill, typed=False)
            if more is None:
                return self._unfinished(text, source)
            stripped = strip_comments(more, stripped.depth, slashes=slashes)
            text = f"{text} {stripped.text}"
        if source.delimiter == ";":
            source.rest = text
            return self._split(source)
        return text.strip()

    def _spills(self, stripped: Stripped, source: Source) -> bool:
        return stripped.depth > 0 and "open-comment" in self._vices and source.in_file

    def _unfinished(self, text: str, source: Source) -> str:
        lost = self._vices.text("delimit-persists", "", "run") == "lost"
        return "" if source.delimiter == ";" and lost else text.strip()

    def _undelimited(self, source: Source, text: str) -> bool:
        if source.delimiter != ";" or not text.strip():
            return False
        return ";" not in text and not text.strip().startswith("#delimit")

    def _split(self, source: Source) -> str:
        head, semicolon, rest = source.rest.partition(";")
        if head.strip().startswith("#delimit"):
            source.rest = ""
            return (head + semicolon).strip()
        source.rest = rest if rest.strip() else ""
        return "" if head.strip().startswith("*") else head.strip()

    def block(self, first: int, is_end: Callable[[str, int], int], *, angle: bool) -> list[str]:
        """Collect the rows of a block; ``is_end`` maps row and depth to the new depth.

        Raises EOFError when the file ends inside the block.
        """
        spill = self._vices.text("open-block", "fails", "continue") == "continue"
        rows: list[str] = []
        number, depth = first, 1
        after_blank = False
        while True:
            prompt = self._block_prompt(number, after_blank=after_blank, angle=angle)
            command = self.command(prompt, spill=spill) if spill else self._inner(prompt)
            if command is None:
                raise EOFError
            after_blank = not command and self.source.in_file
            if not command:
                continue
            depth = is_end(command, depth)
            if depth == 0:
                return rows
            rows.append(command)
            number += 1

    def _inner(self, prompt: str) -> str | None:
        if self.source.rest:
            return self._split(self.source)
        row = self.row(prompt)
        return None if row is None else self._complete(row, self.source)

    def _block_prompt(self, number: int, *, after_blank: bool, angle: bool) -> str:
        if self.source.in_file and (after_blank or angle):
            return ". "
        if angle and self._vices.text("if-prompt", "numbered", "angle") == "angle":
            return CONTINUATION
        return f"{number:>3}. "


def braces(command: str, depth: int) -> int:
    """Return the depth of braces after a command of a block."""
    if command.startswith("}"):
        depth -= 1
    return depth + 1 if command.endswith("{") else depth


def until_end(command: str, depth: int) -> int:
    """Return 0 at the ``end`` that closes a program, input or mata block."""
    return 0 if command == "end" else depth
