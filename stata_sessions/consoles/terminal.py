"""The pseudo-terminal: the only file that knows pexpect, and the only one that reaps."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pexpect

from stata_sessions.consoles import ExitReport
from stata_sessions.consoles.limits import set_limits

# A pseudo-terminal of Linux hands out 4 KiB at a time; under a flood several are taken at once.
READ_BYTES = 65536
PAGE_BYTES = 4095
# Bytes that wait for a console which does not read. It is our own short lines and the user's input.
WRITE_LIMIT = 262144

_PR_SET_PDEATHSIG = 1
_EVERYDAY_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE)


class Terminal:
    """A program on a pseudo-terminal of a fixed size, owned by the thread that made it.

    On Linux the program is killed by the kernel when that thread ends, which is the last net under
    consoles whose server was killed: it holds even if they ignore the hang-up of the terminal.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        size: tuple[int, int],
        nice: int = 0,
        limits: Mapping[int, int] | None = None,
        last_signal: int = signal.SIGKILL,
    ) -> None:
        """Start ``argv``; ``size`` is (rows, columns). Raises OSError if it cannot be started.

        ``last_signal`` is what the kernel sends the program when the thread that made it ends.
        """
        self._owner = threading.get_ident()
        self._unsent = b""
        # Other threads may type while the owner sleeps, and wake it even while it closes.
        self._sending = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        try:
            prepare = _prepare(os.getpid(), nice, limits or {}, last_signal)
            self._child = self._spawn(argv, cwd, env, size, prepare)
        except BaseException:
            self._close_pipe()
            raise
        self._fd = int(self._child.child_fd)
        os.set_blocking(self._fd, False)
        self._pidfd = _pidfd(self._child.pid)
        self._poll = select.poll()
        for fd in (self._fd, self._wake_read, self._pidfd):
            if fd is not None:
                self._poll.register(fd, select.POLLIN)

    @staticmethod
    def _spawn(
        argv: Sequence[str],
        cwd: str,
        env: Mapping[str, str],
        size: tuple[int, int],
        prepare: Callable[[], None],
    ) -> Any:
        try:
            return pexpect.spawn(
                argv[0],
                list(argv[1:]),
                cwd=cwd,
                env=dict(env),
                echo=False,
                dimensions=size,
                timeout=None,
                preexec_fn=prepare,
            )
        except pexpect.ExceptionPexpect as error:
            raise OSError(errno.ENOENT, str(error).strip(), argv[0]) from error

    @property
    def pid(self) -> int:
        """The process on the terminal; it leads a session and a process group of its own."""
        return int(self._child.pid)

    def _check_owner(self) -> None:
        if threading.get_ident() != self._owner:
            raise AssertionError("a terminal belongs to the thread that made it")

    def read(self, wait_s: float | None) -> bytes:
        """Return what the program printed; see ``Console.read``."""
        self._check_owner()
        ready = dict(
            self._poll.poll(None if wait_s is None else max(0, int(wait_s * 1000 + 0.999)))
        )
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, READ_BYTES)
        if ready.get(self._fd, 0) & select.POLLOUT:
            with self._sending:
                self._send(True)
        if self._fd in ready or self._pidfd in ready:
            return self._read_now(ended=self._pidfd in ready)
        return b""

    def _read_now(self, *, ended: bool) -> bytes:
        data = self._read_page(ended=ended)
        if len(data) < PAGE_BYTES:
            return data
        pages = [data]
        while len(data) >= PAGE_BYTES and len(pages) * len(data) < READ_BYTES:
            with contextlib.suppress(EOFError):  # the next read says so again
                data = b""
                data = self._read_page(ended=False)
                pages.append(data)
        return b"".join(pages)

    def _read_page(self, *, ended: bool) -> bytes:
        try:
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            # The program is gone and everything is read, although a child of its own may still
            # hold the terminal open.
            if ended:
                raise EOFError from None
            return b""
        except OSError as error:
            if error.errno == errno.EIO:
                raise EOFError from None
            raise
        if not data:
            raise EOFError
        return data

    def write(self, data: bytes) -> None:
        """Type ``data``; see ``Console.write``. From any thread."""
        if not data:
            return
        with self._sending:
            if len(self._unsent) + len(data) > WRITE_LIMIT:
                raise BufferError("the console does not read what is typed")
            waited = bool(self._unsent)
            self._unsent += data
            self._send(waited)

    def _send(self, waited: bool) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            # An error here is the end of the program, which the next read reports.
            self._unsent = self._unsent[os.write(self._fd, self._unsent) :]
        if waited or self._unsent:
            self._poll.modify(self._fd, select.POLLIN | (select.POLLOUT if self._unsent else 0))

    def wake(self) -> None:
        """Make ``read`` return; from any thread."""
        with self._sending, contextlib.suppress(OSError):
            os.write(self._wake_write, b"x")

    def interrupt(self) -> None:
        """Send SIGINT to the foreground group, as the key would where the terminal is not raw."""
        self._check_owner()
        with contextlib.suppress(OSError):
            group = os.tcgetpgrp(self._fd)
            # Once the program is gone there is none, and 0 would mean the server's own.
            if group > 0:
                os.killpg(group, signal.SIGINT)

    def terminate(self) -> None:
        """Ask the program itself, and nobody else, to end."""
        self._check_owner()
        if not self.wait(0):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def wait(self, wait_s: float) -> bool:
        """Wait for the program's end, throwing away what it still prints; say whether it came."""
        self._check_owner()
        if self._pidfd is None:
            return _wait_without_pidfd(self._child, wait_s)
        ready = select.poll()
        ready.register(self._pidfd, select.POLLIN)
        return bool(ready.poll(int(wait_s * 1000)))

    def close(self) -> ExitReport:
        """Hang up, kill what is left of the program itself, and reap it."""
        self._check_owner()
        if self._child.closed:
            return self._report()
        if not self.wait(0):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait(5)
        with contextlib.suppress(pexpect.ExceptionPexpect, OSError):
            self._child.isalive()
        with contextlib.suppress(pexpect.ExceptionPexpect, OSError):
            self._child.close(force=False)
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self._close_pipe()
        return self._report()

    def _report(self) -> ExitReport:
        return ExitReport(self._child.exitstatus, self._child.signalstatus)

    def _close_pipe(self) -> None:
        # Their numbers are soon somebody else's: nobody may still be about to write there.
        with self._sending:
            for fd in (self._wake_read, self._wake_write):
                with contextlib.suppress(OSError):
                    os.close(fd)
            self._wake_read = self._wake_write = -1


def _pidfd(pid: int) -> int | None:
    """Return a descriptor that becomes readable when the process ends; None where there is none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _wait_without_pidfd(child: Any, wait_s: float) -> bool:
    """Wait where the system has no pidfd (macOS): a reaping wait in short steps."""
    step, waited = threading.Event(), 0.0
    while child.isalive() and waited < wait_s:
        step.wait(0.02)
        waited += 0.02
    return not child.isalive()


def _prepare(
    server: int, nice: int, limits: Mapping[int, int], last_signal: int
) -> Callable[[], None]:
    """Return what the child does between fork and exec; all look-ups are made before the fork."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def prepare() -> None:
        # A server in the background of a script ignores the interrupt, and what it starts would
        # inherit that: no break would ever reach Stata.
        for number in _EVERYDAY_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        # A break must not be shown as ^C in the output of a console that lets its terminal echo.
        modes = termios.tcgetattr(0)
        modes[3] &= ~termios.ECHOCTL
        termios.tcsetattr(0, termios.TCSANOW, modes)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, last_signal, 0, 0, 0)
            if os.getppid() != server:
                os._exit(1)
        if nice:
            os.nice(nice)
        set_limits(limits)

    return prepare
