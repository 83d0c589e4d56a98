"""The thread that writes the history down, so that no session ever waits for a disk."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import Empty, Full, Queue

from stata_sessions.archive.entries import Entry, entry_of
from stata_sessions.archive.file import HistoryFile, moment
from stata_sessions.ending import finish
from stata_sessions.sessions import Command, Listener, SessionView
from stata_sessions.settings import Settings
from stata_sessions.states import ENDED_SESSIONS

log = logging.getLogger(__name__)

# What waits for a slow disk; what comes when so much waits is not written down.
QUEUE_LIMIT = 1000
BATCH = 200
PRUNE_EVERY_S = 3600.0
# For the last of it when the server ends.
CLOSE_S = 10.0

Item = SessionView | Entry


class Archive(Listener):
    """Writes down what a manager tells. A disk that fails is logged, and stops nobody."""

    def __init__(
        self, path: Path, settings: Settings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open the file and start the thread; raises ConfigurationError."""
        self._settings, self._clock = settings, clock
        self._file = HistoryFile(path)
        self._run = self._file.begin_run()
        # The row of each open session, by its name.
        self._rows: dict[str, int] = {}
        self._queue: Queue[Item | None] = Queue(QUEUE_LIMIT)
        self._has_gaps = self._fails = False
        self._pruned: float | None = None
        self._thread = threading.Thread(target=self._work, name="history", daemon=True)
        self._thread.start()

    def session_changed(self, session: SessionView) -> None:
        """Have it written down; a spare is nobody's session yet."""
        if session.name:
            self._put(session)

    def command_changed(self, command: Command) -> None:
        """Have it written down, with its output once it has ended."""
        self._put(entry_of(command, self._settings.history_output_bytes))

    def close(self) -> None:
        """Write down what has been told so far, and let go of the file."""
        if not finish(self._thread, self._queue, CLOSE_S):
            log.warning("the disk is too slow: the end is missing in the history")

    def _put(self, item: Item) -> None:
        try:
            self._queue.put_nowait(item)
        except Full:
            self._has_gaps = True

    def _work(self) -> None:
        goes_on = True
        while goes_on:
            batch = self._next_batch()
            goes_on = None not in batch
            self._guarded(partial(self._write, [each for each in batch if each]))
            self._guarded(self._prune)
        self._guarded(self._file.close)

    def _next_batch(self) -> list[Item | None]:
        batch = [self._queue.get()]
        with contextlib.suppress(Empty):
            while batch[-1] is not None and len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        return batch

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except sqlite3.Error as error:
            # Once, not for every command while the disk is full. The error names no values.
            if not self._fails:
                log.warning("the history is not being written: %s", error)
            self._fails = True
        except Exception:
            # What cannot be written must not end the thread that writes all the rest.
            log.exception("something is missing in the history")

    def _write(self, items: list[Item]) -> None:
        before = dict(self._rows)
        try:
            with self._file.transaction() as connection:
                for item in items:
                    if isinstance(item, Entry):
                        self._write_command(connection, item)
                    else:
                        self._write_session(connection, item)
        except BaseException:
            self._rows = before
            raise
        self._fails = False
        if self._has_gaps:
            self._has_gaps = False
            log.warning("the disk is too slow: something is missing in the history")

    def _write_session(self, connection: sqlite3.Connection, view: SessionView) -> None:
        if view.state in ENDED_SESSIONS:
            ended = (moment(view.ended_at), view.reason, self._rows.pop(view.name, None))
            connection.execute("UPDATE sessions SET ended = ?, reason = ? WHERE id = ?", ended)
            return
        values = (self._run, view.name, view.epoch, view.console, view.working_dir, moment())
        self._rows[view.name] = connection.execute(INSERT, values).lastrowid or 0

    def _write_command(self, connection: sqlite3.Connection, entry: Entry) -> None:
        view = entry.view
        if view.session not in self._rows:
            # Its session began while the disk was full.
            values = (self._run, view.session, view.epoch, None, None, moment(view.submitted_at))
            self._rows[view.session] = connection.execute(INSERT, values).lastrowid or 0
        connection.execute(UPSERT, _values(self._rows[view.session], entry))

    def _prune(self) -> None:
        self._file.prune_large(self._settings.history_limit_mb * 2**20)
        if self._pruned is None or self._clock() - self._pruned > PRUNE_EVERY_S:
            self._file.prune_old(self._settings.history_days)
            self._pruned = self._clock()


INSERT = """
INSERT INTO sessions (run, name, epoch, console, working_dir, started) VALUES (?, ?, ?, ?, ?, ?)
"""
UPSERT = """
INSERT INTO commands VALUES (
    NULL, :session, :number, :epoch, :code_hash, :code, :file_path, :state, :return_code, :reason,
    :note, :submitted, :started, :ended, :elapsed_s, :output_bytes, :head, :tail
) ON CONFLICT (session, number) DO UPDATE SET
    epoch = :epoch, state = :state, return_code = :return_code, reason = :reason, note = :note,
    started = :started, ended = :ended, elapsed_s = :elapsed_s, output_bytes = :output_bytes,
    head = :head, tail = :tail
"""


def _values(row: int, entry: Entry) -> dict[str, object]:
    view = entry.view
    return {
        "session": row,
        "number": view.number,
        "epoch": view.epoch,
        "code_hash": hashlib.sha256(view.code.encode()).hexdigest(),
        "code": view.code,
        "file_path": view.file_path,
        "state": view.state.value,
        "return_code": view.return_code,
        "reason": view.reason,
        "note": view.note,
        "submitted": moment(view.submitted_at),
        "started": moment(view.started_at) if view.started_at else None,
        "ended": moment(view.ended_at) if view.ended_at else None,
        "elapsed_s": view.elapsed_s if view.ended_at else None,
        "output_bytes": entry.output_bytes,
        "head": entry.head,
        "tail": entry.tail,
    }
