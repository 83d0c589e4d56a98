"""Where rows of code come from: the keyboard, a file with its echo, the body of a block."""

import os

from tests.consoles.interrupts import Interrupts
from tests.consoles.keyboard import Keyboard
from tests.consoles.screen import Screen, wrap
from tests.consoles.vices import Vices


class Source:
    """Rows of code, read one at a time under a prompt."""

    name = ""
    in_file = False
    # Whether rows are shown after a prompt.
    echo = True

    def __init__(self) -> None:
        self.delimiter = "\n"
        self.rest = ""
        # Whether the next `. ` prompt is preceded by a blank row.
        self.blank = True

    def row(self, prompt: str) -> str | None:
        """Return the next row, or None at the end."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        """Whether no row is left."""
        return False


class TypedSource(Source):
    """The keyboard."""

    def __init__(self, keyboard: Keyboard, screen: Screen, vices: Vices) -> None:
        super().__init__()
        self._keyboard, self._screen, self._vices = keyboard, screen, vices
        self.history: list[str] = []

    def row(self, prompt: str) -> str | None:
        row = self._keyboard.read_line(prompt)
        self._screen.rows = 0
        self.history.append(row)
        return row


class FileSource(Source):
    """A do-file; each row is echoed after its prompt unless it is run silently."""

    in_file = True

    def __init__(
        self, path: str, screen: Screen, interrupts: Interrupts, vices: Vices, *, echo: bool
    ) -> None:
        super().__init__()
        self._screen, self._interrupts, self._vices = screen, interrupts, vices
        self._rows = _rows_of(path, vices)
        self._next = 0
        self.name = path
        self.echo = echo and "echo-off" not in vices

    def row(self, prompt: str) -> str | None:
        if self.ended:
            return None
        row = self._rows[self._next]
        self._next += 1
        if self.echo and self._screen.wants(2):
            self._show(prompt, row)
        return row

    @property
    def ended(self) -> bool:
        return self._next >= len(self._rows)

    def _show(self, prompt: str, row: str) -> None:
        pause = self._vices.seconds("echo-pause", 300)
        text = row.expandtabs(8)
        if pause:
            self._screen.put(prompt)
            self._interrupts.wait(pause)
            self._screen.put(wrap(text, self._screen.linesize, len(prompt)) + "\n")
        else:
            self._screen.show(wrap(prompt + text, self._screen.linesize) + "\n")


def _rows_of(path: str, vices: Vices) -> list[str]:
    with open(path, "rb") as file:
        text = file.read().decode("utf-8", "surrogateescape")
    rows = text.replace("\r\n", "\n").split("\n")
    last = rows.pop()
    if last and "no-last-line" not in vices:
        rows.append(last)
    return rows


class BodySource(Source):
    """The commands of a block or program, collected before."""

    echo = False

    def __init__(self, commands: list[str]) -> None:
        super().__init__()
        self._commands = commands
        self._next = 0

    def row(self, prompt: str) -> str | None:
        if self.ended:
            return None
        self._next += 1
        return self._commands[self._next - 1]

    @property
    def ended(self) -> bool:
        return self._next >= len(self._commands)


def do_path(name: str) -> str:
    """Return the path of a do-file as the console looks for it."""
    return name if os.path.splitext(name)[1] else name + ".do"
