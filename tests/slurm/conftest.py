"""A Slurm of the tests' own: two nodes, three seats, free ports."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doors import ENVIRON

ROOT = Path(__file__).parents[2]
# It goes when its standard input ends, so also when the tests were killed.
WARDEN = 'cat >/dev/null; "$0" "$1"; rm -rf "$1"'


@dataclass(frozen=True)
class Cluster:
    """A Slurm in a folder, and how to ask it."""

    folder: Path
    environ: dict[str, str]

    def ask(self, *argv: str) -> str:
        """Run one of Slurm's programs and return what it prints."""
        asked = subprocess.run(argv, env=self.environ, capture_output=True, text=True, timeout=60)
        assert asked.returncode == 0, f"{shlex.join(argv)}: {asked.stderr}"
        return asked.stdout.strip()

    def processes(self) -> list[int]:
        """Return the numbers of its daemons that run."""
        return [
            int(place.name)
            for place in Path("/proc").iterdir()
            if place.name.isdigit() and f"{self.folder}/" in _command_line(place)
        ]

    def up(self) -> None:
        """Start every daemon that does not run."""
        self.environ["SLURM_CONF"] = str(self.folder / "slurm.conf")
        started = subprocess.run(
            [ROOT / "bin" / "slurm-up", self.folder], capture_output=True, text=True, timeout=60
        )
        if started.returncode:
            pytest.fail(f"the tests of tests/slurm need a Slurm. {started.stderr}", pytrace=False)


def _command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""  # it ended meanwhile


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a Slurm; end it with the block, or with this process."""
    # Not pytest's folder: munged's socket needs a short path.
    folder = Path(tempfile.mkdtemp(prefix="slurm-lab-"))
    warden = subprocess.Popen(
        ["/bin/sh", "-c", WARDEN, ROOT / "bin" / "slurm-down", folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        cluster = Cluster(folder, {**ENVIRON})
        cluster.up()
        yield cluster
    finally:
        warden.communicate(timeout=60)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture
def own() -> Iterator[Cluster]:
    """A Slurm that one test may break."""
    with running_cluster() as running:
        yield running


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that all nodes see, with a path that is short enough to be typed."""
    with tempfile.TemporaryDirectory(prefix="s-") as found:
        yield Path(found)


@pytest.fixture
def other_folder() -> Iterator[Path]:
    """Another one, for another server."""
    with tempfile.TemporaryDirectory(prefix="s-") as found:
        yield Path(found)
