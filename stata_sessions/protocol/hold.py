"""What must be held back because it may turn out to be ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from stata_sessions.protocol.sentinel import FLAG, PROMPTS, Sentinel

# A frame has far fewer rows, even after an error below many levels of do-files and with a line
# editor that draws its row anew after each key.
HOLD_ROWS = 120

_FRAME_ROW = re.compile(r"(?:\. ?)?|end of do-file|--Break--|r\(\d+\);.*|r; t=.*")
_FRAME_BEGINNING = re.compile(r"(?:\. ?)?|r(?:\((?:\d*|\d+\)(?:;.*)?)|;.*)?")
_PROMPTS = re.compile(rf"\A{PROMPTS}")
_BEGINNINGS = ("d", FLAG)
_WORDS = ("end of do-file", "--Break--", "--more--")


class Hold:
    """Decides how much of the text may be shown.

    ``sentinels`` are the ones whose echo or token may come. Text is held from the first of the
    trailing rows that could belong to the console's frame around the user's code: bare prompts,
    blank rows, return codes, and anything that could be the beginning of a sentinel.
    """

    def __init__(self, sentinels: Sequence[Sentinel], rows: Collection[str] = ()) -> None:
        """``rows`` are others of the frame, as this console was seen to print them."""
        self._sentinels = sentinels
        self._words = (*_WORDS, *rows)

    def start(self, text: str, *, fresh: bool = True) -> int:
        """Return the position in ``text`` from which on it is held.

        ``fresh`` is false if the beginning of its first row was shown already, so that this row can
        be none of ours, whatever the rest of it looks like.
        """
        if not fresh:
            first = text.find("\n") + 1
            if not first:
                return self._token_in(text)
            return first + self.start(text[first:])
        row = text.rfind("\n") + 1
        if row < len(text):
            held = self._held_from(text, row, len(text))
            if held > row:
                return held
            row = held
        for _ in range(HOLD_ROWS):
            if not row:
                break
            start = text.rfind("\n", 0, row - 1) + 1
            held = self._held_from(text, start, row - 1)
            if held > start and not _FRAME_ROW.fullmatch(text, start, row - 1):
                return held if held < row - 1 else row
            row = min(held, start)
        return row

    def _held_from(self, text: str, start: int, end: int) -> int:
        """Return where in the row at ``start`` holding begins; ``end`` if nowhere."""
        if text.startswith(">", start) and start:
            return self._held_in_fold(text, start, end)
        row = text[start:end]
        if _FRAME_BEGINNING.fullmatch(row) or any(word.startswith(row) for word in self._words):
            return start
        if self._begins_sentinel(row):
            return start
        return start + self._token_in(row)

    def _held_in_fold(self, text: str, start: int, end: int) -> int:
        """Look at a row that may continue the folded echo or token of a sentinel."""
        first = start
        while first and text.startswith(">", first):
            first = text.rfind("\n", 0, first - 1) + 1
        row = text[first:end].replace("\n> ", "").replace("\n>", "")
        if self._begins_sentinel(row):
            return first
        at = self._token_in(row)
        return text.find(FLAG, first) if at < len(row) else end

    def _begins_sentinel(self, row: str) -> bool:
        bare = _PROMPTS.sub("", row, count=1)
        return bare[:1] in _BEGINNINGS and any(
            each.line.startswith(bare) or each.token.startswith(bare) or bare.startswith(each.line)
            for each in self._sentinels
        )

    def _token_in(self, row: str) -> int:
        """Return where the beginning of a token ends the row: its length if it does not."""
        at = row.rfind(FLAG)
        if at >= 0 and any(each.token.startswith(row[at:]) for each in self._sentinels):
            return at
        return len(row)
