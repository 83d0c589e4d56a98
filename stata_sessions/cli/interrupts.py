"""Ctrl-C while Stata works: the first sends a break, the second leaves; so does SIGTERM."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread
from types import FrameType

import click


@contextmanager
def breaking(send_break: Callable[[], None]) -> Iterator[None]:
    """Have the first Ctrl-C send a break, from a thread of its own; the second raises."""
    if current_thread() is not main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def caught(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo("\nsending a break; Ctrl-C once more leaves", err=True)
        # Not here: a handler must not wait for a server.
        Thread(target=send_break, name="break", daemon=True).start()

    signal.signal(signal.SIGINT, caught)
    # Not a wish to break, but to leave at once, and tidily.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
