"""The history on disk: for the server that keeps it, and for whoever looks into it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stata_sessions.cli.answers import show_json, show_table
from stata_sessions.ending import awaited
from stata_sessions.errors import ConfigurationError, UsageError
from stata_sessions.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from stata_sessions.archive import PastCommand
    from stata_sessions.sessions import Listener

log = logging.getLogger(__name__)

OFF = "off"
HEADING = ("SUBMITTED", "SESSION", "NUMBER", "STATE", "CODE", "SECONDS", "COMMAND")
SHORT_CHARACTERS = 60


def history_file(given: str, environ: Mapping[str, str]) -> Path | None:
    """Return where the history is, or None if there is none.

    Raises ConfigurationError if that depends on a home that this account does not have.
    """
    if given == OFF:
        return None
    state = environ.get("XDG_STATE_HOME") or "~/.local/state"
    try:
        return Path(given or f"{state}/stata-sessions/history.sqlite").expanduser()
    except RuntimeError as error:
        raise ConfigurationError(f"history_file: {error}", key="history_file") from error


@contextmanager
def keeping_history(settings: Settings, environ: Mapping[str, str]) -> Iterator[Listener]:
    """Write down what happens in the block, if it can be.

    Raises ConfigurationError if a file was named and cannot be used; without one, the account may
    have no folder for it, and the server does without.
    """
    from stata_sessions.archive import Archive
    from stata_sessions.sessions import Listener

    archive = None
    try:
        path = history_file(settings.history_file, environ)
        archive = Archive(path, settings) if path else None
    except ConfigurationError as error:
        if settings.history_file:
            raise
        log.warning("there will be no history: %s", error.message)
    try:
        yield archive or Listener()
    finally:
        if archive:
            with awaited(lambda: "the history"):
                archive.close()


def show_past(session: str | None, file: str, rows: int, *, as_json: bool) -> None:
    """Print the latest commands of the history, oldest first. Raises NoSuchFile."""
    from stata_sessions.archive import past_commands

    path = history_file(file, os.environ)  # noqa: TID251  # settings enter here
    if path is None:
        raise UsageError(f"no history is kept: {SETTINGS['history_file'].variable} is {OFF}")
    found = past_commands(path, session=session, limit=rows)
    if as_json:
        show_json(found)
    else:
        show_table(HEADING, map(_row, found))


def short(code: str) -> str:
    """Return code as one row of a table."""
    row = " ".join(code.split())
    return row if len(row) <= SHORT_CHARACTERS else row[:SHORT_CHARACTERS] + "…"


def seconds(elapsed_s: float | None) -> float | None:
    """Return a duration as precisely as people want it."""
    return None if elapsed_s is None else round(elapsed_s, 3)


def _row(past: PastCommand) -> tuple[object, ...]:
    return (
        past.submitted_at,
        past.session_id,
        past.command,
        past.state,
        past.return_code,
        seconds(past.elapsed_s),
        short(past.code),
    )
