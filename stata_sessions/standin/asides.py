"""Long computations set aside, so that an interrupt need not wait for them to end.

Compiled code cannot be interrupted. What computes a result and changes nothing else is therefore
run in a thread of its own when there is much to do; whoever waits for it may give up, and the
result is dropped when it comes. The console says how to wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextvars import copy_context
from functools import wraps
from threading import Thread, current_thread, main_thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Wait = Callable[[int], None]

# Shorter computations end before anybody could press a key.
_LONG = 100_000
_waits: list[Wait] = []


def wait_by(*wait: Wait) -> None:
    """Say how to wait until a descriptor is readable, or that nobody can.

    The wait may end with an exception.
    """
    _waits[:] = wait


def aside(function: Callable[P, T]) -> Callable[P, T]:
    """Set a function aside when one of its arguments is long; it must change nothing."""

    @wraps(function)
    def called(*arguments: P.args, **named: P.kwargs) -> T:
        if not _waits or _longest(arguments) < _LONG or current_thread() is not main_thread():
            return function(*arguments, **named)
        return _waited(lambda: function(*arguments, **named))

    return called


def _longest(arguments: Iterable[Any]) -> int:
    """Return the most elements of an array among the arguments or in lists of them."""
    sizes = [0]
    for argument in arguments:
        size = getattr(argument, "size", 0)
        sizes.append(_longest(argument) if isinstance(argument, list | tuple) else size)
    return max(size for size in sizes if isinstance(size, int))


def _waited(compute: Callable[[], T]) -> T:
    done, finished = os.pipe()
    outcome: list[tuple[T | None, BaseException | None]] = []

    def run() -> None:
        try:
            outcome.append((compute(), None))
        except BaseException as error:
            outcome.append((None, error))
        finally:
            os.close(finished)

    # How numpy treats what mathematics does not define belongs to the context.
    Thread(target=copy_context().run, args=(run,), daemon=True).start()
    try:
        _waits[0](done)
    finally:
        os.close(done)
    value, error = outcome[0]
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # without an error there is a value
