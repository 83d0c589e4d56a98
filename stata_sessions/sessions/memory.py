"""The memory limit of a session: looked at while a command runs, never while it is idle."""

from __future__ import annotations

from collections.abc import Callable

from stata_sessions.consoles import Console

LOOK_S = 1.0
WARN_SHARE = 0.8
_MIB = 2**20


class MemoryWatch:
    """Measures a console and its children; knows no clock: the time comes with each call."""

    def __init__(self, console: Console, warn: Callable[[str], None], limit_bytes: int) -> None:
        self._console = console
        self._warn = warn
        self._limit_bytes = limit_bytes
        self._look_at: float | None = None
        self._warned = False

    @property
    def due(self) -> float | None:
        """When ``keep`` has something to do; None: never."""
        return self._look_at

    def begin(self, now: float) -> None:
        """Watch the command that begins now, if there is a limit."""
        self._look_at = now + LOOK_S if self._limit_bytes else None
        self._warned = False

    def end(self) -> None:
        """Watch no longer."""
        self._look_at = None

    def keep(self, now: float) -> str:
        """Look if it is time; return why the console has to go, or nothing."""
        if self._look_at is None or now < self._look_at:
            return ""
        self._look_at = now + LOOK_S
        usage = self._console.usage()
        used = usage.memory_bytes if usage else 0
        if used > self._limit_bytes:
            return (
                f"memory: Stata used {used // _MIB} MB, more than the limit of "
                f"{self._limit_bytes // _MIB} MB (memory_limit_mb), and was killed"
            )
        if used > WARN_SHARE * self._limit_bytes and not self._warned:
            self._warned = True
            self._warn(
                f"memory: Stata uses {used // _MIB} MB, and is killed when it uses more than "
                f"{self._limit_bytes // _MIB} MB (memory_limit_mb); save what you need"
            )
        return ""
