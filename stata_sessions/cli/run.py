"""``stata-sessions run`` and ``exec``: do-files and code, with the output as it comes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from stata_sessions.cli.answers import json_option, show_json
from stata_sessions.cli.connecting import session_option, token_option, url_option
from stata_sessions.cli.interrupts import breaking
from stata_sessions.cli.jobs import Job, Runner, ending_of, exit_status_of, send_break
from stata_sessions.cli.private import found_client
from stata_sessions.cli.settings import SettingsCommand, settings_options
from stata_sessions.cli.waiting import telling
from stata_sessions.client import Client, Result

# Given any of these, a private server is started with them.
OF_A_PRIVATE_SERVER = ("console", "stata_path", "stata_edition")
JOBS = 4

time_limit_option = click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Break what takes longer.  [the server's command_timeout]",
)


@click.command(cls=SettingsCommand)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@session_option
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=JOBS, help=f"Files at once.  [{JOBS}]"
)
@click.option("--quiet", is_flag=True, help="Show no output, only how each file ended.")
@click.option("--logs", type=click.Path(file_okay=False, path_type=Path), help="Folder for logs.")
@time_limit_option
@json_option
@url_option
@token_option
@settings_options(OF_A_PRIVATE_SERVER)
def run(
    files: tuple[Path, ...],
    session: str | None,
    jobs: int,
    time_limit_s: float | None,
    url: str | None,
    token: str | None,
    quiet: bool,
    logs: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Run do-files, several at once, each in a session of its own.

    The output of one file is shown as it comes; of several, file by file, and how far each is.
    Ctrl-C breaks Stata, a second one leaves. Without a server a private one is started. The exit
    status is 1 if a return code was not 0.
    """
    found = [Job.of(path) for path in files]
    if logs:
        _prepare_logs(logs, found)
    wanted = 1 if session else min(jobs, len(found))
    with found_client(url, token, options, wanted) as stata:
        runner = Runner(stata, session, time_limit_s, as_json=as_json)
        at_once = max(1, min(wanted, stata.available_slots()))
        _run_all(runner, found, at_once, shows_output=not (quiet or as_json))
    if as_json:
        show_json([job.as_json() for job in found])
    sys.exit(max(job.exit_status for job in found))


def _run_all(runner: Runner, jobs: list[Job], at_once: int, *, shows_output: bool) -> None:
    # With its 60 ms for the imports, only where files are run.
    from stata_sessions.cli.progress import Board, tell_end

    is_only = len(jobs) == 1
    with Board(jobs) as board, breaking(runner.send_break):
        live = board.print if shows_output and is_only else lambda text: None
        try:
            runner.start(jobs, at_once, live)
            for job in jobs:
                job.done.wait()
                if shows_output and not is_only:
                    board.print(f"==> {job.path} <==\n{job.output}\n")
        except KeyboardInterrupt:
            runner.leave()
            raise
    for job in jobs:
        tell_end(job, is_only=is_only)


def _prepare_logs(folder: Path, jobs: list[Job]) -> None:
    """Give each job a log to keep its output in."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[Path] = set()
    for job in jobs:
        path = folder / f"{job.path.stem}.log"
        if path in taken:
            raise click.UsageError(f"two files would have the log {path}")
        taken.add(path)
        job.kept = path.open("w+", encoding="utf-8", newline="")


@click.command("exec", cls=SettingsCommand)
@click.argument("code")
@session_option
@time_limit_option
@json_option
@url_option
@token_option
@settings_options(OF_A_PRIVATE_SERVER)
def execute(
    code: str,
    session: str | None,
    time_limit_s: float | None,
    url: str | None,
    token: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Run code in a session, and show its output.

    Ctrl-C breaks Stata, a second one leaves. Without a server a private one is started.
    """
    given = sys.stdin.read().rstrip("\n") if code == "-" else code
    with found_client(url, token, options, jobs=1) as stata:
        status = _execute(stata, given, session, time_limit_s, as_json=as_json)
    sys.exit(status)


def _execute(
    stata: Client, code: str, session: str | None, time_limit_s: float | None, *, as_json: bool
) -> int:
    command = stata.submit(code, session, time_limit_s=time_limit_s)
    with breaking(lambda: send_break(stata, command)):
        tell = telling(stata, command.session_id, as_json=as_json)
        stream = stata.stream(command, on_wait=tell)
        if as_json:
            output = "".join(stream)
            show_json(Result(stream.command, output))
            return exit_status_of(stream.command)
        for text in stream:
            click.echo(text, nl=False)
    status, ending = exit_status_of(stream.command), ending_of(stream.command)
    # On a terminal Stata's own row stands right above.
    is_shown = sys.stdout.isatty() and ending == f"r({stream.command.return_code});"
    if status and not is_shown:
        click.echo(ending, err=True)
    return status
