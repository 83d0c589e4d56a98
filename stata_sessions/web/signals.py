"""Signals to the server, heeded whichever of its threads the system hands them to.

Python runs a handler in the main thread alone, and only once that is awake. But any thread may take
a signal: one that has just started a program, such as squeue, looks for signals as it goes on, and
on a busy machine it is quicker than a main thread which has been woken for one. That thread sleeps
on then, and the signal is never heeded. The pipe below is written to by whoever takes it.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from threading import Thread, current_thread, main_thread
from types import FrameType

log = logging.getLogger(__name__)

Actions = Mapping[int, Callable[[], None]]


class Signals(ExitStack):
    """Has something done for signals, from ``heed`` to the end of the block."""

    def heed(self, actions: Actions) -> None:
        """Call an action, in a thread of its own, whenever its signal comes.

        Only the main thread may ask for it; for any other one nothing changes.
        """
        if current_thread() is not main_thread():
            return
        told, tell = os.pipe()
        os.set_blocking(tell, False)
        thread = Thread(target=_obey, args=(told, actions), name="signals", daemon=True)
        thread.start()
        self.callback(os.close, told)
        self.callback(thread.join)
        self.callback(os.close, tell)
        before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
        self.callback(signal.set_wakeup_fd, before)
        for number in actions:
            self.callback(signal.signal, number, signal.signal(number, _take))


def _take(number: int, frame: FrameType | None) -> None:
    """Do nothing here: that there is a handler has the pipe written to."""


def _obey(told: int, actions: Actions) -> None:
    while taken := os.read(told, 1):
        if action := actions.get(taken[0]):
            try:
                action()
            except Exception:
                log.exception("signal %d could not be heeded", taken[0])
