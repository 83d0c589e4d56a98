"""The one thread that looks after jobs: there when it is needed, and gone when it is not."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from stata_sessions.launchers.watch import Watch
from tests.doors import BOUND_S, eventually

LONG_S = 3600.0


class Looks:
    """Notes whom each look was for; all is in order unless told otherwise."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []
        self.in_order = threading.Event()
        self.in_order.set()
        self.fails = False

    def __call__(self, jobs: Mapping[str, str]) -> bool:
        self.seen.append(sorted(jobs))
        if self.fails:
            raise ValueError("squeue spoke in tongues")
        return self.in_order.is_set()


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "jobs"]


def is_over() -> bool:
    return threads() == []


def test_without_jobs_there_is_no_thread() -> None:
    looks = Looks()
    watch = Watch(looks, LONG_S, periodic=True)
    assert is_over()
    watch.add("a", "job a")
    assert len(threads()) == 1 and watch.jobs() == ["job a"]
    watch.add("b", "job b")
    watch.remove("a")
    watch.remove("a")
    assert looks.seen == []
    # What may be left of the last one is seen to at once.
    watch.remove("b")
    eventually(is_over)
    assert looks.seen == [[]]


def test_it_looks_every_now_and_then_and_sooner_when_told() -> None:
    looks = Looks()
    watch = Watch(looks, 0.02, periodic=True)
    watch.add("a", "job a")
    eventually(lambda: len(looks.seen) > 3)
    watch.remove("a")
    eventually(is_over)
    slow = Watch(looks, LONG_S, periodic=True)
    looks.seen.clear()
    slow.add("b", "job b")
    slow.hurry(0.01)
    eventually(lambda: looks.seen == [["b"]])
    slow.hurry()
    eventually(lambda: looks.seen == [["b"], ["b"]])
    slow.close()
    eventually(is_over)


def test_what_is_not_in_order_is_looked_at_again_without_any_job() -> None:
    looks = Looks()
    looks.in_order.clear()
    watch = Watch(looks, 0.01, periodic=False)
    watch.hurry()
    eventually(lambda: len(looks.seen) > 2)
    looks.in_order.set()
    eventually(is_over)


def test_a_look_that_fails_is_no_end() -> None:
    looks = Looks()
    looks.fails = True
    watch = Watch(looks, 0.01, periodic=True)
    watch.add("a", "job a")
    eventually(lambda: len(looks.seen) > 2)
    looks.fails = False
    watch.remove("a")
    eventually(is_over, BOUND_S)


def test_jobs_that_need_no_looking_after_start_no_thread() -> None:
    watch = Watch(Looks(), 0.01, periodic=False)
    watch.add("a", "job a")
    assert is_over() and watch.jobs() == ["job a"]
    watch.remove("a")
    assert is_over()


def test_who_asks_during_a_look_gets_one_of_his_own() -> None:
    seen: list[int] = []
    inside, go_on = threading.Event(), threading.Event()

    def look(jobs: Mapping[str, str]) -> bool:
        seen.append(len(jobs))
        inside.set()
        return go_on.wait(BOUND_S)

    watch = Watch(look, LONG_S, periodic=False)
    watch.hurry()
    assert inside.wait(BOUND_S)
    # It has begun without this one.
    watch.add("a", "job a")
    watch.hurry()
    go_on.set()
    eventually(is_over)
    assert seen == [0, 1]
