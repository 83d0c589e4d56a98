"""A server for one command line alone, where none answers."""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from stata_sessions.client import Client

# In a session of its own: Ctrl-C is for the do-file, not for the server that runs it.
SERVE = "import os; os.setsid(); from stata_sessions.cli import main; main()"
# Nobody else sends commands, and their author is there to stop them.
QUIET = ("--command-timeout", "0", "--session-timeout", "0", "--log-level", "warning")


@contextmanager
def found_client(
    url: str | None, token: str | None, options: dict[str, Any], jobs: int
) -> Iterator[Client]:
    """Yield a client of the server that answers, or else of a private one that ends with the block.

    A server that was named must answer. Raises ConnectionError.
    """
    client = Client(url, token)
    wants_private = any(options.values())
    if not wants_private and (url or _answers(client)):
        yield client
        return
    with private_server([*as_arguments(options), "--max-sessions", str(jobs + 1)]) as address:
        yield Client(address, token)


@contextmanager
def private_server(arguments: Sequence[str]) -> Iterator[str]:
    """Serve on a socket that only this user can open; yield its address. Raises ConnectionError."""
    # It starts servers for assistants in the same way.
    from stata_sessions.mcp.host import Host

    with tempfile.TemporaryDirectory(prefix="stata-sessions-") as folder:
        path = Path(folder) / "socket"
        command = [sys.executable, "-c", SERVE, "serve", "--unix-socket", str(path)]
        host = Host(lambda: _listens(path), [*command, *QUIET, *arguments])
        try:
            host.ensure()
            if host.failure:
                # What it had to say stands above, on standard error.
                raise ConnectionError(host.failure.partition(":")[0])
            yield f"unix:{path}"
        finally:
            host.end()


def as_arguments(options: dict[str, Any]) -> list[str]:
    """Return options of settings as they are typed."""
    arguments = []
    for name, value in options.items():
        if value:
            arguments += ["--" + name.replace("_", "-"), str(value)]
    return arguments


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _answers(client: Client) -> bool:
    try:
        client.health()
    except ConnectionError:
        click.echo(f"no server at {client.address.url}, so a private one is started", err=True)
        return False
    return True
