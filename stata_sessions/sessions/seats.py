"""The seats of Stata's licence: which consoles hold one, and when it may be asked for another."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from stata_sessions.errors import NoLicenceSeat
from stata_sessions.sessions.command import Clock
from stata_sessions.settings import Settings


@dataclass(frozen=True, slots=True)
class LicenceView:
    """The licence at one moment, as far as this server knows it.

    ``seats`` is the budget, 0 if unknown; ``taken`` counts this server's consoles, spares too.
    While it ``is_refusing``, ``reason`` holds Stata's own words, and it is asked again in
    ``retry_after_s`` seconds. ``refusals`` counts all since the server began.
    """

    seats: int
    taken: int
    is_refusing: bool
    reason: str
    retry_after_s: int | None
    refusals: int


@dataclass(slots=True)
class _Hold:
    """One session's hold on a seat; twice while it goes from one console to the next."""

    asked: float
    count: int = 1
    granted: bool = False


class Seats:
    """Counts seats, and keeps count of refusals; safe from any thread, and never waits for long.

    After a refusal nobody asks for a while, which doubles with each further refusal. Then one asks,
    and the others wait for what it hears. A console of ours that ends has freed a seat: that ends
    the wait.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._changed = threading.Condition()
        self._holds: dict[str, _Hold] = {}
        self._refusal: NoLicenceSeat | None = None
        self._refused_at = self._spares_from = -math.inf
        self._wait_s = self._until = 0.0
        self._refusals = 0

    def renew(self, mark: str) -> bool:
        """Take the seat once more that a session holds already; False if it holds none."""
        with self._changed:
            hold = self._holds.get(mark)
            if hold:
                hold.count += 1
                hold.asked, hold.granted = self._clock(), False
            return hold is not None

    def take(self, mark: str) -> bool:
        """Take a seat for a console that is to start; False if the budget has none left.

        Raises NoLicenceSeat while the licence is not to be asked.
        """
        with self._changed:
            self._check_refusal()
            if self._is_full():
                return False
            self._holds[mark] = _Hold(self._clock())
            return True

    def promise(self, mark: str) -> None:
        """Take the seat of a console that is about to end; ``await_room`` waits for that."""
        with self._changed:
            self._holds[mark] = _Hold(self._clock())

    def await_room(self, wait_s: float) -> None:
        """Wait until no more seats are taken than there are; raises NoLicenceSeat."""
        seats = self._settings.licence_seats
        with self._changed:
            if not self._changed.wait_for(lambda: not seats or len(self._holds) <= seats, wait_s):
                raise self.used_up()

    @contextmanager
    def kept(self, mark: str) -> Iterator[None]:
        """Keep the seat that a session holds, if it does, while its console is replaced."""
        renewed = self.renew(mark)
        try:
            yield
        finally:
            if renewed:
                self.give_back(mark)

    def give_back(self, mark: str) -> None:
        """Take note that a console has ended, or was not started after all."""
        with self._changed:
            hold = self._holds[mark]
            hold.count -= 1
            if not hold.count:
                del self._holds[mark]
                if hold.granted:
                    self._until = self._clock()
            self._changed.notify_all()

    def granted(self, mark: str) -> None:
        """Take note of a console at its prompt: the licence gives seats."""
        with self._changed:
            if hold := self._holds.get(mark):
                hold.granted = True
            self._refusal, self._wait_s = None, 0.0

    def refused(self, mark: str, error: NoLicenceSeat) -> None:
        """Take note that Stata found no seat, and write into the error when to ask again."""
        with self._changed:
            now, hold = self._clock(), self._holds.get(mark)
            # Starts that were under way at an earlier refusal tell nothing new.
            if hold is None or hold.asked >= self._refused_at:
                first, limit = self._settings.licence_wait, self._settings.licence_wait_limit
                self._wait_s = min(2 * self._wait_s or first, limit)
                self._refused_at, self._until = now, now + self._wait_s
            self._spares_from = now + self._settings.licence_wait_limit
            self._refusal = error
            self._refusals += 1
            error.facts["retry_after_s"] = self._left_s() or 1

    def allow_spare(self) -> bool:
        """Say whether a seat may go to a spare: not while others might be refused for it."""
        with self._changed:
            return not self._is_full() and self._clock() >= self._spares_from

    def used_up(self) -> NoLicenceSeat:
        """Return the error that says that the budget has no seat left."""
        limit = self._settings.licence_seats
        return NoLicenceSeat(
            f"all licence seats of this server are taken: {limit} (licence_seats)",
            hint="close a session first",
            limit=limit,
            setting="licence_seats",
        )

    def view(self) -> LicenceView:
        """Return a picture of this moment."""
        with self._changed:
            refusal = self._refusal
            return LicenceView(
                seats=self._settings.licence_seats,
                taken=len(self._holds),
                is_refusing=refusal is not None,
                reason=str(refusal.facts["last_rows"]) if refusal else "",
                retry_after_s=self._left_s() if refusal else None,
                refusals=self._refusals,
            )

    def _is_full(self) -> bool:
        seats = self._settings.licence_seats
        return bool(seats) and len(self._holds) >= seats

    def _left_s(self) -> int:
        return max(0, math.ceil(self._until - self._clock()))

    def _check_refusal(self) -> None:
        if self._refusal is None:
            return
        if left_s := self._left_s():
            raise self._still_refused(self._refusal, left_s)
        self._until = self._clock() + self._wait_s

    def _still_refused(self, refusal: NoLicenceSeat, left_s: int) -> NoLicenceSeat:
        said = str(refusal.facts["last_rows"])
        ago_s = self._clock() - self._refused_at
        return NoLicenceSeat(
            f"the licence refused a seat {ago_s:.0f} s ago and is asked again in {left_s} s "
            f"(licence_wait); it said: {said}",
            hint=str(refusal.facts["hint"]),
            last_rows=said,
            retry_after_s=left_s,
        )
