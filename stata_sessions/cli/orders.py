"""Commands that act on what runs: stop, input."""

from __future__ import annotations

import click

from stata_sessions.cli.answers import json_option, show_json
from stata_sessions.cli.connecting import session_option, with_client
from stata_sessions.client import Client

WAIT_S = 30.0


@click.command()
@session_option
@click.option("--force", is_flag=True, help="End a Stata that does not answer; its data are gone.")
@json_option
@with_client
def stop(stata: Client, session: str | None, force: bool, as_json: bool) -> None:
    """Send a break to what a session runs; its data are kept."""
    stopped = stata.stop(session, force=force, wait_s=WAIT_S)
    if as_json:
        show_json(stopped)
    else:
        click.echo(stopped.message)


@click.command("input")
@click.argument("text")
@session_option
@json_option
@with_client
def send_input(stata: Client, text: str, session: str | None, as_json: bool) -> None:
    """Send a row to a session that waits for one."""
    stata.send_input(text, session)
    if as_json:
        show_json({"status": "success"})
