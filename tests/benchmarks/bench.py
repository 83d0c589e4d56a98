"""What every measurement needs: turns, medians, a manager on the clock console, a row."""

from __future__ import annotations

import shlex
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from tests.benchmarks.raw import CONSOLE, pause
from tests.doors import ENVIRON

Action = Callable[[], object]
GIVEN: dict[str, Any] = {
    "console": "stata",
    "port": 0,
    "max_sessions": 200,
    "linesize": 0,
    "output_limit_bytes": 2**30,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the floor in the same run, and what to reach.

    ``spread`` is the middle half of what was measured, which tells how noisy the machine was.
    """

    what: str
    measured: str
    floor: str = ""
    reached: str = ""
    target: str = ""
    good: bool | None = None
    spread: str = ""

    @property
    def mark(self) -> str:
        """Say whether the target was reached."""
        return "" if self.good is None else "yes" if self.good else "no"


def times(what: str, ours: list[float], floor: list[float], target: float | None = None) -> Row:
    """Make a row of how many times the floor our time is."""
    ratio = statistics.median(ours) / statistics.median(floor)
    return Row(
        what,
        ms(statistics.median(ours)),
        ms(statistics.median(floor)),
        f"{ratio:.2f} times",
        f"{target:g} times" if target else "",
        ratio <= target if target else None,
        middle_half(ours),
    )


def beyond(what: str, ours: list[float], floor: list[float], target_ms: float) -> Row:
    """Make a row of how much longer than the floor our time is."""
    extra_s = statistics.median(ours) - statistics.median(floor)
    return Row(
        what,
        ms(statistics.median(ours)),
        ms(statistics.median(floor)),
        f"+ {ms(extra_s)}",
        f"+ {target_ms:g} ms",
        extra_s * 1000 <= target_ms,
        middle_half(ours),
    )


def within(what: str, value_s: float, target_ms: float, spread: str = "") -> Row:
    """Make a row of a time that has no floor but a limit."""
    return Row(
        what,
        ms(value_s),
        target=f"{target_ms:g} ms",
        good=value_s * 1000 <= target_ms,
        spread=spread,
    )


def at_most(what: str, value: float, unit: str, target: float) -> Row:
    """Make a row of an amount that has a limit."""
    return Row(what, f"{value:.2f} {unit}", target=f"{target:g} {unit}", good=bool(value <= target))


def seconds(action: Action) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turn(rounds: int, *actions: Callable[[], float], settle_s: float = 0) -> list[list[float]]:
    """Take the figure of each action in turn, A B A B, so that noise disturbs all alike."""
    found: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for figures, action in zip(found, actions, strict=True):
            pause(settle_s)
            figures.append(action())
    return found


def each_of(times: int, action: Action) -> Callable[[], float]:
    """Make one figure of several runs of a short action: their median."""
    return lambda: statistics.median(seconds(action) for _ in range(times))


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of all is not above."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def middle_half(values: list[float]) -> str:
    """Show between which times the middle half lies."""
    return f"{ms(percentile(values, 0.25))} to {ms(percentile(values, 0.75))}"


def ms(value_s: float) -> str:
    """Show seconds as milliseconds, and what is far below one as microseconds."""
    return f"{value_s * 1e6:.1f} us" if value_s < 1e-4 else f"{value_s * 1000:.2f} ms"


@contextmanager
def program(console: Path = CONSOLE, *options: str) -> Iterator[str]:
    """Write the program that starts a console; the floor and the sessions start the same.

    ``options`` are Python's, instead of those that keep its start short.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"stata-{console.stem}"
        start = shlex.join([sys.executable, *(options or ("-S", "-E")), str(console)])
        path.write_text(f'#!/bin/sh\nexec {start} "$@"\n')
        path.chmod(0o755)
        yield str(path)


@contextmanager
def manager(stata_path: str, **changes: Any) -> Iterator[Manager]:
    """Run sessions within this process, without anything around them."""
    given = GIVEN | {"stata_path": stata_path} | changes
    found = Manager(Settings(**given), ENVIRON)
    try:
        yield found
    finally:
        found.shutdown()
