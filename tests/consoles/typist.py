"""A person at a console's terminal: types, reads, presses control-C, waits with a bound."""

import contextlib
import os
import re
import select
import signal
import time
from types import TracebackType
from typing import Self

import pexpect

from tests.consoles.families import command_line

PATIENCE_S = 10.0


class Typist:
    """Drives one console directly, with nothing of the product in between."""

    def __init__(self, vices: str = "", *arguments: str, columns: int = 255) -> None:
        command = command_line(vices, *arguments)
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            command[0], command[1:], dimensions=(50, columns), timeout=PATIENCE_S, echo=True
        )
        self.child.delaybeforesend = None
        self.raw = b""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.child.isalive():
                os.kill(self.pid, signal.SIGKILL)
                self.child.wait()
        # pexpect keeps the terminal in an attribute its types do not know, and dawdles on close.
        self.child.__dict__["ptyproc"].delayafterclose = 0
        self.child.close()

    @property
    def pid(self) -> int:
        """The console's process."""
        assert self.child.pid is not None
        return self.child.pid

    @property
    def text(self) -> str:
        """Everything read so far."""
        return self.raw.decode("utf-8", "replace")

    def shows(self, pattern: str) -> None:
        """Read until a pattern is in all that was ever read."""
        self._seen = 0
        self.until(pattern)

    def until(self, pattern: str, patience_s: float = PATIENCE_S) -> float:
        """Read until a pattern appears in what came since the last match; return the seconds."""
        started = time.monotonic()
        while (match := re.search(pattern, self.text[self._seen :])) is None:
            left = started + patience_s - time.monotonic()
            assert left > 0, f"no {pattern!r} in {self.text[self._seen :]!r}"
            assert self._read(left), f"end before {pattern!r}: {self.text!r}"
        self._seen += match.end()
        return time.monotonic() - started

    def _read(self, wait_s: float) -> bool:
        try:
            self.raw += self.child.read_nonblocking(65536, timeout=wait_s)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True

    def prompt(self) -> float:
        """Read until a prompt ends the output."""
        return self.until(r"(?:^|\n)\. (?:\x1b\[0m)?$")

    def type(self, *lines: str) -> None:
        """Type lines at once."""
        self.child.send("".join(line + "\n" for line in lines))

    def key(self, key: str) -> None:
        """Press a key."""
        self.child.send(key)

    def interrupt(self) -> None:
        """Press control-C."""
        self.child.send("\x03")

    def quiet(self, seconds: float) -> bool:
        """Whether nothing is printed for so long."""
        before = len(self.raw)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self._read(left):
            pass
        return len(self.raw) == before

    def held(self) -> bool:
        """Whether some process still holds the terminal, after what it printed has been read."""
        handle = self.child.fileno()
        try:
            while select.select([handle], [], [], 0.2)[0]:
                self.raw += os.read(handle, 65536)
        except OSError:
            return False
        return True

    def end(self, patience_s: float = PATIENCE_S) -> int:
        """Read to the end of the output; return the exit status, negative for a signal."""
        until = time.monotonic() + patience_s
        while self._read(max(until - time.monotonic(), 0)):
            assert time.monotonic() < until, f"no end: {self.text!r}"
        self.child.wait()
        if self.child.signalstatus is not None:
            return -int(self.child.signalstatus)
        return int(self.child.exitstatus or 0)
