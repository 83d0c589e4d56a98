"""What the last row on the terminal says about a console that has gone quiet."""

from __future__ import annotations

import re
from enum import StrEnum

PROMPT = ". "


class Tail(StrEnum):
    """The kinds of last row; ``BUSY`` is a row that is no prompt at all.

    ``HIDDEN`` is a prompt over which something else was printed since, such as by a program in the
    background. ``NO_PROMPT`` is the end of an error or a break, where the prompt is still missing.
    """

    ERROR = "error"
    PROMPT = "prompt"
    MORE = "more"
    BLOCK = "block"
    MATA = "mata"
    PYTHON = "python"
    CONTINUATION = "continuation"
    PAUSE = "pause"
    HIDDEN = "hidden"
    NO_PROMPT = "no prompt"
    BUSY = "busy"


AT_PROMPT = frozenset({Tail.PROMPT, Tail.ERROR, Tail.HIDDEN})
LEFT_OPEN = frozenset({Tail.BLOCK, Tail.MATA, Tail.PYTHON, Tail.CONTINUATION})

HINTS: dict[Tail, str] = {
    Tail.BLOCK: "a block (loop, program or input) is open; send its remaining lines and close it",
    Tail.MATA: "Mata is open; send 'end' to leave it",
    Tail.PYTHON: "Python is open; send 'end' to leave it",
    Tail.CONTINUATION: "a command, comment or quote is unfinished; send the rest of it",
    Tail.PAUSE: "pause is waiting; send 'end' to go on or 'BREAK' to stop",
}

_ROWS: tuple[tuple[re.Pattern[str], Tail], ...] = (
    (re.compile(r" *--more-- *"), Tail.MORE),
    (re.compile(r" *\d+\. "), Tail.BLOCK),
    (re.compile(r"-> \. "), Tail.PAUSE),
    (re.compile(r": "), Tail.MATA),
    (re.compile(r"(?:>>>|\.\.\.) "), Tail.PYTHON),
    (re.compile(r"> "), Tail.CONTINUATION),
)

# An error or a break right before the prompt: nothing but the ends of do-files in between.
_ERROR_BEFORE = re.compile(
    r"(?:(?m:^)r\(\d+\);[^\n]*|--Break--)\n(?:(?:\. ?|end of do-file)?\n){0,20}\Z"
)
# A bare prompt and then rows that echo nothing. Code that runs has echoed its line behind it.
_HIDDEN = re.compile(r"(?:\A|\n)\. \n(?!\. )(?:[^\n]*\n(?!\. ))*[^\n]*\Z")
_CODE = re.compile(r"(?m)^(?:r\((\d+)\);|--Break--)")
# A line that runs is echoed; a prompt may also have got somebody else's row behind it.
_ECHO = re.compile(r"(?m)^(?:\. )+[ \t]*(\S[^\n]*)")
_REACH = 400
# More than Stata's codes need; what shows more is counted as this.
LARGEST_CODE = 2**31 - 1


def classify(text: str, prompt: str = PROMPT) -> Tail:
    """Say what the end of ``text`` looks like; only meaningful once the console is quiet."""
    start = text.rfind("\n") + 1
    row = text[start:]
    if row and not row.replace(prompt, ""):  # one, or more if an Enter was typed ahead
        error = _ERROR_BEFORE.search(text, max(0, start - _REACH), start)
        return Tail.ERROR if error else Tail.PROMPT
    for pattern, tail in _ROWS:
        if pattern.fullmatch(row):
            return tail
    if is_hidden(text):
        return Tail.HIDDEN
    ended = not row and _ERROR_BEFORE.search(text, max(0, start - _REACH))
    return Tail.NO_PROMPT if ended else Tail.BUSY


def break_keys(tail: Tail, *, waiting: bool) -> str:
    """Return what to type to break, given the last row and whether the console waits for input."""
    if tail is Tail.BUSY and waiting:
        return "\n"
    return {Tail.MORE: "q", Tail.PAUSE: "BREAK\n"}.get(tail, "\x03")


def is_hidden(text: str) -> bool:
    """Say whether a prompt was shown and then printed over."""
    at = text.rfind("\n. \n")
    return (at >= 0 or text.startswith(". \n")) and bool(_HIDDEN.search(text, max(0, at)))


def code_of(digits: str) -> int:
    """Return the code that a row shows; code may print any digits, and no machine counts so far."""
    return int(digits) if len(digits) < len(str(LARGEST_CODE)) else LARGEST_CODE


def late_code(text: str, code: str) -> int:
    """Return the last return code in text behind which none of ``code`` has run; 0 if none is.

    Something else was printed behind it, such as by a program in the background.
    """
    codes = list(_CODE.finditer(text))
    if not codes:
        return 0
    echoes = [echo[1].rstrip() for echo in _ECHO.finditer(text, codes[-1].end())]
    lines = [line.lstrip() for line in code.splitlines()] if echoes else []
    ran_on = any(line.startswith(echo) for echo in echoes for line in lines)
    return 0 if ran_on else code_of(codes[-1][1] or "1")
