"""The process tree of a console: the only file that knows psutil. It measures and signals.

It never waits for a console itself: only the terminal may reap it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from stata_sessions.consoles import Usage

# Every process of a console carries this name in its environment, with the session's own mark.
MARK_VARIABLE = "STATA_SESSIONS_MARK"

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)
# Linux system calls that wait for input, by machine and number: read, and those that wait for any
# of several files, with the place of the argument that limits their time (a null pointer, or -1,
# for ever). More files than these are no keyboard.
_READ = {("x86_64", "0"), ("aarch64", "63")}
_WAIT_ANY = {
    ("x86_64", "23"): 5,  # select
    ("x86_64", "270"): 5,  # pselect6
    ("x86_64", "7"): 3,  # poll
    ("x86_64", "271"): 3,  # ppoll
    ("aarch64", "72"): 5,
    ("aarch64", "73"): 3,
}
_FOR_EVER = {0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}
_FEW_FILES = 4
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[psutil.Process]:
    """Return the process and its descendants, descendants first; empty if it is gone.

    Empty, too, where it cannot be told, since looking takes a descriptor and all may be in use.
    """
    try:
        root = psutil.Process(pid)
        return [*reversed(root.children(recursive=True)), root]
    except (*_GONE, OSError):
        return []


class _Family:
    """Who descends from whom, as of a moment ago, where the system does not list children.

    Looking at every process of a busy machine takes milliseconds; a listing of many sessions asks
    for each of them at once, so that one look serves them all.
    """

    FRESH_S = 0.5

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: dict[int, list[psutil.Process]] = {}
        self._looked = -self.FRESH_S

    def of(self, pid: int) -> list[psutil.Process]:
        """Return the process and its descendants."""
        with self._lock:
            now = time.monotonic()
            if now - self._looked >= self.FRESH_S:
                self._look()
                self._looked = now
            with contextlib.suppress(*_GONE):
                return [psutil.Process(pid), *self._below(pid)]
            return []

    def _look(self) -> None:
        self._children = {}
        for process in psutil.process_iter():
            with contextlib.suppress(*_GONE):
                self._children.setdefault(process.ppid(), []).append(process)

    def _below(self, pid: int) -> Iterator[psutil.Process]:
        for child in self._children.get(pid, ()):
            yield child
            yield from self._below(child.pid)


_family = _Family()


def usage(pid: int) -> Usage | None:
    """Add up resident memory and processor time over the tree; None if it is gone."""
    try:
        parts = [_usage_shown(each) for each in (pid, *_below(pid))]
    except OSError:  # one has ended meanwhile, or the system has no such files
        parts = list(_usage_asked(_family.of(pid)))
    if not parts:
        return None
    return Usage(sum(each.memory_bytes for each in parts), sum(each.cpu_s for each in parts))


def _usage_shown(pid: int) -> Usage:
    """Read what Linux shows of one process: a fifth of the time that asking psutil takes."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        # The name, in parentheses, may hold blanks and parentheses itself.
        fields = file.read().rpartition(b") ")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Usage(int(fields[21]) * _PAGE_BYTES, ticks / _TICKS_PER_S)


def _usage_asked(processes: list[psutil.Process]) -> Iterator[Usage]:
    for process in processes:
        with contextlib.suppress(*_GONE):
            times = process.cpu_times()
            yield Usage(process.memory_info().rss, times.user + times.system)


def free_memory() -> int:
    """Return the bytes that programs of this machine can still be given without swapping."""
    return int(psutil.virtual_memory().available)


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

    Linux shows the system call that a process waits in, to its parent. A wait with a time limit may
    be a sleep or an input loop, hence None.
    """
    try:
        family = [pid, *_below(pid)]
    except OSError:  # one has ended meanwhile, or the kernel lists no children
        family = [process.pid for process in tree(pid)]
    answers = [_reads_terminal(each) for each in family]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _below(pid: int) -> Iterator[int]:
    """Yield the descendants as Linux lists them, far quicker than by looking at every process.

    The list may lack one while another ends: good enough for a look, not for the end of a tree.
    """
    tasks = f"/proc/{pid}/task"
    for task in os.listdir(tasks):
        with open(f"{tasks}/{task}/children") as file:
            children = file.read().split()
        for child in map(int, children):
            yield child
            yield from _below(child)


def _reads_terminal(pid: int) -> bool | None:
    directory = Path("/proc") / str(pid)
    try:
        call, *arguments = (directory / "syscall").read_text().split()
        if call == "running":
            return False
        numbers = [int(argument, 16) for argument in arguments[:6]]
        key = (os.uname().machine, call)
        if key in _READ:
            return os.readlink(directory / "fd" / str(numbers[0])).startswith("/dev/")
        if key in _WAIT_ANY:
            limit = _WAIT_ANY[key]
            files = numbers[0] if limit == 5 else numbers[1]
            return True if numbers[limit - 1] in _FOR_EVER and files <= _FEW_FILES else None
        return False
    except (OSError, ValueError, IndexError):
        return None
