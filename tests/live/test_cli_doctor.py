"""``stata-sessions doctor`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import by_path, run_cli
from tests.doors import light_console


def test_a_console_by_path(tmp_path: Path) -> None:
    path = by_path(tmp_path)[1]
    done = run_cli("doctor", "--quick", "--json", "--stata-path", path)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert answers["programs found"] == path
    assert answers["code that succeeds"] == "finished, return code 0, its last row is <42>"
    assert answers["code that fails"].startswith("finished, return code 198")
    assert answers["code that is stopped"].startswith("stopped by break")
    assert answers["code that is stopped"].endswith("data kept")
    assert answers["the command after it"].endswith("<8>")
    assert answers["warnings of the session"] == "none"
    assert answers["a second session beside it"].startswith("starts in ")


def test_a_licence_for_one_stata_at_a_time(tmp_path: Path) -> None:
    path = light_console(tmp_path, f"licence-seats=1,licence-folder={tmp_path},processors=0")
    done = run_cli("doctor", "--quick", "--json", "--stata-path", str(path), "--processors", "2")
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    beside = answers["a second session beside it"]
    assert beside.startswith("no-licence-seat: ") and "Too many users" in beside
    assert "'set processors 2' was refused" in answers["warnings of the session"]


def test_the_stand_in_is_called_what_it_is() -> None:
    done = run_cli("doctor", "--quick", "--console", "standin")
    assert done.returncode == 0, done.stderr
    assert "console: the stand-in console (not Stata" in done.stdout


def test_no_stata(tmp_path: Path) -> None:
    done = run_cli("doctor", "--stata-path", str(tmp_path))
    assert done.returncode == 4
    assert f"looked at: {tmp_path}\nprograms found: none\n" in done.stdout
    assert "--console standin" in done.stderr


def test_a_stata_that_does_not_start(tmp_path: Path) -> None:
    path = light_console(tmp_path, "start-fails=library")
    done = run_cli("doctor", "--quick", "--stata-path", str(path))
    assert done.returncode == 4
    assert "libtinfo.so.5" in done.stderr and "system library" in done.stderr
