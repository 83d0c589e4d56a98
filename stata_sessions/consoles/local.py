"""A console on this machine: a terminal and the process tree behind it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence

from stata_sessions.consoles import ConsoleSpec, ExitReport, Usage, processes
from stata_sessions.consoles.limits import console_limits
from stata_sessions.consoles.terminal import Terminal

# Variables that are none of the console's business: they may hold the server's token.
_OURS = "STATA_SESSIONS_"
_STANDIN = "STATA_SESSIONS_STANDIN"


class LocalConsole:
    """A program of this machine on a terminal of ours; implements ``Console``."""

    def __init__(
        self, argv: Sequence[str], spec: ConsoleSpec, environ: Mapping[str, str], *, term: str
    ) -> None:
        """Start ``argv`` in the private directory; raises OSError if it cannot be started."""
        self._mark = spec.mark
        temporary = spec.directory / "tmp"
        temporary.mkdir(mode=0o700, exist_ok=True)
        env = environment(environ, term) | {
            "STATATMP": str(temporary),
            processes.MARK_VARIABLE: spec.mark,
        }
        self._terminal = Terminal(
            argv,
            cwd=str(spec.directory),
            env=env,
            size=(spec.rows, spec.columns),
            nice=spec.nice,
            limits=console_limits(spec.data_limit_bytes),
        )
        self._report: ExitReport | None = None

    @property
    def pid(self) -> int:
        """The process that the terminal started."""
        return self._terminal.pid

    @property
    def place(self) -> None:
        """See ``Console.place``: it runs here, and nothing has to be said about that."""

    @property
    def is_placed(self) -> bool:
        """See ``Console.is_placed``."""
        return True

    def read(self, wait_s: float | None) -> bytes:
        """See ``Console.read``."""
        return self._terminal.read(wait_s)

    def write(self, data: bytes) -> None:
        """See ``Console.write``."""
        self._terminal.write(data)

    def wake(self) -> None:
        """See ``Console.wake``."""
        self._terminal.wake()

    def interrupt(self) -> None:
        """See ``Console.interrupt``."""
        self._terminal.interrupt()

    def reads_terminal(self) -> bool | None:
        """See ``Console.reads_terminal``."""
        return processes.reads_terminal(self.pid)

    def usage(self) -> Usage | None:
        """See ``Console.usage``."""
        return processes.usage(self.pid) if self._report is None else None

    def close(self, grace_s: float) -> ExitReport:
        """TERM to the tree, wait, KILL, reap; then the same for what had left the tree."""
        if self._report is None:
            alive = processes.tree(self.pid) if not self._terminal.wait(0) else []
            processes.signal_all(alive, signal.SIGHUP)
            processes.signal_all(alive, signal.SIGTERM)
            processes.signal_all(alive, signal.SIGCONT)
            if alive and not self._terminal.wait(grace_s):
                processes.signal_all(alive, signal.SIGKILL)
            self._report = self._terminal.close()
            processes.sweep(self._mark, grace_s)
        return self._report


def environment(environ: Mapping[str, str], term: str) -> dict[str, str]:
    """Return what a program on a terminal of ours may know of the world around."""
    env = {
        name: value
        for name, value in environ.items()
        if not name.startswith(_OURS) or name == _STANDIN
    }
    # The sizes must come from the terminal alone.
    env.pop("COLUMNS", None)
    env.pop("LINES", None)
    return env | {"TERM": term}


def is_executable(path: str) -> bool:
    """Say whether ``path`` is a program that can be started."""
    return os.path.isfile(path) and os.access(path, os.X_OK)
