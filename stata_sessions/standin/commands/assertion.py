"""assert: fail unless something holds in every observation."""

from __future__ import annotations

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine


@command("assert", shortest=2, takes="if in")
def assert_(interp: Interpreter, line: CommandLine) -> None:
    """Fail unless an expression holds in every observation."""
    line.options.finish()
    if not (interp.has_data and interp.data.observations):
        if not interp.truth(line.arguments):
            raise StataError(9, "assertion is false")
        return
    # Only here are the data, and numpy with them, needed.
    from stata_sessions.standin.samples import sample
    from stata_sessions.standin.vectors import truths

    chosen = sample(interp, line)
    wrong = int((chosen & ~truths(interp, line.arguments)).sum())
    if wrong:
        noun = "contradiction" if wrong == 1 else "contradictions"
        total = int(chosen.sum())
        observations = "observation" if total == 1 else "observations"
        raise StataError(9, f"{wrong:,} {noun} in {total:,} {observations}", "assertion is false")
