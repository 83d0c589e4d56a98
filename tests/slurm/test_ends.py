"""No job outlives its server, however that ends."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.doors import eventually
from tests.slurm.conftest import Cluster
from tests.slurm.serving import LONG_S, SEATS, is_empty, ours, serving, sruns


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_a_server_that_ends_leaves_no_job(
    cluster: Cluster, folder: Path, number: signal.Signals
) -> None:
    with serving(cluster, folder, *SEATS) as server:
        for _ in range(3):
            server.open()
        queued = server.open(wait=False)
        eventually(lambda: server.place(queued)["job"])
        assert len(ours(cluster)) == 4
        server.live.process.send_signal(number)
        server.live.process.wait(LONG_S)
        eventually(lambda: is_empty(cluster), LONG_S)


def test_a_server_sweeps_up_after_its_former_life_and_nobody_elses(
    cluster: Cluster, folder: Path, other_folder: Path
) -> None:
    with serving(cluster, other_folder) as neighbour, foreign_job(cluster):
        neighbour.open()
        eventually(lambda: len(ours(cluster)) == 2)
        before = set(ours(cluster))
        with serving(cluster, folder) as server:
            left = server.place(server.open())["job"]
            _vanish([server.process, *sruns(server)])
        assert set(ours(cluster)) == before | {left}
        with serving(cluster, folder):
            eventually(lambda: set(ours(cluster)) == before, LONG_S)
    eventually(lambda: is_empty(cluster), LONG_S)


@contextmanager
def foreign_job(cluster: Cluster) -> Iterator[None]:
    """Keep a job that is named as if some other server of ours had started it."""
    argv = ["srun", "--job-name=ss-0123abcd-456789ab", "sleep", "600"]
    with subprocess.Popen(argv, env=cluster.environ, stderr=subprocess.DEVNULL) as job:
        try:
            yield
        finally:
            job.terminate()


def _vanish(processes: list[psutil.Process]) -> None:
    """End them as a loss of power would: none of them sees another one end."""
    for each in processes:
        each.suspend()
    for each in processes:
        each.kill()
    psutil.wait_procs(processes, LONG_S)
