"""Commands that look: history, results, data, tail, open."""

from __future__ import annotations

import click

from stata_sessions.cli.answers import json_option, show_json, show_table
from stata_sessions.cli.connecting import session_option, with_client
from stata_sessions.cli.past import seconds, short, show_past
from stata_sessions.cli.waiting import telling
from stata_sessions.client import Client, Command, ResultSet
from stata_sessions.client.looking import DEFAULT
from stata_sessions.errors import UsageError
from stata_sessions.settings import SETTINGS

# Stata's linesize is 255 at most, and a character of UTF-8 has up to four bytes.
LONGEST_ROW_BYTES = 1024


@click.command()
@session_option
@click.option("--do", "as_do", is_flag=True, help="As a do-file that runs it all again.")
@click.option("--all", "on_disk", is_flag=True, help="What is on disk, of all sessions.")
@click.option(
    "-n", "--rows", type=click.IntRange(min=1), default=100, help="Newest commands.  [100]"
)
@click.option(
    "--history-file",
    envvar=SETTINGS["history_file"].variable,
    default="",
    metavar="FILE",
    help="With --all: the server's history_file.",
)
@json_option
@with_client
def history(
    stata: Client,
    session: str | None,
    as_do: bool,
    on_disk: bool,
    rows: int,
    history_file: str,
    as_json: bool,
) -> None:
    """Show what ran in a session, in order."""
    if on_disk and as_do:
        raise click.UsageError("--do is for a session that is open, --all for all that ever were")
    if on_disk:
        show_past(session, history_file, rows, as_json=as_json)
        return
    if as_do:
        click.echo(stata.do_file(session), nl=False)
        return
    found = stata.history(session)
    newest = found[-rows:]
    if as_json:
        show_json(newest)
    else:
        show_table(("NUMBER", "STATE", "CODE", "SECONDS", "COMMAND"), map(_history_row, newest))
        _tell_rest(len(newest), len(found), "commands")


@click.command()
@session_option
@json_option
@with_client
def results(stata: Client, session: str | None, as_json: bool) -> None:
    """Show r(), e() and s() of a session."""
    found = stata.results(session)
    if as_json:
        show_json(found)
        return
    kinds = [(kind, getattr(found, kind)) for kind in "res"]
    for kind, each in kinds:
        _show_results(kind, each)
    if not any(each.scalars or each.macros or each.matrices for _, each in kinds):
        click.echo("no results yet", err=True)


@click.command()
@session_option
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Rows to skip.")
@click.option("--limit", type=click.IntRange(min=1), default=20, help="Most rows to show.  [20]")
@click.option("--if", "condition", metavar="EXPRESSION", help="Only rows for which this is true.")
@json_option
@with_client
def data(
    stata: Client,
    session: str | None,
    offset: int,
    limit: int,
    condition: str | None,
    as_json: bool,
) -> None:
    """Show rows of a session's data."""
    found = stata.data(session, offset=offset, limit=limit, condition=condition)
    if as_json:
        show_json(found)
        return
    if not found.columns:
        click.echo("no data in memory", err=True)
        return
    missing = ["" if found.types[each].startswith("str") else "." for each in found.columns]
    rows = (
        [number, *(gap if each is None else each for each, gap in zip(row, missing, strict=True))]
        for number, row in zip(found.index, found.rows, strict=True)
    )
    show_table(["", *found.columns], rows)
    _tell_rest(len(found.rows), found.total_rows, "rows")


@click.command()
@session_option
@click.option("-n", "--rows", type=click.IntRange(min=0), default=20, help="Last rows.  [20]")
@click.option("-f", "--follow", is_flag=True, help="Go on until the session ends, or Ctrl-C.")
@json_option
@with_client
def tail(stata: Client, session: str | None, rows: int, follow: bool, as_json: bool) -> None:
    """Show the last rows of what a session printed, and follow it."""
    page = stata.transcript(session, last=rows * LONGEST_ROW_BYTES)
    last = page.output.splitlines(keepends=True)[-rows:] if rows else []
    _show_piece("".join(last), as_json)
    if follow:
        tell = telling(stata, session or DEFAULT, as_json=as_json, err=not as_json)
        for text in stata.follow(session, page.next_offset, on_wait=tell):
            _show_piece(text, as_json)


@click.command("open")
@json_option
@with_client
def open_page(stata: Client, as_json: bool) -> None:
    """Open the server's page in the browser."""
    stata.health()
    url = stata.address.url
    if not url.startswith("http") or click.launch(url):
        raise UsageError(f"no browser can be started for {url}")
    if as_json:
        show_json({"status": "success", "url": url})


def _show_piece(text: str, as_json: bool) -> None:
    if as_json:
        show_json({"text": text}, indent=None)
    else:
        click.echo(text, nl=False)


def _tell_rest(shown: int, total: int, what: str) -> None:
    if shown < total:
        click.echo(f"({shown} of {total} {what})", err=True)


def _history_row(command: Command) -> tuple[object, ...]:
    took_s = seconds(command.elapsed_s)
    return command.number, command.state.value, command.return_code, took_s, short(command.code)


def _show_results(kind: str, found: ResultSet) -> None:
    for name, value in [*found.scalars.items(), *found.macros.items()]:
        click.echo(f"{kind}({name}) = {'.' if value is None else value}")
    for name, matrix in found.matrices.items():
        click.echo(f"{kind}({name}):")
        rows = ([row, *values] for row, values in zip(matrix.rows, matrix.values, strict=True))
        show_table(["", *matrix.columns], rows)
