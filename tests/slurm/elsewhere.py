"""Servers whose sessions are jobs of the tests' own Slurm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stata_sessions.settings import Settings
from tests.doors import light_console
from tests.live.conftest import LiveServer, serving
from tests.slurm.conftest import Cluster


def slurm_settings(shared: Path, **changes: Any) -> Settings:
    """Return settings that run the light console as jobs, each on a seat of its own."""
    program = changes["stata_path"] if "stata_path" in changes else str(light_console(shared))
    given: dict[str, Any] = {
        "launcher": "slurm",
        "shared_dir": str(shared),
        "stata_path": program,
        "working_dir": str(shared),
        "port": 0,
        "slurm_licences": "stata:1",
        "job_memory": "300M",
        "queue_interval": 1.0,
        "queue_wait": 0.5,
        "max_sessions": 20,
        "drain_timeout": 5.0,
    }
    return Settings(**(given | changes))


@contextmanager
def slurm_server(cluster: Cluster, shared: Path, **changes: Any) -> Iterator[LiveServer]:
    """Serve sessions that are jobs; none of them is left behind."""
    with serving(slurm_settings(shared, **changes), cluster.environ) as live:
        yield live
    assert jobs(cluster) == []


def jobs(cluster: Cluster, state: str = "PENDING,RUNNING") -> list[str]:
    """Return the names of the jobs in the queue."""
    return cluster.ask("squeue", "-h", "-t", state, "-o", "%j").split()
