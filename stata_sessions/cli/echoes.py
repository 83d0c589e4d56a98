"""How far a do-file is: the lines whose echo has passed."""

from __future__ import annotations

import re

# ". " before a line, "  2. " inside a block, "> " where a line goes on.
PREFIX = re.compile(r"(?:\.|>| *\d+\.) ?")
# A long line is echoed on several rows; so much of it is enough to know it by.
KNOWN_BY = 30
# Lines that may have passed without an echo, such as those of a quiet block.
AHEAD = 200
TAB = 8


class EchoCounter:
    """Counts the lines of a do-file that the console has echoed."""

    def __init__(self, code: str) -> None:
        self._lines = [line.expandtabs(TAB).rstrip() for line in code.splitlines()]
        self.total = len(self._lines)
        self.passed = 0
        self._row = ""

    def take(self, text: str) -> None:
        """Take note of more output."""
        *rows, self._row = (self._row + text).split("\n")
        for row in rows:
            self._look_at(row)

    def _look_at(self, row: str) -> None:
        prefix = PREFIX.match(row)
        if prefix is None:
            return
        echo = row[prefix.end() :].rstrip()
        ahead = range(self.passed, min(self.passed + AHEAD, self.total))
        if not echo:
            ahead = ahead[:1]  # any empty line looks like this
        for number in ahead:
            if _is_echo(echo, self._lines[number]):
                self.passed = number + 1
                return


def _is_echo(echo: str, line: str) -> bool:
    return echo == line or len(echo) >= KNOWN_BY and line.startswith(echo)
