"""Where answers wait for a client that hears all of them in one stream.

So the protocol went over HTTP until 2025-03-26, and so configurations of type ``sse`` still speak:
a ``GET`` opens the stream, whose first event tells where to post; what is posted is only accepted,
and answered in the stream. https://modelcontextprotocol.io/specification/2024-11-05/basic/transports
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread

from stata_sessions.sse import HEARTBEAT, HEARTBEAT_S, LOOK_UP_S, event

# Of a client that does not read its stream; one that does is never behind by more than a few.
MOST_UNREAD = 256
# Names a mailbox in the address to post to; proxies take a ``session_id`` there for Stata's.
PARAMETER = "mailbox"

Yes = Callable[[], bool]


class Mailbox:
    """The events that one client has still to hear, and the calls that owe it some."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(16)
        self._events: Queue[str] = Queue(MOST_UNREAD)
        self._closed = Event()
        self._owing = 0
        self._lock = Lock()

    def is_closed(self) -> bool:
        """Tell whether nobody listens any more."""
        return self._closed.is_set()

    def close(self) -> None:
        """Take nothing more."""
        self._closed.set()

    def put(self, text: str) -> None:
        """Add an event; a client that leaves too many unread loses its stream."""
        try:
            self._events.put_nowait(text)
        except Full:
            self.close()

    def owe(self, texts: Iterator[str], ended: Callable[[], None]) -> None:
        """Add events as they come, in a thread of their own; ``ended`` is called at last."""
        self._count(1)

        def collect() -> None:
            try:
                for text in texts:
                    self.put(text)
            finally:
                ended()
                self._count(-1)

        run = copy_context().run
        Thread(target=lambda: run(collect), name="mcp-mailbox", daemon=True).start()

    def events(self, address: str, is_gone: Yes, is_stopping: Yes) -> Iterator[str]:
        """Yield the address to post to, and then what there is to hear, until somebody leaves.

        A server that stops leaves when everything owed has been told.
        """
        yield event(f"{address}?{PARAMETER}={self.id}", name="endpoint")
        told = time.monotonic()
        while not (self.is_closed() or is_gone()):
            owing = self._owing  # read first: what is owed has been put by the time it is not
            with suppress(Empty):
                yield self._events.get(timeout=LOOK_UP_S)
                told = time.monotonic()
                continue
            if is_stopping() and not owing:
                return
            if time.monotonic() - told >= HEARTBEAT_S:
                told = time.monotonic()
                yield HEARTBEAT

    def _count(self, step: int) -> None:
        with self._lock:
            self._owing += step


class Mailboxes:
    """The mailboxes of clients that listen, by their ids."""

    def __init__(self) -> None:
        self._by_id: dict[str, Mailbox] = {}

    def open(self) -> Mailbox:
        """Return a new one."""
        mailbox = Mailbox()
        self._by_id[mailbox.id] = mailbox
        return mailbox

    def find(self, id: str) -> Mailbox | None:
        """Return a mailbox, unless nobody listens there."""
        mailbox = self._by_id.get(id)
        return None if mailbox is None or mailbox.is_closed() else mailbox

    def close(self, mailbox: Mailbox) -> None:
        """Forget one whose client has left."""
        mailbox.close()
        self._by_id.pop(mailbox.id, None)
