"""The beginning of an exchange: the echo of what we typed, before anything the code prints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stata_sessions.protocol.sentinel import wrappable

# Echo is at most a few folded rows; output that still could be echo after this much is not.
HEAD_LIMIT = 4096

_FILLER = re.compile(r"(?:\n|\. (?=\n))*")
_PROMPTS = re.compile(r"(?:\. )*")
_FOLD = "\n> "
# A terminal in raw mode that echoes shows the key itself.
_ENDING = re.compile(r" *(?:\^[JM]?)?\n?")


@dataclass(slots=True)
class Head:
    """Finds where the user's output begins.

    ``typed`` and ``inner`` are the line we typed and the one that the wrapper includes the code
    with; ``stale`` are lines and tokens of earlier exchanges that may come late. A console may echo
    none, one or both of our lines, some of them twice, folded at any column. With ``expected`` it
    is known to echo the inner one, so whatever comes before that was printed by somebody else, such
    as a program in the background; it is put into ``before``.
    """

    typed: str
    inner: str
    stale: tuple[str, ...] = ()
    redraws: bool = False
    expected: bool = False
    before: str = field(default="", init=False)
    typed_seen: bool = field(default=False, init=False)
    inner_seen: bool = field(default=False, init=False)
    end: int = field(default=0, init=False)

    def strip(self, text: str) -> int | None:
        """Return where the user's output begins in ``text``, or None if more must be seen."""
        while not self.inner_seen:
            start = _FILLER.match(text, self.end).end()  # type: ignore[union-attr]  # it may match nothing
            start = _PROMPTS.match(text, start).end()  # type: ignore[union-attr]  # likewise
            matched = None if text[start:] == "." else self._match_any(text, start)
            if matched is None:
                return None if len(text) - self.end <= HEAD_LIMIT else self.end
            if not matched:
                return self._find_inner(text) if self.expected else self.end
            self.end = matched
        return self.end

    def is_unfinished(self, text: str) -> bool:
        """Say whether what is left of ``text`` is the beginning of an echo, and nothing else."""
        rest = text[self.end :].lstrip("\n. ")
        return any(line.startswith(rest) for line in (self.typed, self.inner))

    def _find_inner(self, text: str) -> int | None:
        """Look for the inner line behind text that is not ours."""
        match = re.search(rf"(?:\. )*{wrappable(self.inner)}[ ]*\n", text[: 2 * HEAD_LIMIT])
        if not match:
            return None if len(text) - self.end <= HEAD_LIMIT else self.end
        before = re.sub(
            rf"(?:\. )*{wrappable(self.typed)}[ ]*(?:\^[JM])?\n?", "", text[: match.start()]
        )
        self.before = before.strip("\n") + "\n" if before.strip(". \n") else ""
        self.inner_seen, self.end = True, match.end()
        return self.end

    def _match_any(self, text: str, start: int) -> int | None:
        """Return the end of the own row at ``start``, 0 if there is none, None if undecided."""
        undecided = False
        for line in (self.inner, self.typed, *self.stale):
            end = match_folded(line, text, start, redraws=self.redraws)
            if end:
                whole = end - start > len(line)
                self.inner_seen |= whole and line == self.inner
                self.typed_seen |= whole and line == self.typed
                return end
            undecided |= end is None
        return None if undecided else 0


def match_folded(line: str, text: str, start: int, *, redraws: bool = False) -> int | None:
    """Match ``line``, perhaps folded, and the end of its row at ``start`` of ``text``.

    Returns the position behind it, 0 where it does not stand, None where ``text`` ends too early
    to tell. With ``redraws``, rows that hold only the beginning of the line count as well: a line
    editor that draws the row anew after each key leaves them.
    """
    at = start
    for index, character in enumerate(line):
        fold = text[at : at + 3] if index else ""
        if _FOLD.startswith(fold) and at + len(fold) == len(text):
            return None
        if fold == _FOLD:
            at += 3
        if text[at] != character:
            return at + 1 if redraws and index and text[at] == "\n" else 0
        at += 1
    return _row_end(text, at)


def _row_end(text: str, at: int) -> int | None:
    """Match blanks, the picture of a typed Enter, and the newline, all of which may be missing."""
    ending = _ENDING.match(text, at)
    assert ending
    if ending.end() == len(text) and not ending[0].endswith("\n"):
        return None
    return ending.end()
