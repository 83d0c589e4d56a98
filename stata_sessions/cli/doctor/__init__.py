"""``stata-sessions doctor``: find Stata, start it, and measure what no manual tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stata_sessions.cli.answers import json_option, show_json
from stata_sessions.cli.settings import (
    SettingsCommand,
    config_option,
    settings_of,
    settings_options,
)
from stata_sessions.errors import LaunchFailed

if TYPE_CHECKING:
    from stata_sessions.cli.doctor.table import Finding
    from stata_sessions.launchers import Launcher
    from stata_sessions.settings import Settings

RELEVANT = (
    *("console", "launcher", "stata_path", "stata_edition", "worker_start_timeout"),
    *("processors", "processors_total", "licence_words"),
    *("shared_dir", "launch_command", "launch_host", "launch_setup", "launch_shell"),
)


@click.command(cls=SettingsCommand)
@config_option
@json_option
@click.option("--quick", is_flag=True, help="Start it and run a session, but measure nothing more.")
@settings_options(RELEVANT)
def doctor(config: Path | None, as_json: bool, quick: bool, **options: Any) -> None:
    """Find Stata, start it once, and report how it behaves.

    Takes a minute or two, changes nothing, and leaves nothing running. The report names your
    version and temporary folder, nothing else of yours; it is welcome in a bug report.
    """
    from stata_sessions.launchers import find_launcher

    settings, environ = settings_of(config, options)
    name = "standin" if settings.console == "standin" else settings.launcher
    launcher = find_launcher(name, settings, environ)
    answers = {}
    for finding in findings(launcher, settings, environ, quick=quick):
        answers[finding.question] = finding.answer
        if not as_json:
            click.echo(f"{finding.question}: {finding.answer}")
    if as_json:
        show_json(answers)


def findings(
    launcher: Launcher, settings: Settings, environ: Mapping[str, str], *, quick: bool
) -> Iterator[Finding]:
    """Yield what was found, each answer as soon as it is known.

    Raises LaunchFailed if there is no Stata, or it cannot be started.
    """
    # These fill the table of examinations.
    from stata_sessions.cli.doctor import breaking, leaving_open, running, typing_rows  # noqa: F401
    from stata_sessions.cli.doctor.ending import closed_terminal
    from stata_sessions.cli.doctor.engine import session_findings
    from stata_sessions.cli.doctor.finding import program_of, where_it_is
    from stata_sessions.cli.doctor.starting import start_findings
    from stata_sessions.cli.doctor.table import all_findings

    yield from where_it_is(launcher, settings, environ)
    if not launcher.programs():
        raise LaunchFailed(launcher.describe())
    if launcher.is_remote:
        # Its console is not here to be typed at; the session needs the launcher's id for itself.
        launcher.close()
        yield from session_findings(settings, environ)
        return
    program = program_of(launcher, settings, environ)
    yield from start_findings(program)
    yield from session_findings(settings, environ)
    if not quick:
        yield from all_findings(program)
        yield closed_terminal(program)
