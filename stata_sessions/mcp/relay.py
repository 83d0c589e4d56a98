"""The relay: the protocol on standard input and output, carried to a server over HTTP.

It keeps nothing but what HTTP needs: the session id of the handshake, and which connection carries
which call. Only the standard library is imported, since assistants start it for every conversation.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from threading import BoundedSemaphore, Lock, Thread, current_thread
from typing import BinaryIO

from stata_sessions.mcp import messages
from stata_sessions.mcp.carrier import Carrier, Exchange, NoServer
from stata_sessions.mcp.host import Host
from stata_sessions.mcp.messages import Call, Notice, Object, Refused

# Clients that close standard input wait about two seconds before they use force.
LAST_ANSWERS_S = 1.0
LINE_BYTES = 16 * 2**20
CALLS_LIMIT = 100
NO_SERVER = -32000


def main(
    url: str,
    token: str = "",
    *,
    serve: Sequence[str] | None = None,
    source: BinaryIO | None = None,
    sink: BinaryIO | None = None,
) -> int:
    """Carry messages until standard input ends, and return an exit status.

    ``url`` is a server's address, such as http://127.0.0.1:4000. ``serve`` is the command that
    starts one there if none answers (see ``serve_command``); that server ends with the relay.
    """
    # So that the child is ended, whichever way the client ends us.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    carrier = Carrier(url, token)
    host = Host(carrier.is_served, serve)
    with ExitStack() as ending:
        ending.callback(host.end)
        Relay(carrier, host, sink or sys.stdout.buffer).run(source or sys.stdin.buffer)
    return 0


class Relay:
    """Reads messages from one side and writes the answers there, each call in its own thread."""

    def __init__(self, carrier: Carrier, host: Host, sink: BinaryIO) -> None:
        self._carrier, self._host, self._sink = carrier, host, sink
        self._writing, self._lock = Lock(), Lock()
        self._exchanges: dict[messages.Id, Exchange] = {}
        self._free = BoundedSemaphore(CALLS_LIMIT)
        self._threads: set[Thread] = set()

    def run(self, source: BinaryIO) -> None:
        """Carry each line until there are no more, and then what is nearly done."""
        while line := source.readline(LINE_BYTES + 1):
            if line.strip():
                self._take(line)
        deadline = time.monotonic() + LAST_ANSWERS_S
        for thread in list(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))

    def _take(self, line: bytes) -> None:
        try:
            if len(line) > LINE_BYTES:
                raise Refused(messages.INVALID_REQUEST, f"A message is longer than {LINE_BYTES}")
            message = messages.parse(line)
        except Refused as refused:
            self._write(messages.error(refused))
            return
        if isinstance(message, Notice):
            self._notify(message, line)
        elif message is not None:
            self._host.ensure()
            self._begin(message, line)

    def _begin(self, call: Call, line: bytes) -> None:
        if call.method == "initialize":
            # First, and alone: its answer names the session that all others belong to.
            self._call(call, line, self._carrier.exchange(call))
            return
        if not self._free.acquire(blocking=False):
            text = f"More than {CALLS_LIMIT} calls at once"
            self._write(messages.error(Refused(messages.INTERNAL_ERROR, text, id=call.id)))
            return
        exchange = self._carrier.exchange(call)
        with self._lock:
            self._exchanges[call.id] = exchange
        thread = Thread(target=self._carry, args=(call, line, exchange), daemon=True)
        self._threads.add(thread)
        thread.start()

    def _carry(self, call: Call, line: bytes, exchange: Exchange) -> None:
        try:
            self._call(call, line, exchange)
        finally:
            self._free.release()
            self._threads.discard(current_thread())
            with self._lock:
                if self._exchanges.get(call.id) is exchange:
                    del self._exchanges[call.id]

    def _call(self, call: Call, line: bytes, exchange: Exchange) -> None:
        answered = False
        try:
            for message in exchange.run(line):
                answered = answered or message.get("id") == call.id
                self._write(message)
        except NoServer as error:
            answered = True
            text = self._host.failure or str(error)
            self._write(messages.error(Refused(NO_SERVER, text, id=call.id)))
        if not answered and not exchange.is_cancelled:
            text = "The server closed the connection without an answer; its log may say why"
            self._write(messages.error(Refused(NO_SERVER, text, id=call.id)))

    def _notify(self, notice: Notice, line: bytes) -> None:
        exchange = None
        if notice.cancelled is not None:
            with self._lock:
                exchange = self._exchanges.get(notice.cancelled)
        if exchange and exchange.call.is_modern:
            exchange.hang_up()  # which is how that era cancels
            return
        if exchange:
            exchange.is_cancelled = True
        self._carrier.notify(line)

    def _write(self, message: Object) -> None:
        # One line, whatever the server's spelling was.
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        # A client that left reads no more; standard input tells so soon.
        with self._writing, suppress(BrokenPipeError):
            self._sink.write(line)
            self._sink.flush()
