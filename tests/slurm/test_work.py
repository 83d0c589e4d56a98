"""Work on jobs: many commands at once, and a sweep of do-files over seats and nodes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import run_cli
from tests.doors import eventually
from tests.slurm.conftest import Cluster
from tests.slurm.serving import LONG_S, SEATS, WIDE, is_empty, serving

RUNS = 12
DO_FILE = """
display "run {number} gives " {number}*{number}
sleep 200
display "run {number} is over"
"""
STANDIN = ["--console", "standin"]


def test_twenty_commands_at_once(cluster: Cluster, folder: Path) -> None:
    with serving(cluster, folder) as server:
        sessions = [server.open() for _ in range(5)]

        def run(number: int) -> str:
            return server.run(sessions[number % 5], f"display {number}*{number}")

        with ThreadPoolExecutor(20) as pool:
            outputs = list(pool.map(run, range(20)))
        assert [each.split()[-1] for each in outputs] == [str(n * n) for n in range(20)]
    eventually(lambda: is_empty(cluster))


@pytest.mark.parametrize("console", [[], STANDIN], ids=["light", "standin"])
def test_a_sweep_over_three_seats_and_two_nodes(
    cluster: Cluster, folder: Path, console: list[str]
) -> None:
    files = [folder / f"run{number}.do" for number in range(RUNS)]
    for number, file in enumerate(files):
        file.write_text(DO_FILE.format(number=number))
    before = {job for job, _ in booked(cluster)}
    with serving(cluster, folder, *SEATS, *WIDE, *console) as server, watched(cluster) as used:
        done = run_cli(
            "run", "--jobs", "4", *map(str, files), environ={"STATA_SESSIONS_URL": server.live.url}
        )
        assert done.returncode == 0, done.stderr
        for number in range(RUNS):
            assert f"run {number} gives {number * number}" in done.stdout
        assert done.stdout.count("is over") >= RUNS
    eventually(lambda: is_empty(cluster), LONG_S)
    assert max(used) == 3
    assert {node for job, node in booked(cluster) if job not in before} == {"n1", "n2"}


def booked(cluster: Cluster) -> list[tuple[str, str]]:
    """Return number and node of each job, those included that ended within minutes."""
    rows = cluster.ask("squeue", "-h", "--states=all", "-o", "%i %N").splitlines()
    return [(job, node) for job, _, node in (row.partition(" ") for row in rows)]


@contextmanager
def watched(cluster: Cluster) -> Iterator[list[int]]:
    """Note all the while how many seats are taken."""
    used: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            told = cluster.ask("scontrol", "-o", "show", "lic")
            found = re.search(r"LicenseName=stata Total=3 Used=(\d+)", told)
            assert found, told
            used.append(int(found[1]))

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        try:
            yield used
        finally:
            over.set()
        watching.result()
