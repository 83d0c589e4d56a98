"""What is written down about a command."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.errors import OutputDiscarded
from stata_sessions.sessions import Command, CommandView


@dataclass(frozen=True, slots=True)
class Entry:
    """A command at one moment, with the beginning and the end of its output.

    ``output_bytes`` is how much it printed; what is between ``head`` and ``tail`` was left out.
    """

    view: CommandView
    output_bytes: int = 0
    head: str = ""
    tail: str = ""


def entry_of(command: Command, kept_bytes: int) -> Entry:
    """Return what is to be written down of a command; of its output only once it has ended."""
    view = command.view()
    if view.end is None:
        return Entry(view)
    size = view.end - view.start
    if size <= kept_bytes:
        return Entry(view, size, _piece(command, view.start, kept_bytes))
    half = kept_bytes // 2
    tail = _piece(command, view.end - half, half)
    return Entry(view, size, _piece(command, view.start, half), tail)


def _piece(command: Command, offset: int, limit: int) -> str:
    try:
        return command.read(offset, limit).text
    except (OutputDiscarded, OSError):
        return ""
