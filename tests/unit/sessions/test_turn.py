"""A console is used by one thread at a time, and a caller may go first while that one sleeps."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest

from stata_sessions.sessions.turn import Turn

WAIT_S = 10.0


def test_a_caller_does_the_work_only_while_the_thread_sleeps() -> None:
    turn, done = Turn(), list[str]()
    turn.borrow(lambda: done.append("awake"))

    def sleep() -> bytes:
        turn.borrow(lambda: done.append("asleep"))
        return b"slept"

    assert turn.asleep(sleep) == b"slept"
    turn.borrow(lambda: done.append("awake again"))
    assert done == ["asleep"]


def test_the_thread_does_not_go_on_before_the_work_is_done() -> None:
    turn, order = Turn(), list[str]()
    begun, woken = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert woken.wait(WAIT_S)
        order.append("work")

    def sleep() -> bytes:
        assert begun.wait(WAIT_S)
        woken.set()
        return b""

    def own() -> None:
        turn.asleep(sleep)
        order.append("owner")

    with ThreadPoolExecutor(1) as pool:
        owner = pool.submit(own)
        while not begun.is_set():
            turn.borrow(work)
        owner.result(WAIT_S)
    assert order == ["work", "owner"]


def test_only_one_caller_works_at_a_time() -> None:
    turn, done = Turn(), list[str]()

    def work() -> None:
        turn.borrow(lambda: done.append("second"))
        done.append("first")

    def sleep() -> bytes:
        turn.borrow(work)
        return b""

    turn.asleep(sleep)
    assert done == ["first"]


@pytest.mark.parametrize("fault", [AssertionError("out of step"), KeyboardInterrupt()])
def test_a_fault_in_the_work_is_the_threads(fault: BaseException) -> None:
    turn = Turn()

    def work() -> None:
        raise fault

    def sleep() -> bytes:
        with nullcontext() if isinstance(fault, Exception) else pytest.raises(KeyboardInterrupt):
            turn.borrow(work)
        return b"slept"

    with pytest.raises(RuntimeError, match="failed in its turn") as caught:
        turn.asleep(sleep)
    assert caught.value.__cause__ is fault


def test_an_end_that_comes_while_it_sleeps_is_passed_on() -> None:
    turn = Turn()

    def sleep() -> bytes:
        raise EOFError

    with pytest.raises(EOFError):
        turn.asleep(sleep)
    done = list[str]()
    turn.borrow(lambda: done.append("awake"))
    assert not done
