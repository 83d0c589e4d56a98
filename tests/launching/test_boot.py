"""The script that finds a console on another machine, says hello and becomes it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stata_sessions.consoles.handshake import Boot, Handshake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("stata16", "stata18", "a b"):
        (tmp_path / name).mkdir()
        program = tmp_path / name / "stata-mp"
        program.write_text('#!/bin/sh\necho "$0 in $(pwd) with $*, $TERM"\n')
        program.chmod(0o755)
    return tmp_path


def boot(folder: Path, *programs: str, **changes: str) -> Boot:
    given = {"working_dir": str(folder), "looked_for": "stata"} | changes
    return Boot(folder, programs=programs, **given)  # type: ignore[arg-type]  # all are texts


def run(boot: Boot) -> tuple[str, int]:
    boot.write()
    # The terminal that it would tell to be silent is not here.
    argv = ["/bin/sh", str(boot.path), "-q", "more"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=20)
    return done.stdout, done.returncode


def test_the_script_says_hello_and_becomes_the_console(folder: Path) -> None:
    text, status = run(boot(folder, f"{folder}/stata18/stata-mp"))
    handshake = Handshake(folder)
    assert handshake.receive(text.encode()).decode() == (
        f"{folder}/stata18/stata-mp in {folder} with -q more, dumb\n"
    )
    assert handshake.greeting and handshake.is_seen and status == 0


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        (("stata-none", "{}/stata[0-9][0-9]/stata-mp"), "stata18/stata-mp"),
        (("{}/stata16/stata-mp", "{}/stata[0-9][0-9]/stata-mp"), "stata16/stata-mp"),
        (("{}/a b/stata-mp",), "a b/stata-mp"),
        (("{}/stata18", "{}/stata18/stata-mp"), "stata18/stata-mp"),
        (("{}/none*/stata-mp", "{}/stata1*/stata-mp"), "stata18/stata-mp"),
    ],
)
def test_the_best_program_that_is_there_is_taken(
    folder: Path, programs: tuple[str, ...], found: str
) -> None:
    text, _ = run(boot(folder, *(each.format(folder) for each in programs)))
    assert f"\n{folder}/{found} in {folder}" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"looked_for": "it's $HOME"}, "stata-sessions: console not found on {}: it's $HOME"),
        ({"working_dir": "/no/'where"}, "stata-sessions: no such folder on {}: /no/'where"),
    ],
)
def test_what_is_missing_is_told(folder: Path, changes: dict[str, str], words: str) -> None:
    node = subprocess.check_output(["uname", "-n"], text=True).strip()
    text, status = run(boot(folder, "/nowhere/stata-mp", **changes))
    assert (text.splitlines()[-1], status) == (words.format(node), 127)


def test_the_set_up_line_runs_first_and_may_say_where_stata_is(folder: Path) -> None:
    setup = f"echo loaded; PATH=$PATH:{folder}/stata16"
    text, status = run(boot(folder, "stata-mp", setup=setup))
    assert text.startswith("loaded\n\x1e") and f"{folder}/stata16/stata-mp in" in text
    assert status == 0


def test_what_was_seen_before_is_forgotten(folder: Path) -> None:
    run(boot(folder, f"{folder}/stata18/stata-mp"))
    boot(folder, "x").write()
    assert not Handshake(folder).is_seen
