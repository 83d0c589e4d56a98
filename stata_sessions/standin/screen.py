"""The terminal's output side: text to bytes, with the vices of faults.py."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from stata_sessions.standin.errors import ExitConsole
from stata_sessions.standin.faults import Faults

_UNDERLINE, _COLOUR, _PLAIN = "\x1b[4m", "\x1b[32m", "\x1b[0m"


class TerminalScreen:
    """Writes text to a file descriptor at once: what a command printed is never held back."""

    def __init__(self, descriptor: int, faults: Faults) -> None:
        self._descriptor = descriptor
        self._encoding = "latin-1" if faults.on("latin1") else "utf-8"
        self._left = faults.count("die_after") or None
        self._decorate: list[Callable[[str], str]] = []
        if faults.on("colour"):
            self._decorate.append(_coloured)
        if faults.on("nul"):
            self._decorate.append(lambda text: text.replace("\n", "\n\0"))
        self._pieces = _pieces_of(faults)

    def write(self, text: str) -> None:
        """Show text."""
        for decorate in self._decorate:
            text = decorate(text)
        errors = "replace" if self._encoding == "latin-1" else "surrogateescape"
        for piece in self._pieces(text.encode(self._encoding, errors)):
            self._send(piece)

    def _send(self, data: bytes) -> None:
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            # Nobody is there any more to see it.
            raise ExitConsole from None
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _coloured(text: str) -> str:
    return "\n".join(
        f"{_COLOUR}{_UNDERLINE}{row}{_PLAIN}" if row else row for row in text.split("\n")
    )


def _pieces_of(faults: Faults) -> Callable[[bytes], list[bytes]]:
    if faults.on("one_byte"):
        return lambda data: [data[i : i + 1] for i in range(len(data))]
    if faults.on("half"):
        return _cut_inside_characters
    return lambda data: [data]


def _cut_inside_characters(data: bytes) -> list[bytes]:
    """Cut behind every byte that begins a character of several bytes."""
    cuts = [0, *(i + 1 for i, byte in enumerate(data) if byte >= 0xC0), len(data)]
    return [data[a:b] for a, b in zip(cuts, cuts[1:], strict=False) if a < b]
