"""Folders that vanish under a session: its private one, and the one it works in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stata_sessions.sessions import Session
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually

pytestmark = pytest.mark.timeout(90)


def _works(running: Engine, session: Session) -> bool:
    return running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_a_private_folder_that_vanishes_is_made_anew() -> None:
    with engine(output_memory_bytes=4096) as running:
        session = running.manager.create()
        for folder in running.private_folders():
            shutil.rmtree(folder)
        assert _works(running, session)
        running.run(session, "flood 100000")
        assert _works(running, session)


def test_a_private_folder_that_vanishes_under_a_command_takes_nothing_with_it() -> None:
    with engine(output_memory_bytes=4096) as running:
        session, other = running.manager.create(), running.manager.create()
        rows = "forvalues i = 1/500 {\ndisplay `i'\n}\n"
        command = session.submit(rows + "sleep 1000\n" + rows)
        assert eventually(lambda: "500\n" in command.output())
        # What Stata has printed and the server has put there is read through what is still open.
        shutil.rmtree(_folder_of(running, session))
        assert command.wait(PATIENCE_S)
        assert command.view().return_code == 0
        numbers = [row for row in command.output().splitlines() if row.isdigit()]
        assert numbers == 2 * [str(number) for number in range(1, 501)]
        assert _works(running, session) and _works(running, other)


def _folder_of(running: Engine, session: Session) -> Path:
    return next(each for each in running.private_folders() if session.mark.startswith(each.name))


def test_a_working_folder_that_vanishes_is_stata_s_affair() -> None:
    with engine() as running:
        (running.folder / "work").mkdir()
        session = running.manager.create(working_dir=str(running.folder / "work"))
        output, return_code = running.answer(session, "pwd")
        assert (output, return_code) == (f". pwd\n{running.folder}/work\n", 0)
        (running.folder / "work").rmdir()
        assert _works(running, session)
