"""What consoles use is measured in bounded time, and processor time never shrinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from stata_sessions.sessions import Session, SessionView
from stata_sessions.web.usage import LOOK_S, ConsoleUsage
from tests.fakes import FakeClock


@dataclass
class Measured:
    """What the view of a session holds."""

    memory_bytes: int | None
    cpu_s: float | None


@dataclass
class Process:
    """A session whose processes use so much, and take so long to be measured."""

    mark: str
    clock: FakeClock
    memory_bytes: int | None = 10
    cpu_s: float | None = 1.0
    takes_s: float = 0.0
    epoch: int = 1
    looks: int = 0

    def view(self, *, usage: bool) -> SessionView:
        assert usage
        self.looks += 1
        self.clock.advance(self.takes_s)
        return cast(SessionView, Measured(self.memory_bytes, self.cpu_s))


def sessions(*processes: Process) -> list[Session]:
    return [cast(Session, each) for each in processes]


def test_sums_and_the_largest() -> None:
    clock = FakeClock()
    pair = sessions(Process("a", clock, 10, 1.0), Process("b", clock, 30, 2.0))
    used = ConsoleUsage(clock).measured(pair)
    assert (used.memory_bytes, used.largest_bytes, used.cpu_s) == (40, 30, 3.0)
    assert ConsoleUsage(clock).measured([]).largest_bytes == 0


def test_processor_time_of_those_who_have_ended_stays() -> None:
    clock = FakeClock()
    usage, a, b = ConsoleUsage(clock), Process("a", clock), Process("b", clock)
    assert usage.measured(sessions(a, b)).cpu_s == 2.0
    a.cpu_s = 1.5
    assert usage.measured(sessions(a)).cpu_s == 2.5
    a.epoch, a.cpu_s = 2, 0.25
    used = usage.measured(sessions(a))
    assert (used.cpu_s, used.memory_bytes) == (2.75, 10)
    a.cpu_s = 0.1  # a child has ended
    assert usage.measured(sessions(a)).cpu_s == 2.75
    a.cpu_s = a.memory_bytes = None  # so has the console
    used = usage.measured(sessions(a))
    assert (used.cpu_s, used.memory_bytes) == (2.75, 0)


def test_slow_ones_take_turns() -> None:
    clock = FakeClock()
    slow = [Process(name, clock, takes_s=LOOK_S) for name in "abc"]
    usage = ConsoleUsage(clock)
    assert [usage.measured(sessions(*slow)).memory_bytes for _ in slow] == [10, 20, 30]
    assert [each.looks for each in slow] == [1, 1, 1]
    usage.measured(sessions(*slow))
    assert [each.looks for each in slow] == [2, 1, 1]
