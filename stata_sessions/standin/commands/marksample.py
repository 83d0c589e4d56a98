"""marksample and markout: the observations a program works on, as a variable of 0 and 1."""

from __future__ import annotations

from functools import partial

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.macro import drop_variable
from stata_sessions.standin.errors import invalid_syntax, type_mismatch
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.samples import sample, weights
from stata_sessions.standin.storage import missing_in
from stata_sessions.standin.syntax import CommandLine

_WEIGHTS = "fweight aweight pweight iweight"


@command("marksample", takes="")
def marksample(interp: Interpreter, line: CommandLine) -> None:
    """Mark where the program's own if, in and weight hold and no variable is missing."""
    macros, data = interp.macros.locals, interp.data
    whole = line.options.flag("novarlist", 5)
    strings = line.options.flag("strok")
    line.options.finish()
    given = CommandLine(
        "marksample",
        " ".join(macros.get(name, "") for name in ("if", "in"))
        + (f" [{macros['weight']}{macros['exp']}]" if macros.get("weight") else ""),
    )
    names = [] if whole else data.expand(macros.get("varlist", ""))
    # Without `strok` a string variable leaves no observation at all.
    texts = [name for name in names if data.columns[name].is_text]
    chosen = sample(interp, given, names)
    if interp.frame.group is not None:
        chosen &= interp.frame.group.rows
    if texts and not strings:
        chosen[:] = False
    weights(interp, given.weight, chosen, _WEIGHTS)
    name = interp.temporary_name()
    data.add(name, chosen.astype(np.float64), "byte")
    interp.frame.exits.append(partial(drop_variable, interp, name))
    macros[line.arguments.strip()] = name


@command("markout", takes="")
def markout(interp: Interpreter, line: CommandLine) -> None:
    """Unmark where a variable is missing."""
    strings = line.options.flag("strok")
    line.options.finish()
    if not line.words:
        raise invalid_syntax()
    data = interp.data
    mark = data.expand(line.words[0])[0]
    if data.columns[mark].is_text:
        raise type_mismatch()
    marked = data.numbers(mark).copy()
    for name in data.expand(" ".join(line.words[1:])) if line.words[1:] else []:
        if not data.columns[name].is_text or strings:
            marked[missing_in(data.columns[name].values)] = 0.0
        else:
            marked[:] = 0.0
    data.replace(mark, marked)
