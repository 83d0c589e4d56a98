"""The server: waitress, its address, and a way down that leaves no caller and no Stata behind."""

from __future__ import annotations

import errno
import logging
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from stata_sessions.ending import awaited
from stata_sessions.errors import ConfigurationError
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.app import create_app
from stata_sessions.web.channel import Channel
from stata_sessions.web.signals import Signals
from stata_sessions.web.tokens import Tokens

log = logging.getLogger(__name__)

# Each blocked request owns a thread, each stream one more, and an idle one costs next to nothing.
LEAST_THREADS = 128
# What a slow reader may leave unread in memory before its stream waits for it.
OUTPUT_WATERMARK_BYTES = 2**20
# Besides connections: terminals, pipes, logs, spooled answers.
OTHER_FILES = 1024
BACKLOG = 1024
STOPPING = (signal.SIGTERM, signal.SIGINT)
DRAIN_LOOK_S = 0.02
# How often waitress looks for connections that have long been silent. Everything else wakes it.
LOOP_S = 30
THREADS_END_S = 2.0


def run_server(
    settings: Settings, manager: Manager, signals: Signals, *, ready: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is told the address once it answers.

    A second one of them has it cut off the answers that are under way.
    SIGHUP reads tokens from their files again. The signals are heeded until ``signals`` ends.
    """
    server = Server(settings, manager)
    actions: dict[int, Callable[[], None]] = dict.fromkeys(STOPPING, server.stop)
    if server.tokens.may_change:
        actions[signal.SIGHUP] = server.tokens.read_again
    signals.heed(actions)
    server.start()
    ready(server.address)
    server.wait()


class Server:
    """A running waitress over an application."""

    def __init__(self, settings: Settings, manager: Manager) -> None:
        self._settings, self._manager = settings, manager
        _raise_file_limit(settings.connection_limit + OTHER_FILES)
        self.tokens = Tokens(settings)
        app = create_app(settings, manager, self.tokens)
        self._waitress: Any = _listening(app, settings)
        self._waitress.channel_class = Channel
        self._waitress.is_draining = False
        self._loop = Thread(target=self._waitress.run, name="web", daemon=True)
        # Unlike an event it tells how often it was told.
        self._stop: SimpleQueue[None] = SimpleQueue()

    @property
    def address(self) -> str:
        """Where it listens: a URL, or the path of its socket."""
        if self._settings.unix_socket:
            return f"unix:{self._settings.unix_socket}"
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        return f"http://{host}:{self._waitress.effective_port}"

    def start(self) -> None:
        """Begin to answer, and to start the spare consoles that the settings ask for."""
        self._loop.start()
        self._manager.keep_spares()

    def stop(self) -> None:
        """Ask it to stop, or once more, to cut off the answers under way; returns at once."""
        self._stop.put(None)

    def wait(self) -> None:
        """Wait until it was asked to stop, then take it down in order."""
        self._stop.get()
        # In the loop's own thread: closed from another one it would still accept for a while.
        self._in_loop(lambda: wasyncore.dispatcher.close(self._waitress))
        # First the consoles, so that callers who wait for a command get their answer.
        self._manager.shutdown()
        self._waitress.is_draining = True
        with awaited(self._unanswered):
            self._drain()
        # Else the threads whose answer nobody reads would stay.
        self._in_loop(self._hang_up)
        with awaited(lambda: "the threads that answer"):
            self._waitress.task_dispatcher.shutdown(timeout=THREADS_END_S)
        # With nothing left to watch, the loop ends.
        self._in_loop(lambda: wasyncore.close_all(self._waitress._map))
        with awaited(lambda: "the thread that reads requests"):
            self._loop.join(THREADS_END_S)

    def _in_loop(self, thunk: Callable[[], None]) -> None:
        self._waitress.trigger.pull_trigger(thunk)

    def _drain(self) -> None:
        """Let answers under way get out, unless it is asked to stop once more."""
        deadline = time.monotonic() + self._settings.drain_timeout
        while self._answering() and time.monotonic() < deadline:
            with suppress(Empty):
                # waitress tells nobody when an answer is out
                self._stop.get(timeout=DRAIN_LOOK_S)
                deadline = 0.0

    def _hang_up(self) -> None:
        for channel in list(self._waitress.active_channels.values()):
            channel.handle_close()

    def _answering(self) -> list[Any]:
        channels = list(self._waitress.active_channels.values())
        return [each for each in channels if each.requests or each.total_outbufs_len]

    def _unanswered(self) -> str:
        answering = self._answering()
        unread = sum(each.total_outbufs_len for each in answering)
        return f"answers under way ({len(answering)}, with {unread} bytes that nobody has read)"


def threads_for(settings: Settings) -> int:
    """Return how many requests may be answered at once."""
    blocked = max(LEAST_THREADS, settings.max_sessions * 3 // 2)
    return settings.threads or blocked + settings.streams_limit


def _options(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "threads": threads_for(settings),
        "connection_limit": settings.connection_limit,
        "channel_timeout": settings.connection_timeout,
        "cleanup_interval": min(LOOP_S, settings.connection_timeout),
        "max_request_body_size": settings.body_limit_bytes,
        "outbuf_high_watermark": OUTPUT_WATERMARK_BYTES,
        # select() ends the server at file descriptor 1024.
        "asyncore_use_poll": True,
        "asyncore_loop_timeout": min(LOOP_S, settings.connection_timeout),
        # Without it nobody notices a client that leaves a silent stream.
        "channel_request_lookahead": 1,
        "ident": None,
    }
    if settings.unix_socket:
        options |= {"unix_socket": settings.unix_socket, "unix_socket_perms": "600"}
    return options


def _listening(app: Flask, settings: Settings) -> Any:
    options = _options(settings)
    where = settings.unix_socket or f"{settings.host}:{settings.port}"
    try:
        if settings.unix_socket:
            _check_unused(settings.unix_socket)
        else:
            # Ours, and first: "localhost" would otherwise become two servers, and waitress starts
            # its threads before it finds the port taken.
            family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            address = (settings.host, settings.port)
            options["sockets"] = [socket.create_server(address, family=family, backlog=BACKLOG)]
        return create_server(app, **options)
    except OSError as error:
        reason = _reason(error, settings)
        raise ConfigurationError(f"cannot listen on {where}: {reason}", key="port") from error


def _reason(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE and not settings.unix_socket:
        return f"{os.strerror(error.errno)}; name another port, or 0 for any"
    return error.strerror or str(error)


def _check_unused(path: str) -> None:
    """Raise OSError if somebody answers at a socket, which would silently become ours."""
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(path) == 0:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def _raise_file_limit(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        log.warning("only %d open files are allowed; %d would be needed", hard, wanted)
