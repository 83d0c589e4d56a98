"""Long computations do not hold an interrupt up."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from stata_sessions.standin import asides
from stata_sessions.standin.asides import aside
from tests.standin.conftest import Start

LONG = np.zeros(200_000)
SHORT = np.zeros(10)


class GaveUpError(Exception):
    """What the one who waited raises."""


@pytest.fixture
def wait() -> Iterator[None]:
    """Somebody waits until the end."""
    asides.wait_by(_ready)
    yield
    asides.wait_by()


def _ready(descriptor: int) -> None:
    select.select([descriptor], [], [], 30)


@aside
def thread_of(values: object) -> str:
    return threading.current_thread().name


@pytest.mark.usefixtures("wait")
def test_only_long_computations_are_set_aside() -> None:
    here = threading.current_thread().name
    assert thread_of(SHORT) == here
    assert thread_of([SHORT, SHORT]) == here
    assert thread_of(LONG) != here
    assert thread_of([SHORT, LONG]) != here


def test_nothing_is_set_aside_where_nobody_can_wait() -> None:
    assert thread_of(LONG) == threading.current_thread().name


@pytest.mark.usefixtures("wait")
def test_errors_come_back_and_warnings_stay_silent() -> None:
    @aside
    def divide(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        values / values
        raise ZeroDivisionError

    with np.errstate(all="ignore"), pytest.raises(ZeroDivisionError):
        divide(LONG)


def test_who_gives_up_need_not_wait() -> None:
    def give_up(descriptor: int) -> None:
        raise GaveUpError

    over = threading.Event()

    @aside
    def endless(values: object) -> None:
        assert over.wait(30)

    asides.wait_by(give_up)
    try:
        with pytest.raises(GaveUpError):
            endless(LONG)
    finally:
        asides.wait_by()
        over.set()


def test_a_long_computation_is_broken_at_the_terminal(start: Start) -> None:
    console = start()
    console.type("set obs 2000000")
    console.send("generate text = string(_n, " + '"%21x")')
    console.child.expect(r"21x\"\)\r\n")
    console.interrupt()
    assert console.until(r"\r\n\. $") == "--Break--\nr(1);\n"
    assert "variable text not found" in console.type("describe text")
