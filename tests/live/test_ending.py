"""What a server that ends waits for: how long, and what its log says of it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from tests.cli.running import by_path, server_process
from tests.doors import BOUND_S, eventually, light_console


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_cuts_off_what_nobody_reads(tmp_path: Path, number: signal.Signals) -> None:
    # Longer than the test may take.
    given = [*by_path(tmp_path), "--drain-timeout", "600"]
    log = tmp_path / "log"
    with server_process(*given, log=log) as live, socket.socket() as deaf:
        commands = f"{live.url}/sessions/default/commands"
        # More than the buffers between a server and its client hold.
        flood = {"code": "flood 20000000", "wait_s": 60}
        requests.post(commands, json=flood, timeout=60).raise_for_status()
        host, _, port = live.url.removeprefix("http://").partition(":")
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.settimeout(BOUND_S)
        deaf.connect((host, int(port)))
        deaf.sendall(b"GET /sessions/default/commands/1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert deaf.recv(10)
        with requests.Session() as asking:
            asked = asking.get(f"{live.url}/health", timeout=BOUND_S)
            assert "Connection" not in asked.headers
            live.process.send_signal(number)
            eventually(lambda: "the end waits for answers under way (1, with " in log.read_text())
            # So that nobody who asks on and on can keep it.
            asked = asking.get(f"{live.url}/health", timeout=BOUND_S)
            assert asked.headers["Connection"] == "close"
        live.process.send_signal(number)
        assert live.process.wait(BOUND_S) == 0
    assert "the end goes on after " in log.read_text()


def test_the_log_names_the_session_whose_console_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    console = light_console(tmp_path, "deaf-term,deaf-hup")
    given = ["--stata-path", str(console), "--working-dir", str(tmp_path), "--kill-grace", "2"]
    with server_process(*given, log=log) as live:
        address = f"{live.url}/sessions/default/commands"
        requests.post(address, json={"code": "sleep 60000"}, timeout=BOUND_S).raise_for_status()
        status = f"{live.url}/execution_status"
        eventually(lambda: requests.get(status, timeout=BOUND_S).json()["executing"])
        live.process.terminate()
        assert live.process.wait(BOUND_S) == 0
    assert "the end waits for the consoles of default\n" in log.read_text()


@contextmanager
def unanswered(program: Path) -> Iterator[None]:
    """Have whoever starts a program wait, as for a disk that does not answer.

    A file on lease is opened by nobody else before it is given back.
    """
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    with program.open("r+b") as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        yield
    signal.signal(signal.SIGIO, before)


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_a_console_that_cannot_end_is_given_up(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        # Short enough to be typed.
        tempfile.TemporaryDirectory(prefix="e-", dir="/tmp") as private,
        server_process(
            *by_path(tmp_path), "--work-dir", private, "--end-timeout", "1", log=log
        ) as live,
        unanswered(tmp_path / "stata-light"),
    ):
        answer = requests.post(f"{live.url}/sessions", json={"wait": False}, timeout=BOUND_S)
        name = answer.json()["session_id"]
        children = psutil.Process(live.process.pid).children
        eventually(lambda: len(children()) == 2)
        left = children()
        live.process.terminate()
        assert live.process.wait(BOUND_S) == 0
        assert psutil.wait_procs(left, BOUND_S)[1] == []
        assert os.listdir(private) == []
    assert f"the consoles of {name} did not end in time (end_timeout)" in log.read_text()
