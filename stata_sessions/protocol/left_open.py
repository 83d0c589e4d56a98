"""Closing what the code left open, so that a session can go on: a block, Mata, a comment."""

from __future__ import annotations

from stata_sessions.protocol.tails import LEFT_OPEN, Tail

# Stata's own code for a file that ends within a block.
UNEXPECTED_END = 612

# What takes a console out of the state, tried in this order.
_CLOSERS: dict[Tail, tuple[str, ...]] = {
    Tail.BLOCK: ("\x03", "end\n", "}\n", "end\n"),
    Tail.MATA: ("end\n", "\x03", "}\nend\n"),
    Tail.PYTHON: ("\nend\n", "\x03", "end\n"),
    Tail.CONTINUATION: ("\x03", "*/\n", "end\n", "}\n", ";\n", '"\n'),
}
_UNFINISHED = frozenset({Tail.BLOCK, Tail.CONTINUATION})


class LeftOpen:
    """What was found open at the end of the code, and how far the closing has come."""

    def __init__(self) -> None:
        self.tail: Tail | None = None
        self._closers: list[str] = []

    def __bool__(self) -> bool:
        return self.tail is not None

    def next_closer(self, tail: Tail) -> str | None:
        """Return what to type next, given what the console shows; None if at a loss."""
        if tail not in LEFT_OPEN:
            return None
        if self.tail is None:
            self.tail, self._closers = tail, list(_CLOSERS[tail])
        return self._closers.pop(0) if self._closers else None

    def return_code(self, found: int) -> int:
        """Return the code of a command: one that was never complete cannot have succeeded."""
        return UNEXPECTED_END if self.tail in _UNFINISHED else found

    @property
    def note(self) -> str:
        """A sentence for the caller; empty if nothing was open."""
        if self.tail is None:
            return ""
        return f"the code left a {self.tail} open; it was closed so that the session could go on"
