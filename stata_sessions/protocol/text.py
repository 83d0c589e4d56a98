"""Terminal bytes as plain text: decoded, and free of what only a screen understands."""

from __future__ import annotations

import codecs
import re

# Longest escape sequence that is recognised, hence the most that is held back while one is
# unfinished. A window title is the longest that programs send in practice.
ESCAPE_LIMIT = 256
# How far back the escape sequences at the end of a text are counted. A prompt has a few.
ENDING_LIMIT = 4 * ESCAPE_LIMIT

# OSC and its kin: window titles. One that is never ended must not swallow the rows behind it.
_STRING = rf"[\]PX^_k][^\x07\x1b\r\n]{{0,{ESCAPE_LIMIT - 3}}}"
_CONTROL_SEQUENCE = r"\[[0-?]{0,64}[ -/]{0,8}"  # CSI: colours, cursor, erase
# Each ESC is taken by exactly one branch: a finished sequence, an unfinished one at the very end
# (the named group), or nothing that we know.
_ESCAPE = re.compile(
    rf"\x1b(?:{_CONTROL_SEQUENCE}[@-~]|{_STRING}(?:\x07|\x1b\\)|[ -/]{{0,8}}[0-OQ-WYZ\\`-~])"
    rf"|(?P<unfinished>\x1b(?:{_CONTROL_SEQUENCE}|{_STRING}\x1b?|[ -/]{{0,8}})\Z)"
    r"|\x1b"
)

_HALF = re.compile(rf"\x1b{_CONTROL_SEQUENCE}\Z")

_ESCAPES_AT_END = re.compile(
    rf"(?:\x1b(?:{_CONTROL_SEQUENCE}[@-~]|{_STRING}(?:\x07|\x1b\\)|[ -/]{{0,8}}[0-OQ-WYZ\\`-~]))+\Z"
)

# CR, blanks, CR is how "--more--" is erased; a lone CR starts the row anew. Either way the row
# on the screen ends here, and text that was printed must not be lost: it stays a row of its own.
# No row is wider than the terminal, so no erasing run of blanks is longer.
_ERASURE = re.compile(r"\r(?:[ ]{0,255}\r)+")
_RETURN = re.compile(r"\n?\r")
_UNFINISHED_RETURN = re.compile(r"\r([ ]{0,255})\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Every control byte but tab and the two of a row's end: without one of these most work is spared.
_SPECIAL = bytes(byte for byte in (*range(32), 127) if byte not in b"\t\n\r")


class TerminalText:
    """An incremental decoder from terminal bytes to clean text.

    Bytes that are not valid in ``encoding`` become U+FFFD. CR LF becomes LF, a CR that rewrites
    a row ends it, escape sequences and other control characters vanish; tabs stay. However the
    bytes are cut, the concatenated text is the same. ``trailing`` counts the escape sequences that
    came behind the last visible character.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._held = ""
        self._at_row_start = True
        self.trailing = 0

    def receive(self, data: bytes) -> str:
        """Return the clean text of ``data``, less what may be an unfinished sequence."""
        held, self._held = self._held, ""
        special = held not in ("", "\r") or len(data.translate(None, _SPECIAL)) < len(data)
        text = held + self._decoder.decode(data)
        if not special:
            text = self._hold_returns(text)
        if "\r\r\n" in text:
            # A program that ends its rows itself, on a terminal that does so, too.
            text = text.replace("\r\r\n", "\r\n")
        if text.count("\r") == text.count("\r\n"):
            text = text.replace("\r\n", "\n")
        else:
            special = True
        if special:
            behind = _ESCAPES_AT_END.search(text, max(0, len(text) - ENDING_LIMIT))
            controls = len(_ESCAPE.findall(behind[0])) if behind else 0
            text = self._clean(text)
            self.trailing = controls if text else self.trailing + controls
        elif text:
            self.trailing = 0
        return self._passed(text)

    def flush(self) -> str:
        """Return what is held although nothing may follow it."""
        # Half of a colour is no text; half of a title may be, since anything may stand in one.
        text = _HALF.sub("", self._held) + self._decoder.decode(b"", True)
        self._held = ""
        self._decoder.reset()
        return self._passed(self._plain(_CONTROL.sub("", text)))

    def _hold_returns(self, text: str) -> str:
        """Hold returns at the very end: the kernel likes to cut right before the newline."""
        bare = text.rstrip("\r")
        if len(bare) == len(text) or bare.rstrip(" ").endswith("\r"):
            return text
        self._held = "\r"
        return bare

    def _passed(self, text: str) -> str:
        if text:
            self._at_row_start = text.endswith("\n")
        return text

    def _clean(self, text: str) -> str:
        # Returns and erasures before the last one change nothing, so they need not be kept.
        text = _ERASURE.sub("\r", _CONTROL.sub("", _ESCAPE.sub(self._take_escape, text)))
        ending = _UNFINISHED_RETURN.search(text)
        if ending:
            text, self._held = text[: ending.start()], "\r" + ending[1] + self._held
        return self._plain(text)

    def _take_escape(self, match: re.Match[str]) -> str:
        self._held = match["unfinished"] or ""
        return ""

    def _plain(self, text: str) -> str:
        if "\r" in text:
            # A CR at the start of a row rewrites nothing; this newline tells the pattern so.
            lead = "\n" if self._at_row_start else ""
            text = _RETURN.sub("\n", (lead + text).replace("\r\n", "\n"))[len(lead) :]
        return text
