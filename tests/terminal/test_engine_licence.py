"""A licence with few seats: refusals are told as such, and nobody hammers it."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stata_sessions.errors import ConsoleLost, LicenceExpired, NoLicenceSeat, StataSessionsError
from stata_sessions.sessions import Manager
from tests.consoles.licence import ASKED, lock_seat
from tests.terminal.engines import Engine, engine, eventually

pytestmark = pytest.mark.timeout(90)

# Longer than any test, so that only what is tested can end the wait.
LONG = {"licence_wait": 1000.0, "licence_wait_limit": 4000.0}


@contextlib.contextmanager
def licensed(folder: Path, seats: int, **settings: Any) -> Iterator[Engine]:
    """Bring up a manager whose consoles share a licence."""
    vices = f"licence-seats={seats},licence-folder={folder}"
    with engine(vices, **{**LONG, **settings}) as running:
        yield running


@contextlib.contextmanager
def taken(folder: Path, number: int) -> Iterator[None]:
    """Hold a seat, as somebody else's Stata would."""
    seat = lock_seat(str(folder), number)
    assert seat is not None
    try:
        yield
    finally:
        os.close(seat)


def asked(folder: Path) -> int:
    """Return how many consoles have asked for a seat."""
    return len((folder / ASKED).read_text().split()) if (folder / ASKED).exists() else 0


def spares_of(manager: Manager) -> int:
    """Return how many consoles there are without a name."""
    return manager.licence().taken - sum(bool(each.view().pid) for each in manager.sessions())


def is_refused(running: Engine, **options: Any) -> NoLicenceSeat:
    with pytest.raises(NoLicenceSeat) as raised:
        running.manager.create(**options)
    return raised.value


def test_a_refused_seat_is_told_in_stata_s_own_words(tmp_path: Path) -> None:
    with licensed(tmp_path, 1) as running, taken(tmp_path, 0):
        error = is_refused(running)
        assert "Too many users: no licence seat is free" in error.message
        assert "(exit status 1)" in error.message
        assert (error.kind, error.retry_after_s) == ("no-licence-seat", 1000)
        # Nothing of it is left.
        assert running.manager.slots() == (4, 3)
        assert len(running.private_folders()) == 1
        view = running.manager.licence()
        assert (view.is_refusing, view.taken, view.refusals) == (True, 0, 1)
        assert view.reason == "Too many users: no licence seat is free"


def test_while_it_refuses_it_is_not_asked(tmp_path: Path) -> None:
    with licensed(tmp_path, 1) as running, taken(tmp_path, 0):
        is_refused(running)
        for _ in range(20):
            error = is_refused(running, wait=False)
            assert "Too many users" in error.message
            assert error.retry_after_s and 900 < error.retry_after_s <= 1000
        with pytest.raises(NoLicenceSeat):
            running.manager.get().submit("display 1")
        assert asked(tmp_path) == 1
        # Neither has the default session lost anything by it.
        assert (running.manager.get().view().epoch, running.manager.get().state) == (0, "ready")
        assert len(running.private_folders()) == 1


def test_after_the_wait_it_is_asked_again_and_success_ends_it(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, licence_wait=0.2) as running:
        with taken(tmp_path, 0):
            is_refused(running)
        assert eventually(lambda: running.manager.licence().retry_after_s == 0)
        session = running.manager.create()
        assert running.answer(session, "display 1") == (". display 1\n1\n", 0)
        assert running.manager.licence().is_refusing is False
        assert asked(tmp_path) == 2


def test_a_session_that_ends_makes_room_at_once(tmp_path: Path) -> None:
    with licensed(tmp_path, 1) as running:
        running.manager.create("one")
        is_refused(running)
        running.manager.destroy("one")
        running.manager.create("two")
        assert asked(tmp_path) == 3


def test_a_restart_needs_no_second_seat(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, licence_seats=1) as running:
        session = running.manager.create("one")
        is_refused(running)
        assert running.manager.restart("one").state == "ready"
        assert running.answer(session, "display 1") == (". display 1\n1\n", 0)
        assert running.manager.licence().taken == 1


def test_a_restart_that_gets_no_seat_can_be_tried_again(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, licence_wait=0.1) as running:
        session = running.manager.create("one")
        session.stop(force=True, wait_s=30)
        with taken(tmp_path, 0):
            with pytest.raises(NoLicenceSeat):
                running.manager.restart("one")
            with pytest.raises(ConsoleLost):
                session.submit("display 1")
        assert eventually(lambda: running.manager.licence().retry_after_s == 0)
        assert running.manager.restart("one").state == "ready"


def test_a_known_budget_is_kept_without_asking(tmp_path: Path) -> None:
    with licensed(tmp_path, 9, licence_seats=2) as running:
        running.manager.create("one")
        running.manager.create("two")
        error = is_refused(running)
        assert "all licence seats of this server are taken: 2 (licence_seats)" in error.message
        assert error.facts["limit"] == 2 and error.retry_after_s
        assert asked(tmp_path) == 2
        running.manager.destroy("one")
        running.manager.create("three")
        assert running.manager.licence().is_refusing is False


@pytest.mark.parametrize("vices", ["start-fails=expired", "start-fails=expired,start-status=0"])
def test_an_expired_licence_is_not_waited_for(vices: str) -> None:
    with engine(vices, **LONG) as running:
        for _ in range(2):
            with pytest.raises(LicenceExpired, match="License has expired.*renew") as raised:
                running.manager.create()
            assert raised.value.retry_after_s is None
        assert running.manager.licence().refusals == 0


# Spares.


def test_a_spare_counts_and_is_taken_by_the_next_session(tmp_path: Path) -> None:
    with licensed(tmp_path, 2, licence_seats=2, warm_spares=2) as running:
        running.manager.keep_spares()
        assert eventually(lambda: asked(tmp_path) == 2)
        assert running.manager.licence().taken == 2
        sessions = [running.manager.create(), running.manager.create()]
        assert all(running.answer(each, "display 1")[1] == 0 for each in sessions)
        assert running.manager.licence().taken == 2
        is_refused(running)


def test_a_spare_makes_way_for_the_session_that_cannot_take_it(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, licence_seats=1, warm_spares=1) as running:
        running.manager.keep_spares()
        assert eventually(lambda: asked(tmp_path) == 1)
        # The default session cannot take a spare's place: it has its own folder and transcript.
        assert running.answer(running.manager.get(), "display 1") == (". display 1\n1\n", 0)
        assert (running.manager.licence().taken, spares_of(running.manager)) == (1, 0)
        # Nor does a spare come back while there is no seat for it.
        is_refused(running)
        assert asked(tmp_path) == 2
        assert eventually(lambda: len(running.private_folders()) == 1)


def test_a_refused_session_costs_the_spares(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, warm_spares=1) as running:
        running.manager.keep_spares()
        assert eventually(lambda: running.manager.licence().taken == 1)
        assert eventually(lambda: asked(tmp_path) == 1)
        session = running.manager.create(working_dir=str(running.folder), wait=False)
        assert eventually(lambda: session.state == "lost" or spares_of(running.manager) == 0)
        # Its seat is free now, and that is known: nobody has to wait for it.
        assert eventually(lambda: running.manager.licence().taken == 0)
        running.manager.create(working_dir=str(running.folder))
        # No spare asks for it, either.
        assert running.manager.licence().taken == 1
        assert asked(tmp_path) == 3


def test_a_spare_that_is_refused_costs_nobody_anything(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, warm_spares=1) as running:
        session = running.manager.create()
        assert eventually(lambda: running.manager.licence().refusals == 1)
        assert eventually(lambda: running.manager.licence().taken == 1)
        assert running.answer(session, "display 1") == (". display 1\n1\n", 0)
        assert asked(tmp_path) == 2


def test_a_spare_comes_back_when_a_session_ends(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, licence_seats=1, warm_spares=1) as running:
        session = running.manager.create(working_dir=str(running.folder))
        assert running.manager.licence().taken == 1
        running.manager.destroy(session.name)
        assert eventually(lambda: asked(tmp_path) == 2)
        assert running.manager.create().view().epoch == 1
        assert asked(tmp_path) == 2


def test_a_shutdown_ends_the_spares_that_make_way(tmp_path: Path) -> None:
    with licensed(tmp_path, 1, licence_seats=1, warm_spares=1) as running:
        running.manager.keep_spares()
        assert eventually(lambda: asked(tmp_path) == 1)
        running.manager.create(working_dir=str(running.folder), wait=False)
        running.manager.shutdown()
        assert running.manager.licence().taken == 0
        assert running.private_folders() == []


def _weather(running: Engine, chance: random.Random) -> None:
    """Do something to some session; a refusal of ours is an answer."""
    manager = running.manager
    names = [each.name for each in manager.sessions()]
    actions: list[Callable[[], object]] = [
        manager.create,
        lambda: manager.create(working_dir=str(running.folder)),
        lambda: manager.create(wait=False),
        lambda: manager.get(chance.choice(names)).submit("display 1").wait(30),
        lambda: manager.restart(chance.choice(names)),
        lambda: manager.get(chance.choice(names)).stop(force=True, wait_s=30),
        lambda: manager.destroy(chance.choice(names)),
        lambda: manager.destroy(chance.choice(names)),
    ]
    with contextlib.suppress(StataSessionsError):
        chance.choice(actions)()


def test_whatever_happens_the_budget_is_kept_and_no_seat_gets_lost(tmp_path: Path) -> None:
    with licensed(tmp_path, 3, licence_seats=3, warm_spares=2, kill_grace=0.3) as running:
        running.manager.keep_spares()

        def blow(seed: int) -> None:
            chance = random.Random(seed)
            for _ in range(20):
                _weather(running, chance)
                assert running.manager.licence().taken <= 4  # one may be on its way out

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(blow, range(4)))
        # Had more consoles than seats been alive at once, one would have been refused.
        assert running.manager.licence().refusals == 0
        for session in running.manager.sessions():
            if not session.is_default:
                running.manager.destroy(session.name)
        running.manager.get().stop(force=True, wait_s=30)
        # What is left are the spares, which come back.
        assert eventually(lambda: running.manager.licence().taken == 2), running.manager.licence()
        running.manager.shutdown()
        assert running.manager.licence().taken == 0
