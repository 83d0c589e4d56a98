"""The group of all commands: imported when called, and every error becomes an exit status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from stata_sessions import errors

# Looked up along the ancestors of an error's class; ConnectionError is how a client says that no
# server answers.
EXIT_STATUSES: dict[type[Exception], int] = {
    Exception: 70,
    ConnectionError: 4,
    errors.ConfigurationError: 2,
    errors.UsageError: 3,
    errors.StateError: 3,
    errors.LimitError: 3,
    errors.ServerStopping: 4,
    errors.AccessError: 4,
    errors.ConsoleError: 4,
}
FAULT = EXIT_STATUSES[Exception]
# What to do here about an error that says nothing of it, or says it for programs.
_OTHERS = "'stata-sessions sessions' lists those there are, 'sessions new NAME' opens one"
REMEDIES: dict[type[Exception], str] = {
    errors.NoSuchSession: _OTHERS,
    errors.SessionGone: _OTHERS,
    errors.ProtectedSession: "'stata-sessions sessions restart default' gives it a fresh Stata",
    errors.NoToken: "here with --token or STATA_SESSIONS_TOKEN",
}
# Where a command notes in its context that its caller is a program.
WANTS_JSON = "stata_sessions.wants_json"
# What shells expect of a program that was ended by Ctrl-C.
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Row:
    """Where a command is, and what ``--help`` says of it."""

    module: str
    purpose: str
    attribute: str = ""


class CommandLine(click.Group):
    """Commands of this package by name."""

    def __init__(self, rows: Mapping[str, Row], **given: Any) -> None:
        super().__init__(**given)
        self.rows = rows

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        row = self.rows.get(cmd_name)
        if row is None:
            return None
        found = getattr(
            import_module(f"stata_sessions.cli.{row.module}"), row.attribute or cmd_name
        )
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each is for, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.purpose) for name, row in self.rows.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises on purpose becomes a sentence and an exit status."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except Exception as error:
            status = exit_status_for(error)
            if status == FAULT:
                tell_of_fault(error)
            elif ctx.meta.get(WANTS_JSON):
                click.echo(as_json(error), err=True)
            else:
                click.echo(f"stata-sessions: {sentence(error)}", err=True)
            ctx.exit(status)


def exit_status_for(error: Exception) -> int:
    """Return the exit status that an error ends a command with."""
    return next(EXIT_STATUSES[each] for each in type(error).__mro__ if each in EXIT_STATUSES)


def sentence(error: Exception) -> str:
    """Return what an error says, and what a person at the command line can do about it."""
    remedy = REMEDIES.get(type(error))
    return f"{error}; {remedy}" if remedy else str(error)


def as_json(error: Exception) -> str:
    """Return an error as a row for programs, in the shape of the server's own."""
    import json

    kind, facts = getattr(error, "kind", "no-server"), getattr(error, "facts", {})
    return json.dumps({"status": "error", "message": str(error), "kind": kind, **facts})


def tell_of_fault(error: Exception) -> None:
    """Show where we went wrong, for the bug report."""
    from traceback import format_exception

    click.echo("".join(format_exception(error)), err=True, nl=False)
    click.echo("stata-sessions: this is a fault of stata-sessions; please report it", err=True)
