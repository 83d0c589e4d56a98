"""What the console writes: rows, wraps, prompts, levels of noise, and `--more--`."""

import os
import re
import select
import signal
from collections.abc import Callable

from tests.consoles.outcomes import TerminalGone
from tests.consoles.vices import Vices

SILENT, ERRORS, ALL = range(3)
_SEQUENCE = re.compile("\x1b\\[[0-9;?]*[A-Za-z]|\x1b.")


class Screen:
    """The terminal's output side; keeps the column and counts rows for `--more--`."""

    def __init__(self, handle: int, vices: Vices) -> None:
        self._handle = handle
        self._vices = vices
        self.column = 0
        self.rows = 0
        self.linesize = vices.number("linesize", min(self.width() - 1, 255))
        self.pagesize = max(self.height() - 2, 5)
        self._newline = ("\r\n" if "double-return" in vices else "\n") + "\0" * ("nul" in vices)
        self._crawl_s = vices.seconds("crawl", 2)
        self.noise = ALL
        self.output_level = ALL
        self.more = "more" in vices
        self.on_full: Callable[[], None] = lambda: None
        self.on_write: Callable[[], None] = lambda: None
        self._budget = vices.number("dies-after", -1)

    def width(self) -> int:
        """Return the terminal's columns."""
        return self._size().columns or 80

    def height(self) -> int:
        """Return the terminal's rows."""
        return self._size().lines or 24

    def _size(self) -> os.terminal_size:
        try:
            return os.get_terminal_size(self._handle)
        except OSError:
            return os.terminal_size((80, 24))

    def resized(self) -> None:
        """Take linesize and pagesize from the terminal again, as the console does."""
        self.linesize = min(self.width() - 1, 255)
        self.pagesize = max(self.height() - 2, 5)

    def put(self, text: str) -> None:
        """Write text as it is."""
        tail = _SEQUENCE.sub("", text[max(text.rfind("\n"), text.rfind("\r")) + 1 :])
        self.column = (
            len(tail) - 2 * tail.count("\b") + (0 if "\n" in text or "\r" in text else self.column)
        )
        self._send(text.replace("\n", self._newline).encode("utf-8", "surrogateescape"))

    def _send(self, data: bytes) -> None:
        if 0 <= self._budget <= len(data):
            self._write(data[: self._budget])
            os.kill(os.getpid(), self._vices.number("dies-signal", signal.SIGKILL))
        self._budget -= len(data)
        for piece in self._pieces(data):
            self._write(piece)
            if self._crawl_s:
                select.select([], [], [], self._crawl_s)

    def _pieces(self, data: bytes) -> list[bytes]:
        if "one-byte" in self._vices:
            return [data[i : i + 1] for i in range(len(data))]
        if "cut-utf8" in self._vices:
            return re.split(rb"(?<=[\xc2-\xf4])", data)
        return [data]

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError as error:
            raise TerminalGone from error

    def show(self, text: str, *, level: int = ALL) -> None:
        """Write output of a command: wrapped, paged, and only if loud enough."""
        if not self.wants(level):
            return
        for row in text.splitlines(keepends=True):
            self._show_row(row)

    def wants(self, level: int) -> bool:
        """Whether output of this level is shown at present."""
        return self.noise >= level and self.output_level >= level

    def _show_row(self, row: str) -> None:
        self.on_write()
        body, end = (row[:-1], "\n") if row.endswith("\n") else (row, "")
        if "colour" in self._vices and body:
            body = f"\x1b[1;33m{body}\x1b[4m\x1b[0m"
        self.put(self._wrapped(body) + end)
        if end:
            self._count_row()

    def _count_row(self) -> None:
        self.rows += 1
        if self.paged and self.rows >= self.pagesize:
            self.rows = 0
            self.on_full()

    @property
    def paged(self) -> bool:
        """Whether long output pauses."""
        return self.more or "more-always" in self._vices

    def _wrapped(self, body: str) -> str:
        if self.column + len(body) <= self.linesize or "\r" in body:
            return body
        return wrap(body, self.linesize, self.column)

    def error(self, message: str) -> None:
        """Show an error message on a row of its own."""
        if self.noise >= ERRORS:
            self.fresh_row()
            self.put(self._wrapped(message) + "\n")

    def fresh_row(self) -> None:
        """End a partial row."""
        if self.column:
            self.put("\n")


def wrap(text: str, width: int, column: int = 0) -> str:
    """Break text at ``width`` columns; each row after the first begins with ``> ``."""
    first = max(width - column, 0)
    rows, rest = [text[:first]], text[first:]
    while rest:
        rows.append("> " + rest[: width - 2])
        rest = rest[width - 2 :]
    return "\n".join(rows)
