"""What sessions leave behind: processes, threads, descriptors, folders."""

from __future__ import annotations

import contextlib
import threading

import psutil

from stata_sessions.consoles.processes import MARK_VARIABLE
from tests.terminal.engines import Engine, eventually

# Readers of /proc and the default session's console may hold a few at any moment.
SPARE_DESCRIPTORS = 8


class Leftovers:
    """Compares what is there with what has to be there."""

    def __init__(self, running: Engine) -> None:
        self._running = running
        self._ours = psutil.Process()
        self._descriptors = self._ours.num_fds()
        self._marks: set[str] = set()

    def note(self, mark: str) -> None:
        """Remember the mark of a session that is over."""
        self._marks.add(mark)

    def check(self) -> list[str]:
        """Name what is left while only the default session may live."""
        self._settle(lambda: len(self._workers()) <= 1)
        found = [f"threads left: {self._workers()}"] if len(self._workers()) > 1 else []
        descriptors = self._ours.num_fds() - self._descriptors
        if descriptors > SPARE_DESCRIPTORS:
            found.append(f"{descriptors} more descriptors than at the beginning")
        folders = self._running.private_folders()
        if len(folders) > 1:
            found.append(f"folders left: {[folder.name for folder in folders]}")
        if (taken := self._running.manager.licence().taken) > 1:
            found.append(f"{taken} licence seats are counted as taken")
        if strays := self._strays(self._marks):
            found.append(f"processes left: {strays}")
        self._marks.clear()
        return found

    def check_all(self) -> list[str]:
        """Name what is left after the shutdown."""
        self._settle(lambda: not self._workers() and not self._children())
        found = [f"threads left: {self._workers()}"] if self._workers() else []
        if children := self._children():
            found.append(f"processes left: {children}")
        if folders := self._running.private_folders():
            found.append(f"folders left: {[folder.name for folder in folders]}")
        return found

    def _settle(self, holds: object) -> None:
        assert callable(holds)
        eventually(holds, 5)

    def _workers(self) -> list[str]:
        return [each.name for each in threading.enumerate() if each.name.startswith("session-")]

    def _children(self) -> list[psutil.Process]:
        alive = []
        for child in self._ours.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if child.status() != psutil.STATUS_ZOMBIE and self._is_ours(child):
                    alive.append(child)
        return alive

    def _is_ours(self, process: psutil.Process) -> bool:
        return str(self._running.folder) in process.environ().get("STATATMP", "")

    def _strays(self, marks: set[str]) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                alive = process.status() != psutil.STATUS_ZOMBIE
                if alive and process.environ().get(MARK_VARIABLE) in marks:
                    found.append(process)
        return found
