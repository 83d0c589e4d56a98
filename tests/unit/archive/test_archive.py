"""The history on disk: what is in it, how large it gets, and what a failing disk does."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stata_sessions.archive import Archive, past_commands
from stata_sessions.errors import ConfigurationError, NoSuchFile
from stata_sessions.sessions import Command
from stata_sessions.sessions.transcript import Transcript
from stata_sessions.settings import Settings
from stata_sessions.states import CommandState, SessionState
from tests.doors import eventually
from tests.fakes import session_view

NOW = datetime.now(UTC)


Submit = Callable[..., Command]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite"


@pytest.fixture
def submit(tmp_path: Path) -> Iterator[Submit]:
    """Make commands of session "one", which tell an archive."""
    transcript = Transcript("one", tmp_path, memory_bytes=2**20, limit_bytes=2**20)

    def make(archive: Archive, number: int = 1, code: str = "display 1") -> Command:
        changed = threading.Condition()
        command = Command(
            "one", number, code, changed=changed, transcript=transcript, time_limit_s=None
        )
        command.on_change = archive.command_changed
        command.on_change(command)
        return command

    yield make
    transcript.close()


@contextmanager
def archive_at(file: Path, **changes: int) -> Iterator[Archive]:
    archive = Archive(file, Settings(**changes))  # type: ignore[arg-type]  # only numbers are given
    archive.session_changed(session_view())
    yield archive
    archive.close()


def finish(command: Command, output: str = "") -> None:
    command.begin(1)
    command.add_output(output)
    command.finish(CommandState.FINISHED)


def test_a_command_is_there_with_all_that_is_known(file: Path, submit: Submit) -> None:
    with archive_at(file) as archive:
        command = submit(archive, 7, "display 6*7")
        command.return_code = 0
        finish(command, "grüße\n")
        archive.session_changed(
            session_view(state=SessionState.LOST, reason="the console was killed", ended_at=NOW)
        )
    [past] = past_commands(file)
    assert (past.session_id, past.command, past.epoch) == ("one", 7, 1)
    assert (past.state, past.return_code, past.code) == ("finished", 0, "display 6*7")
    assert past.code_sha256 == hashlib.sha256(b"display 6*7").hexdigest()
    assert (past.output, past.output_end, past.output_bytes) == ("grüße\n", "", 8)
    assert past.session_reason == "the console was killed"
    view = command.view()
    times = (past.submitted_at, past.started_at, past.ended_at)
    for kept, known in zip(times, (view.submitted_at, view.started_at, view.ended_at), strict=True):
        assert kept and known and abs(kept - known) < timedelta(milliseconds=2)


def test_of_long_output_both_ends_are_kept(file: Path, submit: Submit) -> None:
    with archive_at(file, history_output_bytes=20) as archive:
        finish(submit(archive), "first row\n" + "x" * 10_000 + "\nlast row\n")
    [past] = past_commands(file)
    assert (past.output, past.output_end) == ("first row\n", "\nlast row\n")
    assert past.output_bytes == 10_020


def test_nobody_else_can_read_it(file: Path, submit: Submit) -> None:
    file.parent.mkdir()
    file.touch(0o644)
    with archive_at(file) as archive:
        finish(submit(archive))
        modes = {each.name: each.stat().st_mode & 0o777 for each in file.parent.iterdir()}
    assert {"history.sqlite", "history.sqlite.lock", "history.sqlite-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_what_is_older_than_its_days_goes(file: Path, submit: Submit) -> None:
    with archive_at(file) as archive:
        for number in (1, 2):
            finish(submit(archive, number))
    with closing(sqlite3.connect(file)) as other, other:
        old = (NOW - timedelta(days=100)).isoformat()
        other.execute("UPDATE commands SET submitted = ? WHERE number = 1", (old,))
    with archive_at(file, history_days=90):
        pass
    assert [past.command for past in past_commands(file)] == [2]


def test_the_oldest_go_when_it_is_too_large(file: Path, submit: Submit) -> None:
    code = "* " + "x" * 100_000
    with archive_at(file, history_limit_mb=1) as archive:
        for number in range(1, 31):
            finish(submit(archive, number, code))
    kept = [past.command for past in past_commands(file)]
    assert kept[-1] == 30 and 1 < len(kept) < 11 and kept == sorted(kept)
    assert file.stat().st_size < 1.2 * 2**20


KILLED = """
import os, sys
from stata_sessions.archive.file import HistoryFile
from pathlib import Path

file = HistoryFile(Path(sys.argv[1]))
run = file.begin_run()
with file.transaction() as connection:
    connection.execute("INSERT INTO sessions (run, name) VALUES (?, 'killed')", (run,))
    connection.execute(
        "INSERT INTO commands (session, number, state, submitted) VALUES (1, 1, 'running', ?)",
        (sys.argv[2],),
    )
print("written", flush=True)
sys.stdin.read()
"""


def test_what_ran_when_the_server_was_killed_is_lost(file: Path) -> None:
    given = [sys.executable, "-c", KILLED, str(file), NOW.isoformat()]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"written\n"
        [alive] = past_commands(file)
        os.kill(process.pid, signal.SIGKILL)
    [past] = past_commands(file)
    assert (alive.state, alive.session_reason) == ("running", "")
    assert (past.state, past.reason) == ("lost", "the server was killed")
    assert past.session_reason == "the server was killed"


def test_a_slow_disk_makes_nobody_wait(
    file: Path, submit: Submit, caplog: pytest.LogCaptureFixture
) -> None:
    with archive_at(file) as archive:
        finish(submit(archive))
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            # More than may wait; none of these returns late, or this would not return at all.
            for number in range(2, 2000):
                submit(archive, number, "secret")
            other.execute("ROLLBACK")
    assert "something is missing in the history" in caplog.text
    assert "secret" not in caplog.text
    assert len(past_commands(file, limit=5000)) < 1999


def test_a_failing_disk_is_told_once_and_without_code(
    file: Path, submit: Submit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with archive_at(file) as archive:
        with closing(sqlite3.connect(file)) as other:
            other.execute("DROP TABLE commands")
        for number in range(1, 4):
            finish(submit(archive, number, "secret"))
    assert caplog.text.count("the history is not being written") == 1
    assert "secret" not in caplog.text


def test_what_cannot_be_written_is_missing_and_all_the_rest_is_there(
    file: Path, submit: Submit, caplog: pytest.LogCaptureFixture
) -> None:
    with archive_at(file) as archive:
        odd = submit(archive, 1)
        odd.return_code = 2**70
        finish(odd)
        eventually(lambda: "something is missing" in caplog.text)
        finish(submit(archive, 2))
    assert past_commands(file)[-1].command == 2


def test_a_session_that_began_without_a_disk_is_written_down_later(
    file: Path, submit: Submit, caplog: pytest.LogCaptureFixture
) -> None:
    archive = Archive(file, Settings())
    with closing(sqlite3.connect(file)) as other:
        other.execute("ALTER TABLE sessions RENAME TO away")
        archive.session_changed(session_view())
        eventually(lambda: "not being written" in caplog.text)
        other.execute("ALTER TABLE away RENAME TO sessions")
    finish(submit(archive))
    archive.close()
    assert [(past.session_id, past.state) for past in past_commands(file)] == [("one", "finished")]


@pytest.mark.parametrize("content", ["no database at all\n" * 100, None])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "history.sqlite"
    if content is None:
        with closing(sqlite3.connect(file)) as other:
            other.execute("PRAGMA user_version = 99")
    else:
        file.write_text(content)
    with pytest.raises(ConfigurationError, match="history_file = .*history.sqlite"):
        Archive(file, Settings())


def test_looking_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile):
        past_commands(tmp_path / "history.sqlite")
    assert list(tmp_path.iterdir()) == []
