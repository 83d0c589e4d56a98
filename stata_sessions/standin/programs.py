"""Programs, and the frame in which a program or do-file runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stata_sessions.standin.blocks import grouped
from stata_sessions.standin.errors import ExitFile, LeaveLoop, StataError, outside_loop
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.results import Results

if TYPE_CHECKING:
    from stata_sessions.standin.dataset import Mark
    from stata_sessions.standin.interpreter import Interpreter

# [R] limits: nesting of programs and do-files.
_DEEPEST = 64


@dataclass
class Frame:
    """What belongs to one running program or do-file and ends with it.

    `exits` holds what to do at the end: drop temporary variables, delete temporary files,
    restore preserved data.
    """

    locals: dict[str, str] = field(default_factory=dict)
    returned: Results = field(default_factory=Results)
    exits: list[Callable[[], None]] = field(default_factory=list)
    # How many programs stand around it; trace indents by that.
    level: int = 0
    # The group of a by prefix, which marksample marks.
    group: Mark | None = None


@dataclass(frozen=True)
class Program:
    """A program as defined: its lines and the results it may leave."""

    name: str
    lines: tuple[str, ...]
    returns: str = ""
    options: frozenset[str] = frozenset()
    # What by repeats it for: `recall`, perhaps with `, noheader`; empty if by may not.
    byable: str = ""


def argument_macros(text: str) -> dict[str, str]:
    """Return the macros `0`, `1`, ..., `*` for the text behind a program's or do-file's name."""
    words = [unquote(word) for word in split_words(text)]
    whole = {"0": text.strip(), "*": text.strip()} if text.strip() else {}
    return {**whole, **{str(n): word for n, word in enumerate(words, 1)}}


@contextmanager
def framed(interpreter: Interpreter, frame: Frame) -> Iterator[Frame]:
    """Run what is inside in a frame of its own; `set more` and `set trace` are put back.

    Raises:
        StataError: r(1000) where programs are nested too deep.
    """
    if interpreter.depth >= _DEEPEST:
        raise StataError(1000, "system limit exceeded - see manual")
    before, settings = interpreter.frame, interpreter.settings
    more, trace = settings.more, settings.trace
    interpreter.enter(frame, interpreter.depth + 1)
    try:
        yield frame
    finally:
        interpreter.enter(before, interpreter.depth - 1)
        settings.more, settings.trace = more, trace
        while frame.exits:
            frame.exits.pop()()


def call(interpreter: Interpreter, program: Program, text: str) -> None:
    """Run a program with the text behind its name."""
    level, group = interpreter.frame.level + 1, interpreter.group
    interpreter.group = None
    frame = Frame(argument_macros(text), level=level, group=group)
    with framed(interpreter, frame):
        if "sortpreserve" in program.options and interpreter.has_data:
            from stata_sessions.standin.sortpreserve import keep_order

            frame.exits.append(keep_order(interpreter.data, interpreter.temporary_name()))
        if interpreter.traced:
            _trace_frame(interpreter, "begin", program.name)
        try:
            interpreter.run_lines(grouped(program.lines))
        except ExitFile:
            pass
        except LeaveLoop:
            raise outside_loop() from None
        if interpreter.traced:
            _trace_frame(interpreter, "end", program.name)
    if program.returns == "rclass":
        interpreter.r.take(frame.returned)


def _trace_frame(interpreter: Interpreter, word: str, name: str) -> None:
    indent = "  " * interpreter.frame.level
    ending = f" {word} {name} ---"
    interpreter.out.row(indent + "-" * (79 - len(indent) - len(ending)) + ending)
