"""The interpreter: what a running console knows, and how one line of code is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from stata_sessions.standin import commands
from stata_sessions.standin.errors import Break, unrecognized
from stata_sessions.standin.expressions import evaluate, parse
from stata_sessions.standin.macros import Macros
from stata_sessions.standin.output import Output
from stata_sessions.standin.results import Matrix, Results
from stata_sessions.standin.scalars import ScalarEnvironment
from stata_sessions.standin.syntax import By, CommandLine

if TYPE_CHECKING:
    from stata_sessions.standin.blocks import Body
    from stata_sessions.standin.dataset import Dataset

_WORD = re.compile(r"\s*(?:([A-Za-z_]\w*)|([!?}]|\*.*|//.*|$)|(\S+))", re.DOTALL)


class Interpreter:
    """All state of one console, and the way from a line of text to a command.

    Of the data side the core asks: `data.observations`, `data.find(name)` (the full name of a
    variable or None), `data.value(name, observation)`, `data.expand(varlist)` (a list of names)
    and `data.changed`.
    """

    def __init__(self, out: Output) -> None:
        self.out = out
        self.macros = Macros(self)
        self.scalars: dict[str, float | str] = {}
        self.matrices: dict[str, Matrix] = {}
        self.r, self.e, self.s = Results(), Results(), Results()
        self.return_code = 0
        self.break_requested = False
        self._data: Dataset | None = None

    @property
    def data(self) -> Dataset:
        """The data in memory, made when first asked for, so that a bare prompt loads no numpy."""
        if self._data is None:
            from stata_sessions.standin.dataset import Dataset

            self._data = Dataset()
        return self._data

    @data.setter
    def data(self, data: Dataset) -> None:
        self._data = data

    @property
    def has_data(self) -> bool:
        """Whether anybody has asked for the data yet."""
        return self._data is not None

    def poll(self) -> None:
        """Raise a break the user asked for; long work calls this now and then."""
        if self.break_requested:
            self.break_requested = False
            raise Break

    def evaluate(self, text: str) -> Any:
        """Return the value of an expression without looking at more than one observation."""
        return evaluate(parse(text.strip()), ScalarEnvironment(self))

    def run_line(self, text: str, body: Body | None = None) -> bool:
        """Expand macros in one whole command and run it; tell whether there was one."""
        self.poll()
        return self.execute(self.macros.expand(text), body)

    def execute(self, text: str, body: Body | None = None, by: By | None = None) -> bool:
        """Run one command whose macros are expanded; tell whether there was one.

        Raises:
            StataError: as the command fails.
        """
        found = _WORD.match(text)
        word = found and (found[1] or found[2] or found[3])
        if not word or word.startswith(("*", "//")):
            return False
        command = commands.find("shell" if word == "!" else word)
        if command is None:
            raise unrecognized(word)
        name, function = command
        function(self, CommandLine(name, text[found.end() :], by, body))
        return True
