"""Control-C: when it counts, when it does not, and waiting that it can end."""

import os
import select
import signal
import time
from collections.abc import Callable
from types import FrameType

from tests.consoles.outcomes import Broken
from tests.consoles.vices import Vices


class Interrupts:
    """Remembers that control-C came, and says when the console honours it."""

    def __init__(self, vices: Vices) -> None:
        self._vices = vices
        self._asked_at: float | None = None
        self._asked = 0
        # Within nobreak, and where a vice says so, a break waits.
        self.shielded = False
        self._read_end, write_end = os.pipe()
        for end in (self._read_end, write_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, self._ask)
        self.on_wait: Callable[[], None] = lambda: None

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.ask()

    def ask(self) -> None:
        """Note a control-C."""
        if "break-kills" in self._vices:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        self._asked += 1
        if self._asked_at is None:
            self._asked_at = time.monotonic()

    @property
    def asked(self) -> bool:
        """Whether a control-C came since the last ``forget``."""
        return self._asked_at is not None

    def forget(self) -> None:
        """Drop what was asked; the console is idle, or has obeyed."""
        self._asked_at, self._asked = None, 0

    def _due(self) -> bool:
        if self._asked_at is None or self.shielded or "break-never" in self._vices:
            return False
        if self._asked < self._vices.number("break-nth", 1, 2):
            return False
        return time.monotonic() - self._asked_at >= self._vices.seconds("break-delay", 1000)

    def check(self) -> None:
        """Raise ``Broken`` if a break is due."""
        self.on_wait()
        if self._due():
            self.forget()
            raise Broken

    def wait(self, seconds: float, *, breakable: bool = True) -> None:
        """Wait without burning time; a due break ends it if ``breakable``."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if breakable:
                self.check()
            self._doze(min(left, 0.02) if self.asked or self.polled else left)

    @property
    def polled(self) -> bool:
        """Whether control-C arrives as a byte."""
        return "break-polled" in self._vices

    def _doze(self, seconds: float) -> None:
        if self.ready([self._read_end], seconds):
            self.drain()

    def ready(self, handles: list[int], seconds: float | None) -> list[int]:
        """Return the handles that can be read within ``seconds``, or [] on a signal."""
        return list(select.select([*handles, self._read_end], [], [], seconds)[0])

    def drain(self) -> None:
        """Empty the pipe that signals write to."""
        try:
            while os.read(self._read_end, 512):
                pass
        except BlockingIOError:
            pass
