"""A page of Mata: assignments, values, strings, and the door to Stata's macros and scalars."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.formats import format_value
from stata_sessions.standin.matrices import named, single
from stata_sessions.standin.matrix_expressions import matrix_value
from stata_sessions.standin.quoting import closing, pieces, unquote
from stata_sessions.standin.results import Matrix

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

_ASSIGNMENT = re.compile(r"([^\W\d]\w*)\s*=(?!=)\s*(.+)$", re.DOTALL)
_CALL = re.compile(r"([^\W\d]\w*)\s*\(")
_COMMENT = re.compile(r"//.*")

Value = float | str | Matrix


class Mata:
    """Commands run one by one; variables stay from one session to the next."""

    def __init__(self, interp: Interpreter) -> None:
        self._interp = interp
        self._variables: dict[str, Any] = interp.mata

    def is_open(self, text: str) -> bool:
        """Tell whether a command goes on in the next line."""
        return sum({"{": 1, "(": 1, "}": -1, ")": -1}.get(c, 0) for c in text) > 0

    def run(self, text: str) -> None:
        """Run commands separated by semicolons.

        Raises:
            StataError: r(3000) and above, with Mata's own text.
        """
        text = _COMMENT.sub("", text).strip()
        for command in _commands(text):
            self._command(command)

    def _command(self, text: str) -> None:
        assigned = _ASSIGNMENT.match(text)
        if assigned:
            self._variables[assigned[1]] = self._value(assigned[2])
            return
        call = _whole_call(text)
        action = call and (_ACTIONS.get(call[0]) or _SETTERS.get((call[0], len(call[1]))))
        if call and action:
            action(self, call[1])
        else:
            self._show(self._value(text))

    def _show(self, value: Value) -> None:
        out = self._interp.out
        if isinstance(value, Matrix) and value.values.shape != (1, 1):
            _show_matrix(out.row, value)
        elif isinstance(value, str):
            out.row(f"  {value}")
        else:
            number = float(value.values[0, 0]) if isinstance(value, Matrix) else value
            out.row("  " + format_value(number, "%10.0g").strip())

    def _value(self, text: str) -> Value:
        text = text.strip()
        if text.startswith(('"', '`"')) and len(text) == len(unquote(text)) + 2:
            return unquote(text)
        if text in self._variables:
            found: Value = self._variables[text]
            return found
        call = _whole_call(text)
        if call and call[0] in _FUNCTIONS:
            return _FUNCTIONS[call[0]](self, call[1])
        return self._expression(text)

    def _expression(self, text: str) -> Value:
        """Work out an expression: its variables are lent to the matrix parser by name."""
        interp = self._interp
        matrices, scalars = dict(interp.matrices), dict(interp.scalars)
        for name, value in self._variables.items():
            if isinstance(value, str):
                interp.scalars[name] = value
            else:
                interp.matrices[name] = value if isinstance(value, Matrix) else single(value)
        try:
            return matrix_value(interp, text) if '"' not in text else interp.evaluate(text)
        except StataError as error:
            raise _translated(error, text) from None
        finally:
            interp.matrices.clear()
            interp.matrices.update(matrices)
            interp.scalars.clear()
            interp.scalars.update(scalars)

    def text(self, argument: str) -> str:
        """Return an argument that must be a string."""
        value = self._value(argument)
        if not isinstance(value, str):
            raise StataError(3250, f"{'<istmt>:':>25}  3250  type mismatch")
        return value

    def number(self, argument: str) -> float:
        """Return an argument that must be a number."""
        value = self._value(argument)
        if isinstance(value, str):
            raise StataError(3250, f"{'<istmt>:':>25}  3250  type mismatch")
        return float(value.values[0, 0]) if isinstance(value, Matrix) else value

    def total(self, argument: str) -> float:
        """Return the sum of the elements of an argument."""
        value = self._value(argument)
        return float(value.values.sum()) if isinstance(value, Matrix) else self.number(argument)

    def set_local(self, arguments: list[str]) -> None:
        """`st_local(name, value)`."""
        self._interp.macros.locals[self.text(arguments[0])] = self.text(arguments[1])

    def set_global(self, arguments: list[str]) -> None:
        """`st_global(name, value)`."""
        self._interp.macros.globals[self.text(arguments[0])] = self.text(arguments[1])

    def set_scalar(self, arguments: list[str]) -> None:
        """`st_numscalar(name, value)`."""
        self._interp.scalars[self.text(arguments[0])] = self.number(arguments[1])

    def set_matrix(self, arguments: list[str]) -> None:
        """`st_matrix(name, value)`."""
        value = self._value(arguments[1])
        matrix = value if isinstance(value, Matrix) else single(self.number(arguments[1]))
        self._interp.matrices[self.text(arguments[0])] = named(matrix.values)

    def run_stata(self, arguments: list[str]) -> None:
        """`stata(command)`."""
        self._interp.run_line(self.text(arguments[0]))

    def display(self, arguments: list[str]) -> None:
        """`display(text)`."""
        self._interp.out.row(self.text(arguments[0]))

    def printf(self, arguments: list[str]) -> None:
        """`printf(format, ...)`."""
        text = self.text(arguments[0]).replace("\\n", "\n")
        for argument in arguments[1:]:
            found = re.search(r"%[-\d.]*[gfes]", text)
            if found is None:
                break
            value = self._value(argument)
            number = value if isinstance(value, str) else self.number(argument)
            fmt = "%9.0g" if found[0] == "%g" else found[0]
            shown = format_value(number, fmt) if fmt != "%s" else str(number)
            shown = shown.strip() if found[0] == "%g" else shown
            text = text[: found.start()] + shown + text[found.end() :]
        self._interp.out.text(text)


def _translated(error: StataError, text: str) -> StataError:
    """Say it as Mata does, with the row that names the place."""
    name = error.rows[0].removesuffix(" not found") if error.rows else ""
    codes = {111: (3499, f"{name} not found"), 503: (3200, "conformability error")}
    code, message = codes.get(error.code, (3000, "expression invalid"))
    return StataError(code, f"{'<istmt>:':>25}  {code}  {message}")


def _whole_call(text: str) -> tuple[str, list[str]] | None:
    """Return the name and arguments of a text that is one call."""
    found = _CALL.match(text)
    if found is None or closing(text, found.end() - 1) != len(text) - 1:
        return None
    return found[1], _arguments(text[found.end() : -1])


def _commands(text: str) -> list[str]:
    cuts = [-1, *(place for place, character in pieces(text) if character == ";"), len(text)]
    found = [text[a + 1 : b].strip() for a, b in zip(cuts, cuts[1:], strict=False)]
    return [command for command in found if command]


def _arguments(text: str) -> list[str]:
    cuts = [-1, *(place for place, character in pieces(text) if character == ","), len(text)]
    return [text[a + 1 : b].strip() for a, b in zip(cuts, cuts[1:], strict=False)]


def _show_matrix(row: Callable[[str], None], matrix: Matrix) -> None:
    """Print a matrix in Mata's frame; of a symmetric one the lower triangle."""
    values = matrix.values
    height, width = values.shape
    symmetric = height == width and bool((values == values.T).all())
    texts = [[format_value(float(v), "%9.0g").strip() for v in line] for line in values]
    room = max(len(text) for line in texts for text in line)
    lead = len(str(height))
    rule = " " * (lead + 3) + "+" + "-" * (width * (room + 3) + 1) + "+"
    if symmetric:
        row("[symmetric]")
    row(" " * (lead + 3) + "".join(f"{c:>{room + 3}}" for c in range(1, width + 1)))
    row(rule)
    for place, line in enumerate(texts):
        shown = line[: place + 1] if symmetric else line
        text = "".join(f"{text:>{room + 3}}" for text in shown).ljust(width * (room + 3))
        row(f"{place + 1:>{lead + 2}} |{text[1:]}  |")
    row(rule)


_ACTIONS: dict[str, Callable[[Mata, list[str]], None]] = {
    "display": Mata.display,
    "printf": Mata.printf,
    "stata": Mata.run_stata,
}
# The same names with one argument read, with two they write.
_SETTERS: dict[tuple[str, int], Callable[[Mata, list[str]], None]] = {
    ("st_local", 2): Mata.set_local,
    ("st_global", 2): Mata.set_global,
    ("st_numscalar", 2): Mata.set_scalar,
    ("st_matrix", 2): Mata.set_matrix,
}
_FUNCTIONS: dict[str, Callable[[Mata, list[str]], Value]] = {
    "st_local": lambda mata, a: mata._interp.macros.locals.get(mata.text(a[0]), ""),
    "st_global": lambda mata, a: mata._interp.macros.globals.get(mata.text(a[0]), ""),
    "st_numscalar": lambda mata, a: mata._interp.evaluate(f"scalar({mata.text(a[0])})"),
    "st_matrix": lambda mata, a: matrix_value(mata._interp, mata.text(a[0])),
    "st_nobs": lambda mata, a: mata._interp.evaluate("_N"),
    "sum": lambda mata, a: mata.total(a[0]),
    "rows": lambda mata, a: mata.number(f"rowsof({a[0]})"),
    "cols": lambda mata, a: mata.number(f"colsof({a[0]})"),
}
