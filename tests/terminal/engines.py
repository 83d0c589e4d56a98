"""Real managers over ill-behaved consoles, as the tests of the engine hold them."""

from __future__ import annotations

import contextlib
import os
import shlex
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from stata_sessions.consoles.processes import MARK_VARIABLE
from stata_sessions.sessions import Command, Manager, Session
from stata_sessions.settings import Settings
from tests.consoles.families import command_line

Member = TypeVar("Member")
Played = TypeVar("Played")

# Consoles that are played at the same time; most of them spend their time waiting.
TOGETHER = 8
# A command that should be quick may take this long on a loaded machine.
PATIENCE_S = 30.0


def eventually(holds: Callable[[], object], wait_s: float = PATIENCE_S) -> bool:
    """Look until something holds, at most for ``wait_s`` seconds; say whether it came to hold."""
    until = time.monotonic() + wait_s
    rest = threading.Event()
    while not holds():
        if time.monotonic() > until:
            return False
        rest.wait(0.01)
    return True


def program(folder: Path, vices: str = "", name: str = "stata-mp") -> str:
    """Write an executable that starts the console for tests with these vices."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command_line(vices))} "$@"\n')
    path.chmod(0o755)
    return str(path)


@dataclass(frozen=True, slots=True)
class Engine:
    """A manager, and the folder its sessions start in."""

    manager: Manager
    folder: Path

    def private_folders(self) -> list[Path]:
        """Return the private folders that sessions have at this moment."""
        return list((self.folder / "private").iterdir())

    def run(self, session: Session, code: str, **options: Any) -> Command:
        """Submit code and wait for its end."""
        command = session.submit(code, **options)
        assert command.wait(PATIENCE_S), (code, command.view(), session.raw()[-2000:])
        return command

    def answer(self, session: Session, code: str) -> tuple[str, int | None]:
        """Run code; return its output and return code."""
        command = self.run(session, code)
        return command.output(), command.view().return_code


@contextlib.contextmanager
def engine(vices: str = "", **settings: Any) -> Iterator[Engine]:
    """Bring up a manager over a console with these vices, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="e-", dir="/tmp") as name:
        folder = Path(name)
        (folder / "private").mkdir()
        own = {"stata_path": program(folder, vices), "working_dir": name}
        chosen = {**own, "work_dir": str(folder / "private"), **settings}
        environ = {"PATH": os.defpath, "HOME": name}
        manager = Manager(Settings(**chosen), environ)
        try:
            yield Engine(manager, folder)
        finally:
            manager.shutdown()


@contextlib.contextmanager
def play_selected(
    request: pytest.FixtureRequest, family: Sequence[Member], play: Callable[[Member], Played]
) -> Iterator[dict[Member, Future[Played]]]:
    """Play those consoles of a family that the selected tests ask for, several at a time."""
    items = [each for each in request.session.items if each.path == request.path]
    specs = [getattr(item, "callspec", None) for item in items]
    chosen = [spec.params.get("console") for spec in specs if spec]
    with ThreadPoolExecutor(TOGETHER) as pool:
        yield {member: pool.submit(play, member) for member in family if member in chosen}


def marked(mark: str) -> list[psutil.Process]:
    """Return the live processes that descend from the console with this mark."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and process.environ().get(MARK_VARIABLE) == mark:
                found.append(process)
    return found
