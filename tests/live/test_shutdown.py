"""A server in a process of its own goes down in order."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
import requests

from tests.doors import BOUND_S, ENVIRON, eventually, light_settings

PROGRAM = """
import json, sys
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.server import run_server
from stata_sessions.web.signals import Signals

given = json.loads(sys.argv[1])
settings = Settings(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
manager = Manager(settings, json.loads(sys.argv[2]))
with Signals() as signals:
    run_server(settings, manager, signals, ready=lambda address: print(address, flush=True))
print("ended", flush=True)
"""


@contextmanager
def server_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    given = json.dumps(asdict(light_settings(folder)))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, given, json.dumps(ENVIRON)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_every_console(tmp_path: Path, number: signal.Signals) -> None:
    with server_process(tmp_path) as (process, url), ThreadPoolExecutor() as pool:
        address = f"{url}/sessions/default/commands"
        given = {"code": "sleep 60000", "wait_s": 60}
        waiting = pool.submit(requests.post, address, json=given, timeout=BOUND_S)
        eventually(lambda: requests.get(f"{url}/execution_status", timeout=5).json()["executing"])
        consoles = psutil.Process(process.pid).children(recursive=True)
        assert consoles
        process.send_signal(number)
        assert waiting.result(BOUND_S).json()["state"] == "lost"
        assert process.stdout is not None
        assert process.stdout.read() == "ended\n"
        assert process.wait(BOUND_S) == 0
        assert psutil.wait_procs(consoles, timeout=BOUND_S)[1] == []
