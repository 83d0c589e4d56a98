"""The terminal's input side: its modes, typed lines and single keys."""

from __future__ import annotations

import codecs
import os
import select
import signal
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from stata_sessions.standin.editor import Editor
from stata_sessions.standin.faults import Faults
from stata_sessions.standin.output import Screen

_READ_BYTES = 65536
_KEYPADS = {"none": "", "vt100": "\x1b=", "xterm": "\x1b[?1h\x1b="}


def linger() -> NoReturn:
    """Do nothing for ever."""
    while True:
        signal.pause()


class Keyboard:
    """What is typed. On a terminal it sets its own modes and echoes, as the real console does.

    `waiting` is true while somebody is asked for input: an interrupt then means nothing.
    """

    def __init__(self, descriptor: int, screen: Screen, faults: Faults, term: str) -> None:
        self._descriptor, self._screen, self._faults = descriptor, screen, faults
        self.is_terminal = os.isatty(descriptor)
        dumb = term in ("", "dumb")
        edits = not dumb or faults.on("dumb_edits")
        self._echo = faults["echo"] if self.is_terminal and edits else "tty"
        auto = "none" if dumb else "xterm" if term.startswith("xterm") else "vt100"
        keypad = faults["keypad"]
        self._keypad = _KEYPADS[auto if keypad == "auto" else keypad] if self.is_terminal else ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._typed = ""
        self._eat = self._read_bytes = 0
        self._modes: list[Any] = termios.tcgetattr(descriptor) if self.is_terminal else []
        self.waiting = False
        # Whether the terminal has gone away.
        self.lost = False
        self.history: list[str] = []
        self.complete: Callable[[str], str] = lambda word: ""

    @property
    def columns(self) -> int:
        """The terminal's width; 80 where there is none."""
        return self._size().columns or 80

    @property
    def rows(self) -> int:
        """The terminal's height; 24 where there is none."""
        return self._size().lines or 24

    def _size(self) -> os.terminal_size:
        with suppress(OSError):
            return os.get_terminal_size(self._descriptor)
        return os.terminal_size((0, 0))

    def open(self) -> None:
        """Take the terminal over."""
        if not self.is_terminal:
            return
        modes = termios.tcgetattr(self._descriptor)
        # Without NOFLSH an interrupt would also throw away output nobody has read yet.
        modes[3] |= termios.ISIG | termios.NOFLSH
        if self._echo != "tty":
            modes[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
            modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._descriptor, termios.TCSANOW, modes)
        self._screen.write(self._keypad)

    def close(self) -> None:
        """Give the terminal back as it was, if it is still there."""
        if self.is_terminal:
            with suppress(termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSANOW, self._modes)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend the terminal to a child."""
        self.close()
        try:
            yield
        finally:
            self.open()

    def flush(self) -> None:
        """Lose typed-ahead input, as happens around a break."""
        typeahead = self._faults["typeahead"]
        if typeahead == "flush":
            self._typed = ""
            if self.is_terminal:
                termios.tcflush(self._descriptor, termios.TCIFLUSH)
        elif typeahead != "keep":
            self._eat = int(typeahead)

    def read_line(self, prompt: str) -> str | None:
        """Show a prompt and return the line typed at it, or None when nothing more can come."""
        if self._faults.on("paste"):
            prompt_text, done = f"\x1b[?2004h{prompt}", "\x1b[?2004l"
        else:
            prompt_text, done = prompt, ""
        self._screen.write(prompt_text)
        line = self._edited(prompt) if self._echo == "stata" else self._plain()
        self._screen.write(done)
        limit = self._faults.count("typed_limit")
        return line[:limit] if line is not None and limit else line

    def _edited(self, prompt: str) -> str | None:
        editor = Editor(prompt, self.columns, self.history, self.complete)
        while True:
            if not self._typed and not self._fill():
                return None
            echo, rest = editor.feed(self._typed)
            self._typed = rest or ""
            if rest is not None:
                self._screen.write(echo + "\n")
                if editor.line.strip():
                    self.history.append(editor.line)
                return editor.line
            self._screen.write(echo)

    def _plain(self) -> str | None:
        while "\n" not in self._typed:
            if not self._fill():
                last, self._typed = self._typed, ""
                return last or None
        line, _, self._typed = self._typed.partition("\n")
        if self._echo == "none" or not self.is_terminal:
            self._screen.write("\n" if self._echo == "none" and self.is_terminal else line + "\n")
        return line

    def read_key(self) -> str:
        """Return one key, without echo; an empty text when nothing more can come."""
        if self.is_terminal and self._echo == "tty":
            with self._single_keys():
                return self._key()
        return self._key()

    def _key(self) -> str:
        if not self._typed and not self._fill():
            return ""
        key, self._typed = self._typed[0], self._typed[1:]
        return key

    @contextmanager
    def _single_keys(self) -> Iterator[None]:
        modes = termios.tcgetattr(self._descriptor)
        single = [*modes]
        single[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self._descriptor, termios.TCSANOW, single)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSANOW, modes)

    def _fill(self) -> bool:
        """Wait for input; tell whether some came."""
        self.waiting = True
        try:
            data = self._read()
        finally:
            self.waiting = False
        self._typed += self._decoder.decode(data)
        return bool(data)

    def _read(self) -> bytes:
        stall = self._faults.count("stall_after")
        if stall and self._read_bytes >= stall:
            linger()
        select.select([], [], [], self._faults.seconds("drain_delay"))
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except OSError:
            data = b""
        self.lost = self.is_terminal and not data
        self._read_bytes += len(data)
        eaten, self._eat = min(self._eat, len(data)), max(self._eat - len(data), 0)
        return data[eaten:] or (self._read() if data else b"")
