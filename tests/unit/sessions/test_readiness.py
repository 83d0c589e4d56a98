"""What speaks against new sessions, and for how long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stata_sessions.errors import NotReady
from stata_sessions.sessions.readiness import FAILED_STARTS, LATELY_S, Readiness
from stata_sessions.sessions.seats import LicenceView
from stata_sessions.settings import Settings
from tests.fakes import FakeClock
from tests.unit.sessions.test_losses import LOST

LICENCE = LicenceView(
    seats=0, taken=0, is_refusing=False, reason="", retry_after_s=None, refusals=0
)
FAILED = replace(LOST, start_s=None, reason="Failed to initialize Stata: no such file")


def readiness(folder: Path | str, clock: FakeClock | None = None, spares: int = 0) -> Readiness:
    settings = Settings(warm_spares=spares)
    return Readiness(settings, str(folder), clock or FakeClock(), lambda: LICENCE)


def reasons(found: Readiness) -> tuple[str, ...]:
    try:
        found.check(detailed=True)
    except NotReady as error:
        told = error.facts["reasons"]
        assert isinstance(told, tuple)
        return told
    return ()


def test_failed_starts_count_in_a_row_and_for_a_while(tmp_path: Path) -> None:
    clock = FakeClock()
    found = readiness(tmp_path, clock)
    for _ in range(FAILED_STARTS):
        assert reasons(found) == ()
        found.session_changed(FAILED)
    assert reasons(found) == ("console",)
    clock.advance(LATELY_S - 1)
    assert reasons(found) == ("console",)
    clock.advance(2)
    assert reasons(found) == ()
    found.session_changed(FAILED)
    assert reasons(found) == ("console",)
    found.console_started(replace(LOST, start_s=1.0))
    found.session_changed(FAILED)
    assert reasons(found) == ()


def test_other_ends_do_not_count(tmp_path: Path) -> None:
    found = readiness(tmp_path)
    refused = "Failed to initialize Stata: x (all seats of Stata's licence are taken: close one)"
    queued = "Failed to initialize Stata: x: no place within 60 seconds (queue_timeout): Licenses"
    for view in (LOST, replace(FAILED, reason=queued), replace(FAILED, reason=refused)):
        for _ in range(FAILED_STARTS):
            found.session_changed(view)
    assert reasons(found) == ()


@pytest.mark.parametrize("comes_up", [True, False])
def test_spares_are_waited_for_once(tmp_path: Path, comes_up: bool) -> None:
    found = readiness(tmp_path, spares=2)
    assert reasons(found) == ("starting",)
    if comes_up:
        found.console_started(replace(LOST, start_s=1.0))
    else:
        found.session_changed(FAILED)
    assert reasons(found) == ()


@pytest.mark.parametrize(
    ("folder", "says"), [("/proc", "0 MB are free"), ("/nowhere", "No such file")]
)
def test_a_disk_without_room(folder: str, says: str) -> None:
    found = readiness(folder)
    assert reasons(found) == ("disk",)
    with pytest.raises(NotReady, match=says):
        found.check(detailed=True)


def test_an_operator_who_needs_no_room_may_say_so() -> None:
    settings = Settings(free_disk_mb=0)
    found = Readiness(settings, "/proc", FakeClock(), lambda: LICENCE)
    assert reasons(found) == ()


def test_all_reasons_are_told_to_those_who_may_know_and_none_to_others() -> None:
    found = readiness("/nowhere", spares=1)
    found.drain()
    assert reasons(found) == ("draining", "starting", "disk")
    with pytest.raises(NotReady) as caught:
        found.check(detailed=False)
    assert str(caught.value) == "Not ready"
    assert caught.value.facts == {"reasons": None, "retry_after_s": 5}
