"""Who may start a console: seats of the licence, the machine's memory, and spares that make way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from stata_sessions.consoles import processes
from stata_sessions.errors import LaunchFailed, NoLicenceSeat, TooLittleMemory
from stata_sessions.sessions.command import Clock
from stata_sessions.sessions.seats import Seats
from stata_sessions.settings import Settings

MIB = 2**20


class Admission:
    """The one place that says whether there may be one more console; safe from any thread."""

    def __init__(
        self, settings: Settings, clock: Clock, release_spare: Callable[[str], bool]
    ) -> None:
        """Begin with no console; ``release_spare`` ends one for a reason, if there is one."""
        self._settings = settings
        self._release_spare = release_spare
        self.seats = Seats(settings, clock)

    def admit(self, mark: str, *, spare: bool, is_here: bool) -> None:
        """Take a seat for a session, at a spare's cost if need be.

        Raises NoLicenceSeat, and TooLittleMemory for a console of this machine. A session that
        still has a seat keeps it.
        """
        if self.seats.renew(mark):
            return
        if is_here:
            self._check_memory()
        if self.seats.take(mark):
            return
        if spare or not self._release_spare("a session needs its licence seat"):
            raise self.seats.used_up()
        self.seats.promise(mark)

    def _check_memory(self) -> None:
        needed_mb = self._settings.free_memory_mb
        if needed_mb and (free_mb := processes.free_memory() // MIB) < needed_mb:
            raise TooLittleMemory(free_mb, needed_mb)

    def refused(self, mark: str, error: NoLicenceSeat, *, spare: bool) -> None:
        """Take note that Stata found no seat; for a session the spares make way."""
        self.seats.refused(mark, error)
        while not spare and self._release_spare("the licence refused a session its seat"):
            pass


class Seat:
    """One session's place among those that may have a console: one for each console it starts."""

    def __init__(
        self, admission: Admission, mark: str, is_spare: Callable[[], bool], *, is_here: bool
    ) -> None:
        self._admission, self._mark, self._is_spare = admission, mark, is_spare
        self._is_here = is_here
        self._seats = admission.seats

    def take(self) -> None:
        """Ask for one more console; raises NoLicenceSeat or TooLittleMemory."""
        self._admission.admit(self._mark, spare=self._is_spare(), is_here=self._is_here)

    def await_room(self, wait_s: float) -> None:
        """Wait for a spare that makes way to be gone; raises NoLicenceSeat."""
        self._seats.await_room(wait_s)

    def granted(self) -> None:
        """Take note of the first prompt."""
        self._seats.granted(self._mark)

    def failed(self, error: LaunchFailed) -> None:
        """Take note of a failed start, which may be the licence's refusal."""
        if isinstance(error, NoLicenceSeat) and "setting" not in error.facts:
            self._admission.refused(self._mark, error, spare=self._is_spare())

    def give_back(self) -> None:
        """Take note that the console is gone."""
        self._seats.give_back(self._mark)

    def kept(self) -> AbstractContextManager[None]:
        """Keep it while the console is replaced."""
        return self._seats.kept(self._mark)
