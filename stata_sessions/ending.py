"""What a server that ends waits for is told as soon as it takes long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer

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
