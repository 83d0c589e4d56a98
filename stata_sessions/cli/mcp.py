"""``stata-sessions mcp``: the relay that assistants start."""

from __future__ import annotations

import sys
from typing import Any

import click

from stata_sessions.cli.connecting import token_option, url_option
from stata_sessions.cli.private import as_arguments
from stata_sessions.cli.settings import SettingsCommand, settings_options
from stata_sessions.client.connection import DEFAULT_URL


@click.command(cls=SettingsCommand)
@url_option
@token_option
@click.option("--start/--no-start", default=True, help="Start a server if none answers.  [on]")
@settings_options(("console", "stata_path", "stata_edition", "max_sessions"))
def mcp(url: str | None, token: str | None, start: bool, **options: Any) -> None:
    """Speak MCP on standard input and output, for assistants.

    If no server answers, one is started with the options below, and it ends with this command.
    """
    from stata_sessions.mcp.host import serve_command
    from stata_sessions.mcp.relay import main

    address = url or DEFAULT_URL
    serve = serve_command(address, *as_arguments(options)) if start else None
    sys.exit(main(address, token or "", serve=serve))
