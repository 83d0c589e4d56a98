"""What other threads may ask of the thread that owns a console."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """Break the running command; with ``force`` kill the console at once."""

    command: int | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """End the console because somebody asked."""

    reason: str


@dataclass(frozen=True, slots=True)
class Input:
    """Type a line of the user's, for a console that waits for one."""

    text: str


Message = Stop | Close | Input
