"""Waiting for a command on behalf of a caller who may go away."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from stata_sessions.sessions import Command, OutputPage

# How long a wait goes on after its caller left. Only the waiting thread is at stake: the command
# runs on in any case.
LOOK_UP_S = 0.5


def wait_for(command: Command, wait_s: float | None, is_gone: Callable[[], bool]) -> bool:
    """Wait until the command ended, time is up, or the caller went away; True when it ended."""
    deadline = None if wait_s is None else time.monotonic() + wait_s
    while not is_gone():
        left = LOOK_UP_S if deadline is None else min(LOOK_UP_S, deadline - time.monotonic())
        if command.wait(max(left, 0)):
            return True
        if left <= 0:
            return False
    return False


class Readable(Protocol):
    """What has output: a command, or a session as a whole."""

    def read(self, offset: int, limit: int, wait_s: float = 0) -> OutputPage:
        """Return output from an offset on, waiting for some if there is none yet."""


def read_ready(
    source: Readable, offset: int, limit: int, wait_s: float, is_gone: Callable[[], bool]
) -> OutputPage:
    """Read output as soon as there is some, the source ended, time is up, or the caller left.

    Raises OutputDiscarded.
    """
    deadline = time.monotonic() + wait_s
    while True:
        left = deadline - time.monotonic()
        page = source.read(offset, limit, min(LOOK_UP_S, max(left, 0)))
        if page.text or page.complete or left <= 0 or is_gone():
            return page
