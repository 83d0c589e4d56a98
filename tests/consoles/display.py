"""The display command."""

import re

from tests.consoles.expressions import character, format_value
from tests.consoles.interpreter import Interpreter
from tests.consoles.screen import ALL, ERRORS
from tests.consoles.table import command

_STYLE = re.compile(r"(?:as\s+(error|err|text|txt|result|res|input)|in\s+\w+)\b\s*")
_DIRECTIVE = re.compile(
    r"_(?P<name>continue|cont|c|newline|newlin|newl|n|char|request|req|skip|s|col|column|dup)"
    r"(?![A-Za-z_])(?:\((?P<argument>[^)]*)\))?\s*"
)
_FORMAT = re.compile(r"%[-+0-9.,]*[a-z]+\s*")
_STRING = re.compile(r'`"(?P<inner>.*?)"\'|"(?P<plain>[^"]*)"', re.DOTALL)


class Display:
    """One display command: what it has collected, and how it ends."""

    def __init__(self, interpreter: Interpreter, text: str) -> None:
        self._interpreter = interpreter
        self._text = text.strip()
        self._out: list[str] = []
        self._level = ALL
        self._ends_row = True
        self._repeat = 1

    def run(self) -> None:
        """Evaluate everything, then show it."""
        while self._text:
            if not (self._style() or self._directive() or self._string()):
                self._expression()
        if self._ends_row:
            self._out.append("\n")
        self._interpreter.screen.show("".join(self._out), level=self._level)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text)
        if match:
            self._text = self._text[match.end() :].lstrip()
        return match

    def _style(self) -> bool:
        match = self._take(_STYLE)
        if match and (match[1] or "").startswith("err"):
            self._level = ERRORS
        return bool(match or self._take(_FORMAT))

    def _directive(self) -> bool:
        match = self._take(_DIRECTIVE)
        if match is None:
            return False
        name, argument = match["name"], match["argument"]
        if name.startswith("c") and name not in ("char", "col", "column"):
            self._ends_row = False
        elif name.startswith("req"):
            self._request(argument)
        else:
            self._place(name, int(self._interpreter.evaluate(argument or "1")))
        return True

    def _place(self, name: str, number: int) -> None:
        if name.startswith("n"):
            self._out.append("\n" * number)
        elif name == "char":
            self._out.append(character(number))
        elif name == "dup":
            self._repeat = number
        elif name.startswith("s"):
            self._out.append(" " * number)
        else:
            done = "".join(self._out).rpartition("\n")[2]
            self._out.append(" " * max(number - 1 - len(done), 0))

    def _request(self, name: str) -> None:
        self._interpreter.screen.show("".join(self._out), level=self._level)
        self._out.clear()
        self._interpreter.macros.globals[name] = self._interpreter.keyboard.read_line("")

    def _string(self) -> bool:
        match = self._take(_STRING)
        if match:
            text = match["inner"] if match["inner"] is not None else match["plain"]
            self._out.append(text * self._repeat)
            self._repeat = 1
        return bool(match)

    def _expression(self) -> None:
        text = _first_expression(self._text)
        self._out.append(format_value(self._interpreter.evaluate(text)) * self._repeat)
        self._repeat = 1
        self._text = self._text[len(text) :].lstrip(" ,")


def _first_expression(text: str) -> str:
    """Return the text up to a comma, or to a blank outside brackets that is no operator's."""
    depth, quoted = 0, False
    for place, letter in enumerate(text):
        quoted ^= letter == '"'
        depth += (letter == "(") - (letter == ")")
        ends = letter == "," or letter in ' "' and _separates(text, place)
        if place and not depth and ends and not (quoted and letter != '"'):
            return text[:place]
    return text


def _separates(text: str, place: int) -> bool:
    before, after = text[:place].rstrip()[-1:], text[place:].lstrip()[:1]
    operators = "+-*/^=<>&|!~("
    return before not in operators and after not in operators


@command("display", 2)
def display(interpreter: Interpreter, rest: str) -> None:
    """Show strings and values."""
    Display(interpreter, rest).run()
