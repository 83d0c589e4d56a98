"""``stata-sessions serve``: the server, until it is told to stop."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stata_sessions import __version__
from stata_sessions.cli.settings import (
    SettingsCommand,
    config_option,
    settings_of,
    settings_options,
)
from stata_sessions.errors import ConfigurationError, LaunchFailed

if TYPE_CHECKING:
    from stata_sessions.launchers import Launcher


@click.command(cls=SettingsCommand)
@config_option
@settings_options()
def serve(config: Path | None, **options: Any) -> None:
    """Serve Stata sessions over HTTP and MCP.

    An option wins over its STATA_SESSIONS_… variable, that over the file named by --config, and
    that over the default. Ctrl-C and SIGTERM stop the server and every Stata of its.
    """
    # Heavy, and of no use to the other commands.
    from stata_sessions.cli.logs import logging_to
    from stata_sessions.cli.past import keeping_history
    from stata_sessions.sessions import Manager
    from stata_sessions.web.server import run_server
    from stata_sessions.web.signals import Signals

    settings, environ = settings_of(config, options)
    with (
        logging_to(sys.stderr, settings.log_level, as_json=settings.log_json),
        Signals() as signals,
        keeping_history(settings, environ) as listener,
    ):
        manager = Manager(settings, environ, listener=listener)
        try:
            launcher = manager.launcher
            _check(launcher, settings.working_dir)
            run_server(
                settings,
                manager,
                signals,
                ready=lambda address: click.echo(ready_row(address, launcher.describe())),
            )
        finally:
            manager.shutdown()


def _check(launcher: Launcher, working_dir: str) -> None:
    """Raise LaunchFailed or ConfigurationError for what no session could start with."""
    if not launcher.programs():
        raise LaunchFailed(launcher.describe())
    # What other machines have is seen only there.
    if working_dir and not launcher.is_remote and not Path(working_dir).is_dir():
        raise ConfigurationError(
            f"working_dir: there is no folder {working_dir}", key="working_dir"
        )


def ready_row(address: str, console: str) -> str:
    """Return the one row that a server prints when it answers."""
    return f"stata-sessions {__version__} listens on {address} and runs {console}"
