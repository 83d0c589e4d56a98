"""Rows on the screen: wrapped at linesize, silenced by quietly and capture, paged, logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO


class Screen(Protocol):
    """Where output ends up."""

    def write(self, text: str) -> None:
        """Show text now; a newline is one character."""


@dataclass
class Log:
    """An open log file; `kind` is text or smcl, as its header says."""

    name: str
    path: Path
    kind: str
    file: TextIO
    paused: bool = False


class Output:
    """The one way to print. Commands use `text`, `row`, `error_row` and `linesize`."""

    def __init__(self, screen: Screen, linesize: int = 79) -> None:
        self.screen = screen
        self.linesize = linesize
        self.logs: dict[str, Log] = {}
        # quietly silences output and echo; capture silences output and error rows.
        # `only_errors` is `set output error`.
        self.quiet = self.mute = self.hush = self.only_errors = False
        self.column = self.rows = 0
        # Called after each row: the console breaks here, and stops at --more--.
        self.after_row: Callable[[], None] = lambda: None

    def silent(self, *, error: bool = False) -> bool:
        """Tell whether text would not be shown."""
        if error:
            return self.mute
        return self.quiet or self.only_errors

    def text(self, text: str, *, error: bool = False) -> None:
        """Print text as it is; newlines end rows, rows longer than linesize wrap."""
        if text and not self.silent(error=error):
            self._show(text, paged=not error)

    def echo(self, text: str) -> None:
        """Print what a do-file's lines look like; quietly silences it, capture does not."""
        if not (self.hush or self.only_errors):
            self._show(text, paged=True)

    def force(self, text: str) -> None:
        """Print text whatever is silenced; the console's own rows come this way."""
        self._show(text, paged=False)

    def row(self, text: str = "") -> None:
        """Print one row."""
        self.text(text + "\n")

    def error_row(self, text: str) -> None:
        """Print one row of an error message: quietly does not silence it, capture does."""
        self.text(text + "\n", error=True)

    def paragraph(self, text: str, *, indent: int = 4) -> None:
        """Print a note that wraps between words, its further rows indented."""
        row = ""
        for word in text.split(" "):
            if row.strip() and len(row) + 1 + len(word) > self.linesize:
                self.row(row)
                row = " " * indent + word
            else:
                row = f"{row} {word}" if row else word
        self.row(row)

    def rule(self) -> None:
        """Print a rule of linesize."""
        self.row("-" * self.linesize)

    def _show(self, text: str, *, paged: bool) -> None:
        start = 0
        while (end := text.find("\n", start)) >= 0:
            self._piece(text[start:end], "\n", paged=paged)
            start, self.column = end + 1, 0
            self._row_ended(paged=paged)
        if start < len(text):
            self._piece(text[start:], "", paged=paged)

    def _row_ended(self, *, paged: bool) -> None:
        self.rows += 1
        if paged:
            self.after_row()

    def fresh_row(self) -> None:
        """End a row that is not ended."""
        if self.column:
            self.force("\n")

    def _piece(self, piece: str, ending: str, *, paged: bool) -> None:
        start, wraps = 0, "\r" not in piece
        while wraps and self.column + len(piece) - start > self.linesize:
            end = start + self.linesize - self.column
            self._emit(piece[start:end] + "\n")
            self._row_ended(paged=paged)
            self._emit("> ")
            start, self.column = end, 2
        self._emit(piece[start:] + ending)
        # A carriage return begins the row anew, as progress counters do.
        last = piece.rpartition("\r")[2]
        self.column = self.column + len(piece) - start if wraps else len(last)

    def _emit(self, text: str) -> None:
        self.screen.write(text)
        self.log(text)

    def log(self, text: str) -> None:
        """Write text to the open logs only."""
        for log in self.logs.values():
            if not log.paused:
                log.file.write(text)
                log.file.flush()

    @contextmanager
    def silenced(
        self, *, quiet: bool, hush: bool | None = None, mute: bool | None = None
    ) -> Iterator[None]:
        """Silence, or with `quiet=False` show, what happens inside; None leaves as it is."""
        before = self.quiet, self.hush, self.mute
        self.quiet = quiet
        self.hush = self.hush if hush is None else hush
        self.mute = self.mute if mute is None else mute
        try:
            yield
        finally:
            self.quiet, self.hush, self.mute = before
