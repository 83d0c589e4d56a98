"""What a server that ends waits for: it is bounded, and told as soon as it takes long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Full, Queue
from threading import Thread, Timer
from typing import Any

log = logging.getLogger(__name__)

LONG_S = 1.0


@contextmanager
def awaited(what: Callable[[], str]) -> Iterator[None]:
    """Log what is waited for, while the block goes on after a second, and how long that took."""
    begun = time.monotonic()
    later = Timer(LONG_S, lambda: log.warning("the end waits for %s", what()))
    later.daemon = True
    with suppress(RuntimeError):  # no thread to be had is no reason not to end
        later.start()
    try:
        yield
    finally:
        later.cancel()
        elapsed_s = time.monotonic() - begun
        if elapsed_s > LONG_S:
            log.warning("the end goes on after %.1f s", elapsed_s)


def finish(thread: Thread, queue: Queue[Any], within_s: float) -> bool:
    """Have a thread end that works off a queue up to a None; say whether it did in time."""
    deadline = time.monotonic() + within_s
    with suppress(Full):
        queue.put(None, timeout=within_s)
    thread.join(max(0.0, deadline - time.monotonic()))
    return not thread.is_alive()
