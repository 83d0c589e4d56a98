"""A real server on a port of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.server import Server
from tests.doors import BOUND_S, ENVIRON, light_settings


@dataclass(frozen=True)
class LiveServer:
    """A server that answers at ``url``, and what is behind it."""

    url: str
    settings: Settings
    manager: Manager
    server: Server


@contextmanager
def serving(settings: Settings, environ: Mapping[str, str] = ENVIRON) -> Iterator[LiveServer]:
    """Serve until the block ends."""
    manager = Manager(settings, environ)
    server = Server(settings, manager)
    server.start()
    waiter = Thread(target=server.wait, name="serving")
    waiter.start()
    try:
        yield LiveServer(server.address, settings, manager, server)
    finally:
        server.stop()
        waiter.join(BOUND_S)
    assert not waiter.is_alive()


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[LiveServer]:
    with serving(light_settings(tmp_path)) as live:
        yield live


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Start servers with settings of one's own; they end with the test."""
    with ExitStack() as stack:

        def start(**changes: Any) -> LiveServer:
            return stack.enter_context(serving(light_settings(tmp_path, **changes)))

        yield start
