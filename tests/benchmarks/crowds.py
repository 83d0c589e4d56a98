"""Many sessions: what idle ones cost, whether busy ones run side by side, what a listing takes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil

from stata_sessions.sessions import Manager
from tests.benchmarks.bench import Row, manager, ms, percentile, seconds, server
from tests.benchmarks.raw import pause

IDLE = 100


def crowd(found: Manager, count: int) -> None:
    """Create many sessions, some at a time."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: found.create(), range(count)))


def idle() -> Iterator[Row]:
    """Measure what 100 idle sessions cost the server."""
    own = psutil.Process(os.getpid())
    with manager() as found:
        found.create()
        before = own.memory_info().rss
        crowd(found, IDLE)
        grown = (own.memory_info().rss - before) / IDLE / 2**20
        pause(1)
        started, used = time.perf_counter(), sum(own.cpu_times()[:2])
        pause(5)
        share = (sum(own.cpu_times()[:2]) - used) / (time.perf_counter() - started)
    yield Row(
        f"{IDLE} idle sessions: processor", f"{share:.2%}", "", "", "0.5 % of a core", share < 0.005
    )
    yield Row("the same: memory of each", f"{grown:.2f} MB", "", "", "1 MB", grown < 1)


def side_by_side() -> Iterator[Row]:
    """Measure how much faster several sessions are than one."""
    for word, count, target in (("sleep", 8, 7.8), ("work", 2, 1.9)):
        with manager() as found:
            sessions = [found.create() for _ in range(count)]
            code = f"{word} 1500"
            one = seconds(lambda: sessions[0].submit(code).wait())  # noqa: B023  # run at once
            started = time.perf_counter()
            commands = [session.submit(code) for session in sessions]
            for command in commands:
                command.wait()
            gain = count * one / (time.perf_counter() - started)
        yield Row(
            f"{count} sessions of {word}",
            f"{gain:.2f} x",
            "one session",
            "",
            f"{target} x",
            gain >= target,
        )


def listing() -> Iterator[Row]:
    """Measure GET /sessions while 100 sessions are busy."""
    with server(max_sessions=120) as (found, caller):
        crowd(found, IDLE)
        for session in found.sessions():
            if not session.is_default:
                session.submit("stamp 200 100")
        times = [seconds(lambda: caller.get("/sessions")) for _ in range(100)]
        late = percentile(times, 0.99)
    yield Row("GET /sessions, 100 busy (p99)", ms(late), "", "", "20 ms", late < 0.02)


def growth() -> Iterator[Row]:
    """Measure a command behind many others and much output."""
    with manager() as found:
        session = found.create()
        first = [seconds(lambda: session.submit("display 1").wait()) for _ in range(200)]
        for _ in range(20_000):
            session.submit("display 1").wait()
        session.submit("flood 1000000000", time_limit_s=0).wait()
        last = [seconds(lambda: session.submit("display 1").wait()) for _ in range(200)]
        early, late = percentile(first, 0.5), percentile(last, 0.5)
    yield Row(
        "a command behind 20,000 and 1 GB",
        ms(late),
        ms(early),
        f"{late / early:.2f} x",
        "1.0 x",
        late <= 1.2 * early,
    )


def commands_start() -> Iterator[Row]:
    """Measure the start of the server and of the command line."""
    command = [sys.executable, "-m", "stata_sessions"]
    helps = min(
        seconds(lambda: subprocess.run([*command, "--help"], check=True, capture_output=True))
        for _ in range(5)
    )
    times = []
    for _ in range(3):
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command, "serve", "--console", "standin", "--port", "0", "--history-file", "off"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout
        process.stdout.readline()
        times.append(time.perf_counter() - started)
        process.terminate()
        process.wait()
    ready = min(times)
    yield Row("server start to ready", ms(ready), "", "", "600 ms", ready < 0.6)
    yield Row("stata-sessions --help", ms(helps), "", "", "150 ms", helps < 0.15)
