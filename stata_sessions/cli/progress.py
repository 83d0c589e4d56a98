"""How far each do-file is, in a table that changes while people look; silent where nobody does."""

from __future__ import annotations

import sys
from types import TracebackType

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from stata_sessions.cli.jobs import Job, ending_of

# Often enough to look alive.
LOOKS_PER_S = 5
BAR_COLUMNS = 30
# Of more files than this, only those that run are shown.
ROWS = 12


class Board:
    """The live table, on standard error if that is a terminal."""

    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        console = Console(stderr=True)
        self._is_watched = console.is_terminal
        # Rows that go to the same terminal have to appear above the table, whole ones at a time.
        self._is_above = self._is_watched and sys.stdout.isatty()
        self._live = Live(
            console=console,
            get_renderable=self._drawn,
            refresh_per_second=LOOKS_PER_S,
            redirect_stdout=self._is_above,
            transient=True,
        )

    def __enter__(self) -> Board:
        if self._is_watched:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    def print(self, text: str) -> None:
        """Print output."""
        sys.stdout.write(text)
        if not self._is_above:
            sys.stdout.flush()

    def _drawn(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        crowd = len(self._jobs) > ROWS
        for job in self._jobs if not crowd else [each for each in self._jobs if each.is_running]:
            bar = ProgressBar(max(1, job.counter.total), job.counter.passed, width=BAR_COLUMNS)
            lines = f"{job.counter.passed}/{job.counter.total}"
            table.add_row(job.path.name, bar, lines, f"{job.elapsed_s:.0f} s", job.word)
        ended = sum(job.done.is_set() for job in self._jobs)
        return Group(table, f"{ended} of {len(self._jobs)} files have ended") if crowd else table


def tell_end(job: Job, *, is_only: bool) -> None:
    """Say on standard error how a file ended, unless it is the only one and all is well."""
    if job.failure:
        click.echo(f"{job.path}: {job.failure}", err=True)
    elif not is_only or job.exit_status:
        ended = ending_of(job.command) if job.command else job.word
        click.echo(f"{job.path}: {ended} after {job.elapsed_s:.1f} s", err=True)
