"""Growth: an old session beside a fresh one in the same process, in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psutil

from stata_sessions.sessions import Session
from tests.benchmarks.bench import Row, each_of, in_turn, manager, program, times
from tests.benchmarks.served import MIB

COMMANDS = 100_000
BYTES = 1_000_000_000
PAGE = 2**16
# The same thing measured twice differs by less.
SAME = 1.2

LOOKS: dict[str, Callable[[Session], object]] = {
    "a command": lambda session: session.submit("display 1").wait(),
    "a view of the session": lambda session: session.view(),
    "its newest 64 KiB": lambda session: session.read(session.transcript.end - PAGE, PAGE),
    "64 KiB of its middle": lambda session: session.read(session.transcript.end // 2, PAGE),
}


def growth() -> Iterator[Row]:
    """Measure what a session with 100,000 commands and 1 GB behind it still costs."""
    own = psutil.Process()
    with program() as console, manager(console, output_limit_bytes=2 * BYTES) as found:
        old, fresh = found.create(), found.create()
        # Both have more than memory keeps, so that what is compared is read from files alike.
        for session in (old, fresh):
            session.submit("flood 32000000").wait()
        before = own.memory_full_info().uss
        for _ in range(COMMANDS):
            old.submit("display 1").wait()
        old.submit(f"flood {BYTES}", time_limit_s=0).wait()
        grown = (own.memory_full_info().uss - before) / MIB
        for what, look in LOOKS.items():
            ours, floor = in_turn(30, *(_figure(look, each) for each in (old, fresh)))
            yield times(f"100,000 commands and 1 GB later: {what}", ours, floor, SAME)
    yield Row("memory that all this added", f"{grown:.0f} MB")


def _figure(look: Callable[[Session], object], session: Session) -> Callable[[], float]:
    return each_of(10, lambda: look(session))
