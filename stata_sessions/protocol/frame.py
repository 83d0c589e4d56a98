"""What a console prints around the user's code, as learned from exchanges of known content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from stata_sessions.protocol.tails import code_of

CODE_ROW = re.compile(r"(?m)^r\((\d+)\);[^\n]*\n")
_UNTIMED_ROW = re.compile(r"(?:^|\n)\. (?:\*|//)[^\n]*\n\Z")
_RMSG_ROW = re.compile(r"(?m)^r; t=[\d.]+ [^\n]*\n")
_CODE = re.compile(r"(?m)^r\(\d+\);[^\n]*")
_COMMON_ROW = re.compile(r"(?:\. ?)?|r\(.*|end of do-file")
_BARE_ROWS = re.compile(r"(?:^|(?<=\n))(?:(?:\. ?)?\n)+\Z")
_PROMPTS_AT_END = re.compile(r"(?:(?:^|(?<=\n))(?:\. ?)?\n)*(?:^|(?<=\n))(?:\. )+\Z")
_CODES_AT_END = re.compile(
    r"(?:^|(?<=\n))(?P<codes>(?P<code>r\(\d+\);)[^\n]*\n(?:\n?(?P=code)[^\n]*\n)*)"
    r"(?:(?:(?:\. ?)?|end of do-file)\n)*\Z"
)
_BREAK_AT_END = re.compile(r"--Break--\n(?:(?:\. ?)?\n)*\Z")

# Rows of a frame lie this close to the end of an exchange; what is before is the user's.
TRAILER_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows that are ours although the console prints them.

    ``opening`` stands between our last echoed line and the first row of the user's code, ``ending``
    between the user's last row and the echo of the sentinel's line, ``error`` behind the first
    ``r(#);`` of a failing command, prompt included and with ``#`` for the number. ``closing`` comes
    behind the token of a wrapper, ``reply`` behind the token of a typed sentinel, up to the prompt.
    None: not learned yet. ``echoes``: the lines of an included file are echoed. Timings
    (``set rmsg``) are left out: the user may switch them on and off at any time.
    """

    opening: str | None = None
    ending: str | None = None
    error: str | None = None
    closing: str | None = None
    reply: str | None = None
    echoes: bool = False

    @property
    def own_rows(self) -> frozenset[str]:
        """Learned rows that only this console prints, such as a warning before each prompt."""
        return _own_rows(self.ending, self.error, self.closing, self.reply)

    def without_opening(self, text: str) -> str | None:
        """Drop what stands before the user's first row; None if that is not yet all there."""
        opening = "\n" if self.opening is None else self.opening
        if opening.startswith(text) and text != opening:
            return None
        return text.removeprefix(opening)

    def without_ending(self, text: str) -> str:
        """Drop what the console printed between the user's last row and the sentinel's echo."""
        head, tail = text[:-TRAILER_LIMIT], text[-TRAILER_LIMIT:]
        if self.ending is not None:
            if self.ending.endswith(tail):
                return head
            known = _pattern(self.ending, "").search(tail)
            if known:
                return head + self._without_timing(tail[: known.start()])
        return head + _without_own_timing(_BARE_ROWS.sub("", tail))

    def _without_timing(self, text: str) -> str:
        """Drop the timing of our own line, behind which the ending stands once more."""
        kept = _without_own_timing(text)
        return kept if kept == text else kept.removesuffix(self.ending or "")

    def verdict(self, text: str) -> tuple[str, int]:
        """Split the text up to the final prompt into the user's output and the return code."""
        head, tail = text[:-TRAILER_LIMIT], text[-TRAILER_LIMIT:]
        output, return_code = self._known_error(tail) or _any_error(_PROMPTS_AT_END.sub("", tail))
        return head + output, return_code

    def _known_error(self, text: str) -> tuple[str, int] | None:
        """Take off exactly the rows that our wrapper adds to an error, where they are known."""
        codes = CODE_ROW.findall(text)
        if self.error is None or not codes:
            return None
        ours = _pattern(self.error, codes[-1]).search(text)
        if not ours:
            return None
        kept = text[: ours.start()]
        rows = list(CODE_ROW.finditer(kept))
        if not rows or rows[-1].end() != len(kept) or rows[-1][1] != codes[-1]:
            return None
        return kept, code_of(codes[-1])

    def behind(self, text: str, expected: str | None) -> str | None:
        """Return what somebody else has printed behind the prompt; None if that is not there."""
        if expected is None:
            return None
        if text == expected or _pattern(expected, "").fullmatch(text):
            return ""
        prompt = _prompt_row(expected)
        found = prompt and prompt.search(text)
        return text[found.end() :] if found else None

    def learned_error(self, text: str) -> Frame:
        """Learn from the text up to the prompt of a command that failed once, by ``error``."""
        match = CODE_ROW.search(text)
        if not match:
            return self
        rows = _CODE.sub("r(#);", _RMSG_ROW.sub("", text[match.end() :]))
        return replace(self, error=rows)

    def learned_ending(self, text: str, mark: str, *, echoed: bool) -> Frame:
        """Learn from the text between our last echo and the sentinel's, which printed ``mark``."""
        before, found, after = text.partition(mark + "\n")
        if not found:
            return self
        opening = before[: len(before) - len(before.lstrip("\n"))]
        ending = _RMSG_ROW.sub("", after)
        return replace(self, opening=opening, ending=ending, echoes=echoed)

    def learned_closing(self, text: str) -> Frame:
        """Learn from what came behind the token of a wrapper."""
        return replace(self, closing=_RMSG_ROW.sub("", text))

    def learned_reply(self, text: str) -> Frame:
        """Learn from what came behind the token of a typed sentinel."""
        return replace(self, reply=_RMSG_ROW.sub("", text))


@lru_cache(maxsize=256)
def _own_rows(*frames: str | None) -> frozenset[str]:
    rows = {row for frame in frames if frame for row in frame.split("\n")}
    return frozenset(row for row in rows if not _COMMON_ROW.fullmatch(row))


@lru_cache(maxsize=256)
def _pattern(rows: str, number: str) -> re.Pattern[str]:
    """Compile learned rows, with the return code filled in and timings wherever they may be."""
    row = re.escape(rows).replace(re.escape("\n"), "\n").replace(r"r\(\#\);", r"r\(\#\);[^\n]*")
    row = row.replace(r"\#", number).replace("\n", r"\n(?:r; t=[^\n]*\n)?")
    return re.compile(row + r"\Z")


@lru_cache(maxsize=256)
def _prompt_row(rows: str) -> re.Pattern[str] | None:
    """Compile the prompt at the end of learned rows, if nothing before looks like it."""
    last = rows.rpartition("\n")[2]
    row = re.compile("(?m)^" + re.escape(last))
    return row if last and len(row.findall(rows)) == 1 else None


def _any_error(text: str) -> tuple[str, int]:
    """Find an error at the end of ``text``; of repeated codes one row is the user's."""
    match = _CODES_AT_END.search(text)
    if match:
        rows = CODE_ROW.findall(match["codes"])
        first = match["codes"].index("\n") + 1
        return text[: match.start() + first], code_of(rows[-1])
    broken = _BREAK_AT_END.search(text)
    if broken:
        return text[: broken.start()] + "--Break--\n", 1
    return text, 0


def _without_own_timing(text: str) -> str:
    """Drop the ``rmsg`` row of our own line: the user's last line has one right before it, or none.

    A comment and an empty line are not timed.
    """
    rows = list(_RMSG_ROW.finditer(text)) if "r; t=" in text else []
    if not rows or rows[-1].end() != len(text):
        return text
    kept = text[: rows[-1].start()]
    before = _BARE_ROWS.sub("", kept)
    timed = len(rows) > 1 and rows[-2].end() == len(before)
    return kept if timed or _UNTIMED_ROW.search(before) else text
