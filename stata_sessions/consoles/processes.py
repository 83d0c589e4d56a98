"""The process tree of a console: the only file that knows psutil. It measures and signals.

It never waits for a console itself: only the terminal may reap it.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from stata_sessions.consoles import Usage

# Every process of a console carries this name in its environment, with the session's own mark.
MARK_VARIABLE = "STATA_SESSIONS_MARK"

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)
# Linux system calls that wait for the terminal: read, by number on the two common machines.
_READ_CALLS = frozenset({("x86_64", "0"), ("aarch64", "63")})
_TERMINAL_WAITS = ("n_tty_read", "tty_read")


def tree(pid: int) -> list[psutil.Process]:
    """Return the process and its descendants, descendants first; empty if it is gone."""
    try:
        root = psutil.Process(pid)
        return [*reversed(root.children(recursive=True)), root]
    except _GONE:
        return []


def usage(pid: int) -> Usage | None:
    """Add up resident memory and processor time over the tree; None if it is gone."""
    memory, cpu, seen = 0, 0.0, False
    for process in tree(pid):
        with contextlib.suppress(*_GONE):
            with process.oneshot():
                times = process.cpu_times()
                memory += process.memory_info().rss
                cpu += times.user + times.system
            seen = True
    return Usage(memory, cpu) if seen else None


def find_marked(mark: str) -> list[psutil.Process]:
    """Return every live process with this mark in its environment, wherever it went."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(*_GONE, OSError):
            if process.environ().get(MARK_VARIABLE) == mark:
                found.append(process)
    return found


def signal_all(processes: Iterable[psutil.Process], number: int) -> None:
    """Send a signal to each process that still is the one we saw; never to ourselves."""
    for process in processes:
        if process.pid != os.getpid():
            with contextlib.suppress(*_GONE, PermissionError):
                process.send_signal(number)


def sweep(mark: str, grace_s: float) -> int:
    """End what a console left behind: TERM, wait, KILL. Return how many there were.

    The console itself must have been reaped before: psutil waits here.
    """
    left = find_marked(mark)
    if not left:
        return 0
    signal_all(left, signal.SIGTERM)
    signal_all(left, signal.SIGCONT)
    _, alive = psutil.wait_procs(left, timeout=grace_s)
    alive = [*alive, *(process for process in find_marked(mark) if process not in alive)]
    signal_all(alive, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=grace_s)
    return len(left)


def reads_terminal(pid: int) -> bool | None:
    """Say whether a process of the tree waits in a read of its terminal; None if not knowable.

    Linux shows the system call and the kernel function that a process waits in. A console that
    waits by select or poll cannot be told from one that sleeps, hence None.
    """
    answers = [_reads_terminal(process.pid) for process in tree(pid)]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _reads_terminal(pid: int) -> bool | None:
    directory = Path("/proc") / str(pid)
    try:
        call = (directory / "syscall").read_text().split()
        if call[0] == "running":
            return False
        if (os.uname().machine, call[0]) in _READ_CALLS:
            return os.readlink(directory / "fd" / str(int(call[1], 16))).startswith("/dev/")
        place = (directory / "wchan").read_text()
        if place in _TERMINAL_WAITS:
            return True
        return None if "poll" in place or "select" in place or place in ("", "0") else False
    except (OSError, ValueError, IndexError):
        return None
