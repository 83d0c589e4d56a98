"""What ends a job from outside: the session says what happened, and nothing is left."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.cli.running import is_alive
from tests.doors import eventually
from tests.slurm.conftest import Cluster
from tests.slurm.serving import LONG_S, SEATS, is_empty, ours, serving, sruns


@pytest.mark.parametrize("count", [1, 2], ids=["the parent", "both processes"])
def test_srun_is_killed(cluster: Cluster, folder: Path, count: int) -> None:
    with serving(cluster, folder, *SEATS) as server:
        session = server.open()
        killed = sruns(server)[:count]
        assert len(killed) == count
        # So that neither has the time to notice the end of the other.
        for each in killed:
            each.suspend()
        for each in killed:
            each.kill()
        assert "srun was killed" in server.loss(session)
        eventually(lambda: is_empty(cluster), LONG_S)


def test_a_node_that_is_lost(own: Cluster, folder: Path) -> None:
    with serving(own, folder, *SEATS) as server:
        session = server.open()
        node = server.place(session)["node"]
        os.kill(int((own.folder / f"slurmd.{node}.pid").read_text()), signal.SIGKILL)
        assert f"node {node} was lost" in server.loss(session)
        assert {server.place(server.open())["node"], node} == {"n1", "n2"}
        own.up()
    eventually(lambda: is_empty(own), LONG_S)


def test_a_job_that_gives_way_to_another(cluster: Cluster, folder: Path) -> None:
    with serving(cluster, folder) as server:
        session = server.open()
        node = server.place(session)["node"]
        cluster.ask("srun", "--partition=urgent", "--exclusive", f"--nodelist={node}", "true")
        assert "gave the place to another job" in server.loss(session)
    eventually(lambda: is_empty(cluster), LONG_S)


def test_too_much_memory(cluster: Cluster, folder: Path) -> None:
    with serving(cluster, folder) as server:
        session = server.open(memory="60M")
        hog = "shell python3 -c 'x = bytearray(2**28); import time; time.sleep(600)'"
        asked = {"code": hog}
        server.ask("POST", f"/sessions/{session}/commands", json=asked).raise_for_status()
        assert "more memory than its 60M" in server.loss(session)
    eventually(lambda: is_empty(cluster), LONG_S)


def test_the_controller_is_away(own: Cluster, folder: Path) -> None:
    with serving(own, folder, *SEATS) as server:
        stays, goes = server.open(), server.open()
        # Not by force: it would give the numbers of its latest jobs a second time.
        controller = psutil.Process(int((own.folder / "slurmctld.pid").read_text()))
        controller.terminate()
        eventually(lambda: not is_alive(controller))
        assert "42" in server.run(stays, "display 6*7")
        refused = server.ask("POST", "/sessions")
        assert refused.status_code == 502
        assert "controller does not answer" in refused.json()["message"]
        server.ask("DELETE", f"/sessions/{goes}").raise_for_status()
        own.up()
        # What could not be cancelled then is cancelled now, and nothing else.
        eventually(lambda: ours(own) == [server.place(stays)["job"]], LONG_S)
        assert "42" in server.run(stays, "display 6*7")
        assert "42" in server.run(server.open(), "display 6*7")
    # Slurm itself takes a minute to learn of what ended while it was away.
    eventually(lambda: not ours(own))
