"""What the text of an exchange says, once the exchange is over."""

from __future__ import annotations

from stata_sessions.protocol.frame import Frame
from stata_sessions.protocol.probes import Answer
from stata_sessions.protocol.sentinel import Sentinel
from stata_sessions.protocol.tails import PROMPT

# How every line that prints a sentinel begins.
_LINE_BEGINNING = 'display as error "@'


def before_probes(text: str, answer: Answer) -> str:
    """Return the text up to and with the prompt at which the first sentinel was typed."""
    row = text.rfind("\n", 0, answer.first_sign) + 1
    prompt = PROMPT if text.startswith(PROMPT, row) else ""
    return _without_redraws(text[:row]) + prompt


def failed(text: str, sentinel: Sentinel, frame: Frame) -> tuple[str, int]:
    """Split the text up to the final prompt into the user's output and the return code."""
    ours = sentinel.echo_start(text)
    if ours >= 0:
        # Our line was read but printed nothing: by Mata, or into a block. What it caused there is
        # no answer to the user's code, which had come to its end.
        return frame.without_ending(text[:ours]), 0
    return frame.verdict(text)


def without_last_echo(text: str, sentinel: Sentinel) -> tuple[str, bool]:
    """Cut the echo of the sentinel's line off the end of ``text``; say whether it was there."""
    plain = f". {sentinel.line}\n"
    if text.endswith(plain) and text.count(sentinel.first) == 1:
        return text.removesuffix(plain), True
    if sentinel.first not in text.replace("\n> ", ""):
        return text, False
    echoes = list(sentinel.echo.finditer(text))
    if not echoes:
        return text, False
    return text[: echoes[-1].start()], True


def _without_redraws(text: str) -> str:
    """Drop the rows that an empty line of ours, or an editor drawing its row anew, left behind."""
    while True:
        row = text.rfind("\n", 0, len(text) - 1) + 1
        typed = text[row:-1].removeprefix(PROMPT)[: len(_LINE_BEGINNING)]
        if not text.startswith(PROMPT, row) or not _LINE_BEGINNING.startswith(typed):
            return text
        text = text[:row]
