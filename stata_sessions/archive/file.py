"""The file of the history: its tables, whose runs have ended, and how old and large it gets."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stata_sessions.archive.runs import RunLocks
from stata_sessions.errors import ConfigurationError

VERSION = 1
# For another server that writes to the same file at this moment.
BUSY_S = 10.0
KILLED = "the server was killed"
# The share of the commands that goes when there are too many of them.
SHARE = 10

SCHEMA = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, process INTEGER, started TEXT, ended TEXT
);
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, name TEXT, epoch INTEGER,
    console TEXT, working_dir TEXT, started TEXT, ended TEXT, reason TEXT
);
CREATE INDEX sessions_of_run ON sessions (run);
CREATE TABLE commands (
    id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES sessions, number INTEGER,
    epoch INTEGER, code_hash TEXT, code TEXT, file_path TEXT, state TEXT, return_code INTEGER,
    reason TEXT, note TEXT, submitted TEXT, started TEXT, ended TEXT, elapsed_s REAL,
    output_bytes INTEGER, head TEXT, tail TEXT, UNIQUE (session, number)
);
CREATE INDEX unfinished ON commands (session) WHERE state IN ('queued', 'running');
"""


class HistoryFile:
    """A connection to the file, which only its owner can read; one thread uses it at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises ConfigurationError."""
        self.run: int | None = None
        try:
            _make_private(path)
            self.connection = _connected(path)
            self._locks = RunLocks(path.with_name(path.name + ".lock"))
            with self.transaction():
                self._note_the_killed()
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                f"history_file = {str(path)!r} cannot be used: {error}", key="history_file"
            ) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of the block, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        with self.connection:
            yield self.connection

    def begin_run(self) -> int:
        """Note that a server has come, until its process ends."""
        with self.transaction() as connection:
            values = (os.getpid(), moment())
            made = connection.execute("INSERT INTO runs (process, started) VALUES (?, ?)", values)
            self.run = made.lastrowid or 0
            self._locks.hold(self.run)
        return self.run

    def _note_the_killed(self) -> None:
        found = self.connection.execute("SELECT id FROM runs WHERE ended IS NULL").fetchall()
        for (run,) in found:
            if not self._locks.is_held(run):
                self._end_run(run, KILLED)

    def _end_run(self, run: int, reason: str) -> None:
        """Nobody will ever tell more of this run."""
        self.connection.execute(
            "UPDATE commands SET state = 'lost', reason = ? WHERE state IN ('queued', 'running')"
            " AND session IN (SELECT id FROM sessions WHERE run = ?)",
            (reason, run),
        )
        self.connection.execute(
            "UPDATE sessions SET reason = ? WHERE run = ? AND ended IS NULL", (reason, run)
        )
        self.connection.execute("UPDATE runs SET ended = ? WHERE id = ?", (moment(), run))

    def prune_old(self, days: float) -> None:
        """Remove what is older than so many days; 0 is for ever."""
        if not days:
            return
        with self.transaction() as connection:
            connection.execute(
                "DELETE FROM commands WHERE submitted < ? AND state NOT IN ('queued', 'running')",
                (moment(datetime.now(UTC) - timedelta(days=days)),),
            )
            self._forget_empty()
        self._shrink()

    def prune_large(self, limit_bytes: int) -> None:
        """Remove the oldest commands until the rest takes no more than this."""
        pruned = 0
        while self.size() > limit_bytes:
            with self.transaction() as connection:
                gone = connection.execute(
                    "DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE state"
                    " NOT IN ('queued', 'running') ORDER BY id"
                    " LIMIT 1 + (SELECT count(*) FROM commands) / ?)",
                    (SHARE,),
                ).rowcount
                self._forget_empty()
            if not gone:
                break
            pruned += gone
        if pruned:
            self._shrink()

    def _forget_empty(self) -> None:
        self.connection.execute(
            "DELETE FROM sessions WHERE id NOT IN (SELECT session FROM commands)"
            " AND run IN (SELECT id FROM runs WHERE ended IS NOT NULL)"
        )
        self.connection.execute(
            "DELETE FROM runs WHERE ended IS NOT NULL AND id NOT IN (SELECT run FROM sessions)"
        )

    def _shrink(self) -> None:
        # A script, because a single call is stepped once, and each step frees one page.
        self.connection.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")

    def size(self) -> int:
        """Return how many bytes are in use."""
        pages, free, page_bytes = (
            int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * page_bytes

    def close(self) -> None:
        """End the run, and let go of the file."""
        if self.run is not None:
            with self.transaction():
                self._end_run(self.run, "the server ended")
        self.connection.close()
        self._locks.close()


def moment(at: datetime | None = None) -> str:
    """Return a time, or now, as the file spells it; spelt so, the later one is the larger."""
    return (at or datetime.now(UTC)).isoformat(timespec="milliseconds")


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    try:
        # sqlite gives the files beside it the same permissions.
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            found = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if found not in (0, VERSION):
                raise sqlite3.DatabaseError("it was made by another version of stata-sessions")
            if not found:
                for each in SCHEMA.split(";"):
                    connection.execute(each)
                connection.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
