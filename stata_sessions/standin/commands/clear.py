"""clear: data and what else may be forgotten."""

from __future__ import annotations

from collections.abc import Callable

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine


def _data(interp: Interpreter) -> None:
    if interp.has_data:
        interp.data = type(interp.data)()


def _results(interp: Interpreter) -> None:
    for store in (interp.r, interp.e, interp.s):
        store.clear()


def _all(interp: Interpreter) -> None:
    _data(interp)
    _results(interp)
    interp.programs.clear()
    interp.matrices.clear()
    interp.scalars.clear()
    interp.timers.clear()
    interp.mata.clear()


_PIECES: dict[str, Callable[[Interpreter], None]] = {
    "": _data,
    "*": _all,
    "all": _all,
    "ado": lambda interp: None,
    "mata": lambda interp: interp.mata.clear(),
    "matrix": lambda interp: interp.matrices.clear(),
    "programs": lambda interp: interp.programs.clear(),
    "results": _results,
    "frames": _data,
}


@command("clear", takes="")
def clear(interp: Interpreter, line: CommandLine) -> None:
    """Forget the data, or more."""
    line.options.finish()
    piece = _PIECES.get(line.arguments)
    if piece is None:
        raise invalid_syntax()
    piece(interp)
