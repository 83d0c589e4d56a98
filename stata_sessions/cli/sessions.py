"""``stata-sessions sessions``: list, new, show, close, restart."""

from __future__ import annotations

from typing import Any

import click

from stata_sessions.cli.answers import json_option, show_fields, show_json, show_table
from stata_sessions.cli.connecting import (
    complete_session,
    session_argument,
    token_option,
    url_option,
    with_client,
)
from stata_sessions.client import Client, Session

HEADING = ("SESSION", "STATE", "RUNNING", "QUEUED", "MB", "IDLE", "EPOCH", "FOLDER")


@click.group(invoke_without_command=True)
@json_option
@url_option
@token_option
@click.pass_context
def sessions(ctx: click.Context, as_json: bool, url: str | None, token: str | None) -> None:
    """List, open, show, close and restart sessions."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_sessions, as_json=as_json, url=url, token=token)


@sessions.command("list")
@json_option
@with_client
def list_sessions(stata: Client, as_json: bool) -> None:
    """List the live sessions, and what each is doing."""
    found = stata.sessions()
    if as_json:
        show_json(found)
    else:
        show_table(HEADING, map(_row, found))


@sessions.command("new")
@click.argument("name", required=False)
@click.option("--working-dir", type=click.Path(file_okay=False), help="The folder it starts in.")
@click.option("--launcher", help="How its Stata is brought up.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="For the launcher.")
@json_option
@with_client
def new_session(
    stata: Client, name: str | None, as_json: bool, options: tuple[str, ...], **given: Any
) -> None:
    """Open a session, and print its id."""
    pairs = dict(_pair(each) for each in options)
    session_id = stata.create_session(name, options=pairs or None, **given)
    if as_json:
        show_json(stata.session(session_id))
    else:
        click.echo(session_id)


@sessions.command("show")
@session_argument
@json_option
@with_client
def show_session(stata: Client, session: str, as_json: bool) -> None:
    """Show all that is known of a session."""
    found = stata.session(session)
    if as_json:
        show_json(found)
    else:
        show_fields(found)


@sessions.command("close")
@click.argument(
    "session", metavar="ID...", nargs=-1, required=True, shell_complete=complete_session
)
@json_option
@with_client
def close_session(stata: Client, session: tuple[str, ...], as_json: bool) -> None:
    """Close sessions; their data are gone."""
    for each in session:
        stata.destroy_session(each)
    if as_json:
        show_json({"status": "success", "closed": session})


@sessions.command("restart")
@session_argument
@json_option
@with_client
def restart_session(stata: Client, session: str, as_json: bool) -> None:
    """Give a session a fresh Stata under the same id."""
    restarted = stata.restart(session)
    if as_json:
        show_json(restarted)
    else:
        click.echo(f"session {restarted.session_id} has a fresh Stata (epoch {restarted.epoch})")


def _row(session: Session) -> tuple[object, ...]:
    memory = session.memory_bytes and round(session.memory_bytes / 2**20)
    return (
        session.session_id,
        _state(session),
        session.running,
        session.queued,
        memory,
        f"{session.idle_s:.0f} s",
        session.epoch,
        session.working_dir,
    )


def _state(session: Session) -> str:
    queued = session.place.queued if session.place else ""
    return f"{session.state.value} ({queued})" if queued else session.state.value


def _pair(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    if not equals:
        raise click.UsageError(f"--option {option}: give NAME=VALUE")
    return name, value
