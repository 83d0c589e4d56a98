"""A page of Mata: what one session knows, from one command to the next."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.mata_commands import (
    TYPES,
    Commands,
    Function,
    LeaveError,
    ReturnError,
)
from stata_sessions.standin.mata_functions import DOORS, EMPTY, PURE, Doors, stata_function
from stata_sessions.standin.mata_parser import Scope, tokens
from stata_sessions.standin.mata_values import Value, failure

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter


class Mata:
    """Commands run one by one; variables and functions stay from one session to the next."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp
        self._doors = Doors(interp)
        self._variables: Scope = interp.mata.setdefault("variables", {})
        self.functions: dict[str, Function] = interp.mata.setdefault("functions", {})

    def is_open(self, text: str) -> bool:
        """Tell whether a command goes on in the next line."""
        words = [token.text for token in tokens(text) if token.text != "\n"]
        depth = sum({"{": 1, "(": 1, "}": -1, ")": -1}.get(word, 0) for word in words)
        # A function's body may begin in the line below its name.
        heads = bool(words) and words[0] in TYPES and "(" in words and "{" not in words
        return depth > 0 or heads

    def run(self, text: str) -> None:
        """Run commands separated by semicolons or ends of lines.

        Raises:
            StataError: r(3000) and above, with Mata's own text.
        """
        parser = Commands(tokens(text), self)
        try:
            for command in parser.all():
                command(self._variables)
        except (ReturnError, LeaveError):
            raise failure(3000) from None
        except StataError as error:
            raise _translated(error) from None

    def call(self, name: str, arguments: list[Value], names: list[str], scope: Scope) -> Value:
        """Return the value of a function of the user's, of Mata's or of Stata's."""
        if name in self.functions:
            return self._own(self.functions[name], arguments)
        if name == "st_view":
            scope[names[0]] = self._doors.st_data(*arguments[1:3])
            return EMPTY
        function: Any = getattr(self._doors, name) if name in DOORS else PURE.get(name)
        if function is None:
            return stata_function(name, arguments)
        try:
            signature(function).bind(*arguments)
        except TypeError:
            raise failure(3001, f"{name}() incorrect number of arguments") from None
        found: Value = function(*arguments)
        return found

    def _own(self, function: Function, arguments: list[Value]) -> Value:
        if len(arguments) != len(function.parameters):
            raise failure(3001, "incorrect number of arguments")
        try:
            function.body(dict(zip(function.parameters, arguments, strict=True)))
        except ReturnError as end:
            return end.value
        return EMPTY


def _translated(error: StataError) -> StataError:
    if error.code >= 3000 or error.code == 1:
        return error
    message = error.rows[0] if error.rows else ""
    codes = {111: 3499, 503: 3200, 109: 3250, 908: 3900}
    code = codes.get(error.code, 3000)
    words = {3200: "conformability error", 3250: "type mismatch"}
    return failure(code, words.get(code, message or "expression invalid"))
