"""``stata-sessions version``."""

from __future__ import annotations

import click

from stata_sessions import __version__
from stata_sessions.cli.answers import json_option, show_json


@click.command()
@json_option
def version(as_json: bool) -> None:
    """Print the version."""
    if as_json:
        show_json({"name": "stata-sessions", "version": __version__})
    else:
        click.echo(f"stata-sessions {__version__}")
