"""levelsof: the values a variable takes, for loops."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.macros import format_macro
from stata_sessions.standin.quoting import unquote
from stata_sessions.standin.samples import sample
from stata_sessions.standin.storage import missing_in
from stata_sessions.standin.syntax import CommandLine


@command("levelsof", takes="if in")
def levelsof(interp: Interpreter, line: CommandLine) -> None:
    """Show the distinct values of a variable and put them into a macro."""
    clean, missing = line.options.flag("clean", 1), line.options.flag("missing", 3)
    name, separator = line.options.value("local", 1), line.options.value("separate", 1)
    line.options.finish()
    variable = interp.data.one(line.arguments)
    chosen = sample(interp, line)
    if not missing:
        chosen &= ~missing_in(variable.values)
    levels = np.unique(variable.values[chosen]).tolist()
    quotes = variable.is_text and not clean
    shown = [f'`"{level}"\'' if quotes else format_macro(level) for level in levels]
    text = (unquote(separator) if separator else " ").join(shown)
    interp.out.row(text)
    interp.r.clear()
    interp.r.scalars |= {"N": float(chosen.sum()), "r": float(len(levels))}
    interp.r.macros["levels"] = text
    if name:
        interp.macros.locals[name] = text
