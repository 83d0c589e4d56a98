"""The line editor: keys in, the line and its echo out. It reads and writes nothing itself."""

from __future__ import annotations

import re
from collections.abc import Callable

BELL = "\a"
_PLAIN = re.compile(r"[^\x00-\x1f\x7f]+")
# Function keys as set by default; a semicolon stands for Enter ([U] 10.2).
FUNCTION_KEYS = {"1": "help advice;", "2": "describe;", "7": "save ", "8": "use "}


class Editor:
    """One typed line. Its echo wraps one column before the edge; further rows begin with `> `.

    Args:
        prompt: what stands before the line.
        columns: the terminal's width.
        history: earlier lines, oldest first.
        complete: returns what completes the word before the cursor, or nothing.
    """

    def __init__(
        self,
        prompt: str,
        columns: int,
        history: list[str],
        complete: Callable[[str], str] = lambda word: "",
    ) -> None:
        self.line = ""
        self._column, self._edge = len(prompt), max(columns - 1, 10)
        self._place = 0
        self._history, self._recalled = history, len(history)
        self._complete = complete
        self._echo: list[str] = []

    def feed(self, text: str) -> tuple[str, str | None]:
        """Take typed text; return its echo and, once Enter came, the text behind it."""
        self._echo.clear()
        remaining = text
        while remaining:
            if plain := _PLAIN.match(remaining):
                self._insert(plain.group())
                remaining = remaining[plain.end() :]
                continue
            key, remaining = remaining[0], remaining[1:]
            if key in "\r\n":
                return "".join(self._echo), remaining
            if key == "\x1b":
                remaining = self._escape(remaining)
            elif key == "\x06" and remaining:
                remaining = self._function_key(remaining)
            elif action := _CONTROLS.get(key):
                action(self)
        return "".join(self._echo), None

    def _show(self, text: str) -> None:
        for character in text:
            if self._column >= self._edge:
                self._echo.append("\n> ")
                self._column = 2
            self._echo.append(character)
            self._column += 1

    def _insert(self, text: str) -> None:
        tail = self.line[self._place :]
        self.line = self.line[: self._place] + text + tail
        self._place += len(text)
        self._show(text)
        if tail:
            self._redraw_tail("")

    def _redraw_tail(self, blanks: str) -> None:
        tail = self.line[self._place :] + blanks
        self._echo.append(tail + "\b" * len(tail))

    def _back(self, count: int) -> None:
        """Move left on the screen, up over wrapped rows."""
        for _ in range(count):
            self._column -= 1
            if self._column < 2 and self._echo_wrapped():
                self._column = self._edge - 1
                self._echo.append(f"\r\x1b[A\x1b[{self._edge - 1}C")
            else:
                self._echo.append("\b")
        self._place -= count

    def _echo_wrapped(self) -> bool:
        return self._place > self._edge - 4

    def _erase(self) -> None:
        if self._place:
            self._back(self._place)
        length, self.line = len(self.line), ""
        self._redraw_tail(" " * length)

    def _replace(self, line: str) -> None:
        self._erase()
        self._insert(line)

    def _backspace(self) -> None:
        if self._place:
            self._back(1)
            self._delete()

    def _delete(self) -> None:
        if self._place < len(self.line):
            self.line = self.line[: self._place] + self.line[self._place + 1 :]
            self._redraw_tail(" ")

    def _home(self) -> None:
        self._back(self._place)

    def _end(self) -> None:
        tail = self.line[self._place :]
        self._place = len(self.line)
        self._show(tail)

    def _right(self) -> None:
        if self._place < len(self.line):
            self._show(self.line[self._place])
            self._place += 1

    def _left(self) -> None:
        if self._place:
            self._back(1)

    def _cut(self) -> None:
        length = len(self.line) - self._place
        self.line = self.line[: self._place]
        self._redraw_tail(" " * length)

    def _recall(self, step: int) -> None:
        self._recalled = min(max(self._recalled + step, 0), len(self._history))
        recalled = self._history[self._recalled : self._recalled + 1]
        self._replace(recalled[0] if recalled else "")

    def _tab(self) -> None:
        word = self.line[: self._place].replace("(", " ").split(" ")[-1]
        completion = self._complete(word) if word else ""
        if not completion:
            self._echo.append(BELL)
        self._insert(completion)

    def _escape(self, remaining: str) -> str:
        """Esc erases the line, unless it begins what an arrow key sends."""
        if remaining[:1] not in ("[", "O") or not remaining[:1]:
            self._erase()
            return remaining
        end = 1
        while end < len(remaining) and not ("@" <= remaining[end] <= "~"):
            end += 1
        action = _ARROWS.get(remaining[end : end + 1])
        if action:
            action(self)
        return remaining[end + 1 :]

    def _function_key(self, remaining: str) -> str:
        text = FUNCTION_KEYS.get(remaining[0], "")
        return text.replace(";", "\n") + remaining[1:]


_CONTROLS: dict[str, Callable[[Editor], None]] = {
    "\x7f": Editor._backspace,
    "\x08": Editor._backspace,
    "\x04": Editor._delete,
    "\x15": Editor._erase,
    "\x0b": Editor._home,
    "\x10": Editor._end,
    "\x18": Editor._cut,
    "\t": Editor._tab,
    "\x12": lambda editor: editor._recall(-1),
    "\x02": lambda editor: editor._recall(1),
}
_ARROWS: dict[str, Callable[[Editor], None]] = {
    "A": lambda editor: editor._recall(-1),
    "B": lambda editor: editor._recall(1),
    "C": Editor._right,
    "D": Editor._left,
}
