"""Seats are counted, and a licence that refused one is left alone for a while."""

from __future__ import annotations

import pytest

from stata_sessions.errors import NoLicenceSeat
from stata_sessions.sessions.seats import Seats
from stata_sessions.settings import Settings
from tests.fakes import FakeClock

WAITS = {"licence_wait": 4.0, "licence_wait_limit": 10.0}
SAID = "Too many users"


def seats(clock: FakeClock, **settings: float) -> Seats:
    chosen = {**WAITS, **settings}
    return Seats(Settings(**chosen), clock)  # type: ignore[arg-type]  # a table of numbers


def refusal() -> NoLicenceSeat:
    return NoLicenceSeat("stata-mp: ended", hint="wait", last_rows=SAID)


def is_refused(found: Seats, mark: str = "another") -> NoLicenceSeat:
    with pytest.raises(NoLicenceSeat) as raised:
        found.take(mark)
    return raised.value


def refuse(found: Seats, mark: str) -> int | None:
    """Ask for a seat as a console does, be refused, and leave."""
    error = refusal()
    assert found.take(mark)
    found.refused(mark, error)
    found.give_back(mark)
    return error.retry_after_s


def test_a_budget_gives_no_more_than_it_has() -> None:
    found = seats(FakeClock(), licence_seats=2)
    assert [found.take(mark) for mark in "abc"] == [True, True, False]
    assert not found.allow_spare()
    error = found.used_up()
    assert (error.facts["limit"], error.facts["setting"]) == (2, "licence_seats")
    assert "are taken: 2 (licence_seats)" in error.message
    found.give_back("a")
    assert found.allow_spare() and found.take("c")


def test_without_a_budget_there_is_no_end() -> None:
    found = seats(FakeClock())
    assert all(found.take(str(number)) for number in range(1000))
    assert (found.view().seats, found.view().taken) == (0, 1000)


def test_a_seat_is_kept_while_a_console_is_replaced() -> None:
    found = seats(FakeClock(), licence_seats=1)
    assert found.take("a")
    with found.kept("a"):
        found.give_back("a")  # the old console has ended
        assert not found.take("b")
        assert found.renew("a")  # the new one begins
    assert found.view().taken == 1
    found.give_back("a")
    assert found.view().taken == 0


def test_what_holds_no_seat_keeps_none() -> None:
    found = seats(FakeClock(), licence_seats=1)
    with found.kept("a"):
        assert found.view().taken == 0
        assert not found.renew("a")


def test_room_is_waited_for_within_a_bound() -> None:
    found = seats(FakeClock(), licence_seats=1)
    found.take("spare")
    found.promise("a")
    with pytest.raises(NoLicenceSeat):
        found.await_room(0.01)
    found.give_back("spare")
    found.await_room(0.01)
    assert found.view().taken == 1


def test_waits_double_up_to_their_limit() -> None:
    clock = FakeClock()
    found, waits = seats(clock), []
    for number in range(4):
        waits.append(refuse(found, str(number)))
        clock.advance(waits[-1] or 0)
    assert waits == [4, 8, 10, 10]
    assert found.view().refusals == 4


def test_while_it_waits_nobody_asks_and_all_are_told_how_long() -> None:
    clock = FakeClock()
    found = seats(clock)
    refuse(found, "a")
    clock.advance(1.5)
    error = is_refused(found)
    assert error.retry_after_s == 3
    assert SAID in error.message and "2 s ago" in error.message and "in 3 s" in error.message
    view = found.view()
    assert (view.is_refusing, view.reason, view.retry_after_s) == (True, SAID, 3)


def test_then_one_asks_and_the_others_wait_for_what_it_hears() -> None:
    clock = FakeClock()
    found = seats(clock)
    refuse(found, "a")
    clock.advance(4)
    assert found.take("b")
    is_refused(found)
    found.granted("b")
    assert found.take("c")
    view = found.view()
    assert (view.is_refusing, view.reason, view.retry_after_s) == (False, "", None)


def test_starts_that_were_under_way_do_not_lengthen_the_wait() -> None:
    clock = FakeClock()
    found = seats(clock)
    for mark in "abc":
        found.take(mark)
    for mark in "abc":
        clock.advance(0.1)
        found.refused(mark, refusal())
    assert found.view().retry_after_s == 4


def test_a_console_that_ends_has_freed_a_seat() -> None:
    clock = FakeClock()
    found = seats(clock)
    found.take("mine")
    found.granted("mine")
    refuse(found, "a")
    is_refused(found)
    found.give_back("mine")
    assert found.take("b")


def test_a_refused_console_that_ends_has_freed_none() -> None:
    found = seats(FakeClock())
    refuse(found, "a")
    is_refused(found)


def test_spares_stay_away_longest() -> None:
    clock = FakeClock()
    found = seats(clock)
    refuse(found, "a")
    clock.advance(4)
    found.take("b")
    found.granted("b")
    assert not found.allow_spare()
    clock.advance(6)
    assert found.allow_spare()
