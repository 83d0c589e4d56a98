"""Output made shorter for assistants, without losing a single row of results.

Only rows that certainly carry no result go: the echo of the caller's own code, known by comparing
it with that code, notes about changes and missing values, and repeated blank rows. A row of a
``list`` looks like the echo of a line in a block (``  3. ...``); so such a row goes only inside a
block whose header was just echoed, with the next number, and if the code has that very line.
"""

from __future__ import annotations

import re

NOTE = re.compile(r"^\([\d,]+ (real changes? made|missing values? generated)\)$")
BLANKS = re.compile(r"\n{3,}")
ECHO = re.compile(r"^\. (.*)$")
NUMBERED = re.compile(r"^\s*(\d+)\. (.*)$")
HEADER = re.compile(r"\{\s*$|^\s*(prog|program|pr|input|inp)\b")
# Stata wraps the echo of a long line; a shorter row must be a line of the code as it stands.
WRAPPED_COLUMNS = 30


def compacted(text: str, code: str, *, is_file: bool) -> str:
    """Return the output without the rows that carry no result.

    For a file the echo goes as a whole, since the caller has the file; for code only the bodies of
    blocks go.
    """
    rows = _Rows(code, is_file)
    kept = [row for row in text.split("\n") if rows.keeps(row)]
    return BLANKS.sub("\n\n", "\n".join(kept))


def _squeezed(text: str) -> str:
    return "".join(text.split())


class _Rows:
    """Decides row by row, remembering how far the echo of a block or a long line has come."""

    def __init__(self, code: str, is_file: bool) -> None:
        self._lines = {_squeezed(line) for line in code.splitlines() if line.strip()}
        self._code = _squeezed(code)
        self._is_file = is_file
        self._echoed = ""
        self._dropped = False
        self._next: tuple[int, ...] = ()

    def keeps(self, row: str) -> bool:
        """Tell whether a row stays."""
        if row.startswith("> ") and self._continues(row[2:]):
            return not self._dropped
        self._dropped = self._is_echo(row)
        return not self._dropped and not NOTE.match(row)

    def _continues(self, text: str) -> bool:
        joined = self._echoed + _squeezed(text)
        if not self._echoed or joined not in self._code:
            return False
        self._echoed = joined
        return True

    def _is_echo(self, row: str) -> bool:
        numbered, echo = NUMBERED.match(row), ECHO.match(row)
        if numbered and int(numbered[1]) in self._next and self._is_line(numbered[2]):
            self._next = (int(numbered[1]) + 1,)
            return True
        self._echoed, self._next = "", ()
        if echo and self._is_line(echo[1]):
            # A loop's header counts as its first line, a program's does not.
            self._next = (1, 2) if HEADER.search(echo[1]) else ()
            return self._is_file
        return False

    def _is_line(self, text: str) -> bool:
        squeezed = _squeezed(text)
        if not squeezed or squeezed not in self._code:
            return False
        if squeezed not in self._lines and len(text) < WRAPPED_COLUMNS:
            return False
        self._echoed = squeezed
        return True
