"""A server that is killed outright leaves nothing behind: no console, no helper, no folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.terminal.engines import PATIENCE_S, eventually, marked, program

pytestmark = pytest.mark.timeout(60)

GONE_WITHIN_S = 2.0
# For the machine, not for the promise: tests share it with others.
MARGIN_S = 3.0

SERVER = """
import sys
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
stata, folder = sys.argv[1:]
settings = Settings(stata_path=stata, working_dir=folder, work_dir=folder, kill_grace=0.3)
manager = Manager(settings, {"PATH": "/usr/bin:/bin"})
sessions = [manager.create(), manager.create()]
sessions[0].submit("display 1").wait()
sessions[1].submit("sleep 60000")
for session in sessions:
    print(session.mark, flush=True)
sys.stdin.read()
"""

VICES = (
    "",
    "deaf-term,deaf-hup",
    "helper=group+terminal",
    "helper=session+terminal",
    "helper=daemon",
    "helper=daemon+terminal,deaf-term,deaf-hup",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A process that holds a manager with two sessions, one idle and one busy."""

    process: subprocess.Popen[str]
    marks: list[str]
    folder: Path
    warden: psutil.Process


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="o-", dir="/tmp") as name:
        yield Path(name)


def _serve(folder: Path, vices: str) -> Server:
    # People start servers where they have programs of their own, of any name.
    for name in ("shutil", "signal"):
        (folder / f"{name}.py").write_text("raise SystemExit('not the one that was meant')\n")
    command = [sys.executable, "-P", "-c", SERVER, program(folder, vices), str(folder)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    marks = [process.stdout.readline().strip() for _ in range(2)]
    assert all(marks)
    children = psutil.Process(process.pid).children()
    (warden,) = [child for child in children if "warden" in " ".join(child.cmdline())]
    return Server(process, marks, folder, warden)


def _left(server: Server) -> list[object]:
    private = [path for path in server.folder.iterdir() if path.is_dir()]
    alive = [server.warden] if server.warden.is_running() else []
    processes = [process for mark in server.marks for process in marked(mark)]
    return [*processes, *alive, *private]


@pytest.mark.parametrize("vices", VICES)
def test_nothing_outlives_a_killed_server(folder: Path, vices: str) -> None:
    server = _serve(folder, vices)
    try:
        assert all(marked(mark) for mark in server.marks)
        os.kill(server.process.pid, signal.SIGKILL)
        killed = time.monotonic()
        server.process.wait(PATIENCE_S)
        assert eventually(lambda: not _left(server)), _left(server)
        assert time.monotonic() - killed < GONE_WITHIN_S + MARGIN_S
    finally:
        server.process.kill()
        server.process.communicate()


def test_the_consoles_alone_end_with_a_server_whose_warden_is_gone(folder: Path) -> None:
    server = _serve(folder, "deaf-term,deaf-hup")
    try:
        server.warden.kill()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(PATIENCE_S)
        assert eventually(lambda: not any(marked(mark) for mark in server.marks))
    finally:
        server.process.kill()
        server.process.communicate()
