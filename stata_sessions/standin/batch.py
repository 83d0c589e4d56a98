"""`-b`: run one command and write what it prints to a log file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stata_sessions.standin.errors import ExitConsole

if TYPE_CHECKING:
    from stata_sessions.standin.repl import Console


class LogScreen:
    """A screen that is a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="surrogateescape")

    def write(self, text: str) -> None:
        """Write text at once, so that a killed run leaves what it had printed."""
        self._file.write(text)
        self._file.flush()


def log_name(words: list[str]) -> str:
    """Return the log's name: the do-file's up to its first blank, else `stata.log`."""
    if len(words) < 2 or words[0] not in ("do", "run", "include"):
        return "stata.log"
    return Path(words[1].split()[0].strip('"')).stem + ".log"


def run_batch(console: Console, words: list[str], *, quiet: bool) -> int:
    """Run the command; return exit status 0 whatever the command did, as the real one does."""
    console.become_batch(LogScreen(Path(log_name(words))))
    with suppress(ExitConsole):
        console.start(quiet=quiet)
        console.run_once(" ".join(words), echo=not quiet)
    return 0
