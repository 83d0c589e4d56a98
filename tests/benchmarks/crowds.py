"""Many sessions: what idle ones cost, whether busy ones run side by side, what a listing takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

from tests.benchmarks.bench import (
    Row,
    at_most,
    in_turn,
    manager,
    percentile,
    program,
    seconds,
    within,
)
from tests.benchmarks.raw import RawTerminal, pause
from tests.benchmarks.served import Caller, Served, server

IDLE = 100
WINDOW_S = 10
WORK_MS = 1500
ROUNDS = 3
LISTINGS = 300

T = TypeVar("T")


def _crowd(caller: Served, count: int) -> list[str]:
    """Create many sessions, some at a time."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: Caller(caller.host).session(), range(count)))


def idle() -> Iterator[Row]:
    """Measure what 100 idle sessions cost the server."""
    with program() as console, server(console) as caller:
        caller.session()
        pause(1)
        before = caller.memory_mib()
        _crowd(caller, IDLE)
        pause(2)
        each = (caller.memory_mib() - before) / IDLE
        started, used, woken = time.perf_counter(), caller.cpu_s(), caller.wake_ups()
        pause(WINDOW_S)
        used, woken = caller.cpu_s() - used, caller.wake_ups() - woken
        share = 100 * used / (time.perf_counter() - started)
    yield at_most(f"{IDLE} idle sessions, processor", share, "% of a core", 0.5)
    yield at_most("the same, memory of each", each, "MB", 1)
    yield Row(f"the same, wake-ups in {WINDOW_S} s", str(woken))


def side_by_side() -> Iterator[Row]:
    """Measure how much faster several sessions are than one, and several bare consoles."""
    yield _side_by_side(8, "sleep", 7.8)
    yield _side_by_side(2, "work", 1.9)


def _side_by_side(count: int, word: str, target: float) -> Row:
    code = f"{word} {WORK_MS}"
    with program() as console, manager(console) as found, ExitStack() as stack:
        bare = [stack.enter_context(RawTerminal(console)) for _ in range(count)]
        ours = [found.create() for _ in range(count)]
        floor, gains = in_turn(
            ROUNDS,
            lambda: _gain(bare, lambda terminal: terminal.ask(code)),
            lambda: _gain(ours, lambda session: session.submit(code).wait()),
        )
    gain = statistics.median(gains)
    return Row(
        f"{count} sessions of {word}, over one",
        f"{gain:.2f} times",
        f"{statistics.median(floor):.2f} times",
        target=f"{target} times",
        good=gain >= target,
        spread=f"{min(gains):.2f} to {max(gains):.2f}",
    )


def _gain(consoles: Sequence[T], run: Callable[[T], object]) -> float:
    """Return how much longer the same takes one after the other than all at once."""
    one_s = seconds(lambda: run(consoles[0]))
    with ThreadPoolExecutor(len(consoles)) as pool:
        together_s = seconds(lambda: list(pool.map(run, consoles)))
    return len(consoles) * one_s / together_s


def listing() -> Iterator[Row]:
    """Measure GET /sessions while 100 sessions are busy."""
    with program() as console, server(console) as caller:
        for name in _crowd(caller, IDLE):
            caller.submit(name, "stamp 2000 100")
        pause(1)
        times = [seconds(lambda: caller.call("GET", "/sessions")) for _ in range(LISTINGS)]
    spread = f"median {percentile(times, 0.5) * 1000:.2f} ms"
    yield within(
        f"GET /sessions, {IDLE} busy, 99th percentile", percentile(times, 0.99), 20, spread
    )
