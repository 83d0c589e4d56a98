"""The ``r(N);`` rows: how many, when, with what timing."""

import datetime

from tests.consoles.outcomes import Broken, Failure
from tests.consoles.screen import ERRORS, Screen
from tests.consoles.vices import Vices

# More rows than files can be nested, so that no limit applies.
NATURAL = 99


class Codes:
    """Prints the row of each level that an error passes on its way to the prompt."""

    def __init__(self, screen: Screen, settings: dict[str, str], vices: Vices) -> None:
        self._screen, self._settings, self._vices = screen, settings, vices
        self._reported = 0
        # How many capture prefixes are being run.
        self.capturing = 0

    def start(self) -> None:
        """Begin a command at the prompt or in a file."""
        self._reported = 0

    @property
    def hidden(self) -> bool:
        """Whether rows of files under capture stay away."""
        return self.capturing > 0 and "capture-quiet" in self._vices

    def timing(self, elapsed_s: float) -> str:
        """Return what ``set rmsg on`` adds to a row."""
        if self._settings["rmsg"] != "on":
            return ""
        if "rmsg-long" in self._vices:
            return " t=1106.30 9:36:33"
        now = datetime.datetime.now().astimezone()
        return f" t={elapsed_s:.2f} {now.hour}:{now:%M:%S}"

    def report(self, failure: Failure, elapsed_s: float, *, typed: bool) -> None:
        """Print the rows of one level; ``typed`` is the outermost."""
        if self._screen.noise < ERRORS or self.hidden or self._muted(failure):
            return
        rows = self._rows(typed=typed)
        if typed and isinstance(failure, Broken) and "break-extra" in self._vices:
            rows += 1
        for _ in range(rows):
            blank = "\n" if self._reported and "code-blank" in self._vices else ""
            self._screen.fresh_row()
            self._screen.put(f"{blank}r({failure.code});{self.timing(elapsed_s)}\n")
            self._reported += 1

    def _rows(self, *, typed: bool) -> int:
        limit = self._vices.number("codes", NATURAL, 1)
        if typed and limit < NATURAL:
            return max(limit - self._reported, 0)
        return int(self._reported < limit)

    def _muted(self, failure: Failure) -> bool:
        if not isinstance(failure, Broken):
            return False
        unwinding = "break-unwinds" in self._vices and self._reported > 0
        return "break-codeless" in self._vices or unwinding
