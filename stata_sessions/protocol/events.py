"""What a console can tell us."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.protocol.tails import Tail


@dataclass(frozen=True, slots=True)
class Output:
    """Text that the user's code printed, without any row of our own."""

    text: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A command is over.

    ``return_code`` is Stata's ``r(#)``, 0 if there was none. ``broken`` is true if the command
    ended in a break. ``note`` says in a sentence what we had to do to end it, or is empty.
    """

    return_code: int
    broken: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """The console is at its prompt and in step with us: the next command may be sent."""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """The console has stopped at a prompt that is not the dot prompt, and waits for input."""

    tail: Tail
    hint: str


Event = Output | Completed | Ready | Awaiting
