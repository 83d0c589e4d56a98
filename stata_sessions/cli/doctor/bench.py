"""A console under examination: rows are typed, and what comes of them is read, within bounds."""

from __future__ import annotations

import re
import tempfile
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from stata_sessions.consoles import Console, ConsoleSpec
from stata_sessions.consoles.local import LocalConsole
from stata_sessions.settings import Settings

Clock = Callable[[], float]

# How long a prompt must stay the last thing printed to be the end of an answer.
QUIET_S = 0.2
ANSWER_S = 5.0
GRACE_S = 2.0
ROWS = 1000
SHOWN_CHARACTERS = 400

PROMPT = re.compile(r"(?:\A|[\r\n])\. \Z")
MORE = re.compile(r"(?:\A|[\r\n])--more--\Z")
# Strings that switch a terminal's keypad and colours, or set its title; a prompt may stand between.
CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|\(B|[=>])")
RMSG = "r; t="


class NoAnswer(Exception):
    """No prompt came back in time; carries what was typed and what came instead."""

    def __init__(self, row: str, limit_s: float, text: str) -> None:
        super().__init__(f"no prompt within {limit_s:g} s after {shown(row)}; {shown(text)} came")


@dataclass(frozen=True, slots=True)
class Program:
    """What is examined: how it is started, and what it may know of the world."""

    argv: Sequence[str]
    environ: Mapping[str, str]
    settings: Settings

    @property
    def start_limit_s(self) -> float:
        """Seconds until the first prompt has to be there."""
        return self.settings.worker_start_timeout


class Bench:
    """A console that was just started, and a folder for its files."""

    def __init__(self, console: Console, folder: Path, clock: Clock = time.monotonic) -> None:
        self.console = console
        self.folder = folder
        self.clock = clock
        self.heard = ""
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def _read(self, wait_s: float) -> str:
        text = self._decoder.decode(self.console.read(wait_s))
        self.heard += text
        return text

    def type(self, text: str) -> None:
        """Type text as it is."""
        self.console.write(text.encode())

    def ask(self, row: str, limit_s: float = ANSWER_S) -> str:
        """Type a row and return all that is printed up to the next prompt. Raises NoAnswer."""
        self.type(row + "\n")
        return self.until_prompt(limit_s, row)

    def run(self, code: str, *, how: str = "include", name: str = "code.do") -> str:
        """Put code into a file, run that, and return what is printed."""
        return self.ask(f'{how} "{self.write(name, code)}"', limit_s=ANSWER_S * 3)

    def value(self, expression: str) -> str:
        """Return the row that the console displays for an expression."""
        row = f"display {expression}"
        rows = self.ask(row).replace("\r", "").split("\n")
        said = [
            clean.strip()
            for each in rows
            if (clean := CONTROL.sub("", each)).strip(". ")
            and row not in clean
            and not clean.startswith(RMSG)
        ]
        return said[-1] if said else "(nothing)"

    def write(self, name: str, code: str) -> Path:
        """Write a file exactly as given, and return its path."""
        path = self.folder / name
        path.write_bytes(code.encode())
        return path

    def until_prompt(self, limit_s: float, row: str = "") -> str:
        """Return what is printed up to the next prompt. Raises NoAnswer, EOFError."""
        deadline, text = self.clock() + limit_s, ""
        while True:
            plain = CONTROL.sub("", text)
            if MORE.search(plain):
                self.type("q")
            is_prompt = PROMPT.search(plain) is not None
            left_s = max(0.0, deadline - self.clock())
            more = self._read(min(QUIET_S, left_s) if is_prompt else left_s)
            text += more
            if is_prompt and not more:
                return text
            if not left_s:
                raise NoAnswer(row, limit_s, text)

    def listen(self, span_s: float) -> str:
        """Return what is printed within a span of time."""
        deadline, text = self.clock() + span_s, ""
        while (left_s := deadline - self.clock()) > 0:
            text += self._read(left_s)
        return text

    def await_end(self, limit_s: float) -> float | None:
        """Return after how many seconds the console ended; None if it lives on."""
        began = self.clock()
        try:
            self.listen(limit_s)
        except EOFError:
            return self.clock() - began
        return None


@contextmanager
def bench(program: Program, *, columns: int = 255, term: str = "dumb") -> Iterator[Bench]:
    """Start a console; it and all that it started are gone after the block."""
    with tempfile.TemporaryDirectory(prefix="ss-") as folder:
        spec = ConsoleSpec(Path(folder), f"doctor-{token_hex(4)}", columns, ROWS)
        console = LocalConsole(program.argv, spec, program.environ, term=term)
        try:
            yield Bench(console, Path(folder))
        finally:
            console.close(GRACE_S)


def shown(text: str) -> str:
    """Return text so that every byte of it can be seen, in a reasonable length."""
    if len(text) > SHOWN_CHARACTERS:
        half = SHOWN_CHARACTERS // 2
        return f"{text[:half]!r} … {text[-half:]!r} ({len(text)} characters)"
    return repr(text)
