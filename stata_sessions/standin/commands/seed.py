"""set seed: where random numbers start."""

from __future__ import annotations

from stata_sessions.standin.commands import command
from stata_sessions.standin.distributions import STREAM
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine


@command("set seed")
def set_seed(interp: Interpreter, line: CommandLine) -> None:
    """Start the random numbers from a seed."""
    line.options.finish()
    seed = interp.whole(line.arguments)
    if not 0 <= seed < 2**31:
        raise StataError(198, "seed must be an integer between 0 and 2147483647")
    STREAM.seed(seed)
