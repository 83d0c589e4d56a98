"""What ran once, read from the file."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from stata_sessions.archive.file import HistoryFile
from stata_sessions.errors import NoSuchFile

QUERY = """
SELECT name, number, commands.epoch, state, return_code, code, code_hash, file_path,
    commands.reason, note, submitted, commands.started, commands.ended, elapsed_s, output_bytes,
    head, tail, sessions.reason
FROM commands JOIN sessions ON sessions.id = commands.session
WHERE :name IS NULL OR name = :name ORDER BY commands.id DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class PastCommand:
    """A command as it was written down; ``session_reason`` says why its Stata ended, if it has.

    Of its output there are the beginning and, if there was more, the end.
    """

    session_id: str
    command: int
    epoch: int
    state: str
    return_code: int | None
    code: str
    code_sha256: str
    file_path: str | None
    reason: str
    note: str
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_s: float | None
    output_bytes: int
    output: str
    output_end: str
    session_reason: str


def past_commands(path: Path, *, session: str | None = None, limit: int = 100) -> list[PastCommand]:
    """Return the latest commands of all sessions, or of those of one name, oldest first.

    Not for the process whose server writes it: locks tell only other processes that it is alive.
    Raises NoSuchFile, or ConfigurationError if it is no history.
    """
    if not path.exists():
        raise NoSuchFile(str(path))
    with contextlib.closing(HistoryFile(path)) as file:
        found = file.connection.execute(QUERY, {"name": session, "limit": limit}).fetchall()
    return [_past(row) for row in reversed(found)]


def _past(row: Sequence[object]) -> PastCommand:
    values = list(row)
    for place in (10, 11, 12):
        if values[place] is not None:
            values[place] = datetime.fromisoformat(str(values[place]))
    values[17] = values[17] or ""
    return PastCommand(*values)  # type: ignore[arg-type]  # the columns of QUERY, in its order
