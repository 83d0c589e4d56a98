"""The prompts of what is not complete: blocks, mata, and a question to the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stata_sessions.cli.doctor.bench import Bench, shown
from stata_sessions.cli.doctor.table import Finding, examination

# For a prompt that is not the usual one, and so cannot be waited for.
SPAN_S = 0.5


@dataclass(frozen=True, slots=True)
class Opener:
    """A row that leaves something open, and the row that closes it."""

    what: str
    row: str
    closing: str


OPENERS = (
    Opener("if", "if 1 {", "}"),
    Opener("foreach", "foreach x in 1 {", "}"),
    Opener("capture", "capture {", "}"),
    Opener("program", "program define doctor_open", "end"),
    Opener("mata", "mata", "end"),
    Opener("display _request", "display _request(doctor_asked)", "7"),
)


@examination()
def what_is_left_open(found: Bench) -> Iterator[Finding]:
    """Open each, look, and close it."""
    for each in OPENERS:
        found.type(each.row + "\n")
        opened = found.listen(SPAN_S)
        closed = found.ask(each.closing)
        yield Finding(f"an open {each.what}", f"{shown(opened)}, and when closed {shown(closed)}")
