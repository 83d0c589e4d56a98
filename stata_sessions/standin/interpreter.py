"""The interpreter: what a running console knows, and how one line of code is run."""

from __future__ import annotations

import os
import re
import select
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from stata_sessions.standin import commands, programs
from stata_sessions.standin.errors import (
    Break,
    LeaveLoop,
    Outcome,
    StataError,
    internal,
    outside_loop,
    unrecognized,
)
from stata_sessions.standin.expressions import evaluate, parse
from stata_sessions.standin.macros import Macros
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.output import Output
from stata_sessions.standin.results import Matrix, Results
from stata_sessions.standin.scalars import ScalarEnvironment
from stata_sessions.standin.settings import Settings
from stata_sessions.standin.syntax import By, CommandLine

if TYPE_CHECKING:
    from stata_sessions.standin.blocks import Body, Lines
    from stata_sessions.standin.commands.timer import Timer
    from stata_sessions.standin.dataset import Dataset, Mark
    from stata_sessions.standin.faults import Faults
    from stata_sessions.standin.keyboard import Keyboard

_WORD = re.compile(r"\s*(?:([^\W\d]\w*)|([!?}]|\*.*|//.*|$)|(\S+))", re.DOTALL)
_SPELLINGS = {"!": "shell", "#review": "review", "#r": "review"}
# The condition of a while keeps its macros until each turn.
_WHILE = re.compile(r"\s*(?:(?:qui|cap|n)\w*\s*:?\s+)*while\b")


class Interpreter:
    """All state of one console, and the way from a line of text to a command.

    Of the data side the core asks: `data.observations`, `data.variables` (names in order),
    `data.find(name)` (the full name of a variable or None), `data.value(name, observation)`,
    `data.expand(varlist)` (a list of names), `data.drop(names)`, `data.changed` and
    `data.filename`; of `formats`, `format_value(value, format)`; of `functions`,
    `call(name, arguments)` for single values.
    """

    # The group of a by prefix that the next program is called for.
    group: Mark | None = None

    def __init__(
        self, out: Output, keyboard: Keyboard, faults: Faults, environ: Mapping[str, str]
    ) -> None:
        self.out: Output = out
        self.keyboard: Keyboard = keyboard
        self.faults: Faults = faults
        self.environ: Mapping[str, str] = environ
        self.macros: Macros = Macros(self)
        self.settings: Settings = Settings(environ)
        self.frame = programs.Frame(self.macros.locals)
        self.depth = 0
        self.programs: dict[str, programs.Program] = {}
        self.scalars: dict[str, float | str] = {}
        self.matrices: dict[str, Matrix] = {}
        self.r, self.e, self.s = Results(), Results(), Results()
        self.timers: dict[int, Timer] = {}
        self.mata: dict[str, Any] = {}
        self.python: dict[str, Any] = {}
        # Stops at --more--; the console on the terminal knows how.
        self.more: Callable[[], None] = lambda: None
        # Asks the person at the terminal for a line.
        self.ask: Callable[[str], str | None] = lambda prompt: None
        # What `_return hold` put aside, by name.
        self.held: dict[str, Results] = {}
        self.return_code: int = 0
        self.executed = False
        # Whether errors end in their r(N); row; not known for do-files under capture.
        self.shows_codes = True
        # Whether the last `if` held, for the `else` that may follow.
        self.condition: bool | None = None
        # When an interrupt asked for a break it is noticed from then on; never inside nobreak.
        self.break_due: float | None = None
        self.breakable = True
        self.on_break: Callable[[], None] = lambda: None
        # Descriptors that become readable when a signal arrives, so that waiting ends at once.
        self.wakeups: list[int] = []
        self._temporaries = 0
        self._data: Dataset | None = None
        self._scalar = ScalarEnvironment(self)

    @property
    def data(self) -> Dataset:
        """The data in memory, made when first asked for, so that a bare prompt loads no numpy."""
        if self._data is None:
            from stata_sessions.standin.dataset import Dataset

            self.data = Dataset()
        return cast("Dataset", self._data)

    @data.setter
    def data(self, data: Dataset) -> None:
        data.abbreviates = self.settings.remembered["varabbrev"] == "on"
        self._data = data

    @property
    def has_data(self) -> bool:
        """Whether anybody has asked for the data yet."""
        return self._data is not None

    def poll(self) -> None:
        """Raise a break the user asked for; long work calls this now and then."""
        if self.break_due is not None and self.breakable and time.monotonic() >= self.break_due:
            self.break_due = None
            self.on_break()
            raise Break

    def wait(self, seconds: float) -> None:
        """Let time pass; a break ends it."""
        self._watch(time.monotonic() + seconds)
        self.poll()

    def wait_for(self, descriptor: int) -> None:
        """Let time pass until a descriptor can be read; a break ends it."""
        self._watch(threading.TIMEOUT_MAX, descriptor)

    def _watch(self, end: float, *descriptors: int) -> None:
        while (now := time.monotonic()) < end:
            self.poll()
            until = min(end, self.break_due or end) if self.breakable else end
            watched = [*self.wakeups, *descriptors]
            for ready in select.select(watched, [], [], max(until - now, 0.0))[0]:
                if ready in descriptors:
                    return
                os.read(ready, 4096)

    def evaluate(self, text: str) -> Any:
        """Return the value of an expression without looking at more than one observation."""
        return evaluate(parse(text.strip()), self._scalar)

    def truth(self, text: str) -> bool:
        """Tell whether a condition holds; a missing value counts as true.

        Raises:
            StataError: r(109) if its value is a string.
        """
        value = self.evaluate(text)
        if isinstance(value, str):
            raise StataError(109, "type mismatch")
        return bool(value)

    def whole(self, text: str) -> int:
        """Return the value of an expression that must be a number.

        Raises:
            StataError: r(198) if it is a string or missing.
        """
        value = self.evaluate(text)
        if isinstance(value, str) or value >= SYSTEM:
            raise StataError(198, f"'{text.strip()}' found where number expected")
        return int(value)

    def temporary_name(self) -> str:
        """Return a name nobody else uses."""
        self._temporaries += 1
        return f"__{self._temporaries - 1:06X}"

    def temporary_file(self) -> Path:
        """Return the path of a temporary file that does not exist yet."""
        self._temporaries += 1
        return Path(self.settings.temporary) / f"St{os.getpid():05d}.{self._temporaries:06x}"

    def enter(self, frame: programs.Frame, depth: int) -> None:
        """Make a frame the running one."""
        self.frame, self.depth = frame, depth
        self.macros.locals = frame.locals

    def attempt(self, text: str, body: Body | None = None, codes: int = 1) -> StataError | None:
        """Run one command as read at a prompt or in a do-file; show and return its error."""
        started = time.monotonic()
        self.executed = True
        try:
            self.executed = self._outside_loops(text, body)
            if self.executed and self.settings.rmsg:
                self.out.row("r; " + _stopwatch(started))
        except StataError as error:
            self.report(error)
            for _ in range(codes if self.shows_codes else 0):
                self.code_row(error, started)
            return error
        return None

    def _outside_loops(self, text: str, body: Body | None) -> bool:
        try:
            return self.run_line(text, body)
        except LeaveLoop:
            raise outside_loop() from None

    def report(self, error: StataError) -> None:
        """Print what an error has to say, once, unless capture silences it."""
        if error.shown:
            return
        if self.out.column and not isinstance(error, Break):
            self.out.error_row("")
        for row in error.rows:
            self.out.error_row(row)
        error.shown = not self.out.mute

    def code_row(self, error: StataError, started: float) -> None:
        """Print the row with an error's return code."""
        timing = " " + _stopwatch(started) if self.settings.rmsg else ""
        self.out.error_row(f"r({error.code});{timing}")

    def run_lines(self, lines: Lines) -> None:
        """Run the lines of a loop or program."""
        for line in lines:
            if self.settings.trace and self.traced:
                self._trace(line.text)
            self.run_line(line.text, line.body)

    @property
    def traced(self) -> bool:
        """Whether trace shows what runs here."""
        return self.settings.trace and self.frame.level <= self.settings.trace_depth

    def trace_row(self, text: str, *, taken: bool = True) -> None:
        """Show a line as trace does; one that is passed over has no dash."""
        if self.settings.trace:
            self.out.row(f"{'  ' * self.frame.level}{'-' if taken else ' '} {text.strip()}")

    def _trace(self, text: str) -> None:
        indent = "  " * self.frame.level
        shown = text.strip()
        self.trace_row(shown)
        if "`" in shown or "$" in shown:
            before = dict(self.macros.locals)
            expanded = self.macros.expand(shown)
            self.macros.locals.clear()
            self.macros.locals.update(before)
            if expanded != shown:
                self.out.row(f"{indent}= {expanded}")

    def run_line(self, text: str, body: Body | None = None) -> bool:
        """Expand macros in one whole command and run it; tell whether there was one."""
        if self.break_due is not None:
            self.poll()
        if body is None or not _WHILE.match(text):
            text = self.macros.expand(text)
        return self.execute(text, body)

    def execute(self, text: str, body: Body | None = None, by: By | None = None) -> bool:
        """Run one command whose macros are expanded; tell whether there was one.

        Raises:
            StataError: as the command fails.
        """
        found = _WORD.match(text)
        if found is None:
            return False
        word = found[1] or found[2] or found[3]
        if not word or word.startswith(("*", "//")):
            return False
        rest = text[found.end() :]
        program = self.programs.get(word)
        if program:
            programs.call(self, program, rest)
            return True
        command = commands.find(_SPELLINGS.get(word, word))
        if command is None:
            raise unrecognized(word)
        name, function = command
        try:
            function(self, CommandLine(name, rest, by, body))
        except Outcome:
            raise
        except Exception as error:
            raise internal(error) from error
        return True


def _stopwatch(started: float) -> str:
    now = datetime.now().astimezone()
    return f"t={time.monotonic() - started:.2f} {now.hour}:{now:%M:%S}"
