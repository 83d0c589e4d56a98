"""Starts: of a session, cold and from a warm spare; of the server; of the command line."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from stata_sessions.sessions import Manager
from tests.benchmarks.bench import Row, beyond, in_turn, manager, middle_half, program, within
from tests.benchmarks.raw import start_s

STARTS = 15
COMMAND = [sys.executable, "-m", "stata_sessions"]
SERVE = ["serve", "--console", "standin", "--port", "0", "--history-file", "off"]


def sessions() -> Iterator[Row]:
    """Measure the creation of a session, cold and from a warm spare."""
    with (
        program() as console,
        manager(console) as cold,
        manager(console, warm_spares=1) as warm,
    ):
        warm.keep_spares()
        raw, created, taken = in_turn(
            STARTS,
            lambda: start_s(console),
            lambda: _created_s(cold),
            lambda: _created_s(warm),
            settle_s=0.15,
        )
    yield beyond("create a session", created, raw, 20)
    yield within("the same with a warm spare", statistics.median(taken), 20, middle_half(taken))


def _created_s(found: Manager) -> float:
    started = time.perf_counter()
    session = found.create()
    took_s = time.perf_counter() - started
    found.destroy(session.name)
    return took_s


def programs() -> Iterator[Row]:
    """Measure the start of the server and of the command line."""
    ready, helped = in_turn(7, _ready_s, _helped_s)
    yield within("server start to ready", statistics.median(ready), 600, middle_half(ready))
    yield within("stata-sessions --help", statistics.median(helped), 150, middle_half(helped))


def _ready_s() -> float:
    started = time.perf_counter()
    with subprocess.Popen([*COMMAND, *SERVE], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        took_s = time.perf_counter() - started
        process.terminate()
    return took_s


def _helped_s() -> float:
    started = time.perf_counter()
    subprocess.run([*COMMAND, "--help"], check=True, capture_output=True)
    return time.perf_counter() - started
