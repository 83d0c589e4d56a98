"""``stata-sessions health``: whether a server answers, and is ready."""

from __future__ import annotations

import time
from threading import Event

import click

from stata_sessions.cli.answers import json_option, show_json
from stata_sessions.cli.connecting import with_client
from stata_sessions.client import Client
from stata_sessions.errors import NotReady

LOOK_S = 0.5


@click.command()
@click.option(
    "--wait",
    "wait_s",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="Wait so long for it to become ready.  [0]",
)
@json_option
@with_client
def health(stata: Client, wait_s: float, as_json: bool) -> None:
    """Tell whether a server answers, and is ready for new sessions.

    Without the server's token it says no more than that.
    """
    deadline, pause = time.monotonic() + wait_s, Event()
    while True:
        try:
            stata.check_ready()
            break
        except (NotReady, ConnectionError):
            if (left := deadline - time.monotonic()) <= 0:
                raise
            pause.wait(min(LOOK_S, left))
    if as_json:
        show_json({"status": "ready"})
    else:
        click.echo(f"{stata.address.url} is ready")
