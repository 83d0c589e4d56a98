"""How the commands that are clients find their server, and name a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from stata_sessions.client import Client
from stata_sessions.client.connection import DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE

F = TypeVar("F", bound=Callable[..., Any])

url_option = click.option(
    "--url", envvar=URL_VARIABLE, metavar="URL", help=f"The server's address.  [{DEFAULT_URL}]"
)
token_option = click.option(
    "--token", envvar=TOKEN_VARIABLE, metavar="TEXT", help="The token that the server wants."
)


def with_client(function: F) -> Callable[..., Any]:
    """Give a command ``--url`` and ``--token``, and the client that they make as first argument."""

    @url_option
    @token_option
    @wraps(function)
    def called(url: str | None, token: str | None, **given: Any) -> Any:
        # Options may also stand before the subcommand.
        above = getattr(click.get_current_context().parent, "params", {})
        client = Client(url or above.get("url"), token or above.get("token"))
        return function(client, **given)

    return called


def complete_session(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the sessions that a shell may complete; none if no server answers."""
    try:
        found = Client(ctx.params.get("url"), ctx.params.get("token")).sessions()
    except Exception:  # a shell has no use for any of them
        return []
    return [
        CompletionItem(each.session_id, help=each.state.value)
        for each in found
        if each.session_id.startswith(incomplete)
    ]


session_option = click.option(
    "-s",
    "--session",
    metavar="ID",
    shell_complete=complete_session,
    help="Which session.  [default]",
)
session_argument = click.argument("session", metavar="ID", shell_complete=complete_session)
