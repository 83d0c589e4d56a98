"""The throw-away Slurm: bin/slurm-up and bin/slurm-down."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doors import eventually
from tests.slurm.conftest import ROOT, Cluster

# A program that starts a Slurm, tells its folder and waits to be killed.
HOLDER = """
from tests.slurm.conftest import running_cluster
with running_cluster() as cluster:
    print(cluster.folder, flush=True)
    input()
"""
DAEMONS = 4


def pid(cluster: Cluster, daemon: str) -> int:
    return int((cluster.folder / f"{daemon}.pid").read_text())


def down(cluster: Cluster) -> None:
    subprocess.run([ROOT / "bin" / "slurm-down", cluster.folder], check=True, timeout=60)


def test_there_are_two_nodes_and_three_seats(cluster: Cluster) -> None:
    assert cluster.ask("sinfo", "-h", "-N", "-p", "stata", "-o", "%N").split() == ["n1", "n2"]
    assert "LicenseName=stata Total=3" in cluster.ask("scontrol", "-o", "show", "lic")


@pytest.mark.parametrize("node", ["n1", "n2"])
def test_each_node_runs_jobs(cluster: Cluster, node: str) -> None:
    said = cluster.ask("srun", f"--nodelist={node}", "printenv", "SLURMD_NODENAME")
    assert said == node


def test_a_second_start_changes_nothing(own: Cluster) -> None:
    before = sorted(own.processes())
    own.up()
    assert sorted(own.processes()) == before


def test_a_second_start_brings_back_what_died(own: Cluster) -> None:
    died = pid(own, "slurmd.n1")
    os.kill(died, signal.SIGKILL)
    eventually(lambda: len(own.processes()) == DAEMONS - 1)
    own.up()
    assert own.ask("srun", "--nodelist=n1", "printenv", "SLURMD_NODENAME") == "n1"
    assert pid(own, "slurmd.n1") != died


def test_what_ended_leaves_no_process_and_can_start_again(own: Cluster) -> None:
    down(own)
    assert own.processes() == []
    down(own)
    own.up()
    assert len(own.processes()) == DAEMONS


def test_a_job_ends_with_it_even_without_its_controller(own: Cluster) -> None:
    argv = ["srun", "sh", "-c", "echo up $$; sleep 300"]
    with subprocess.Popen(argv, env=own.environ, stdout=subprocess.PIPE, text=True) as job:
        assert job.stdout
        step = int(job.stdout.readline().split()[1])
        os.kill(pid(own, "slurmctld"), signal.SIGKILL)
        down(own)
        eventually(lambda: not Path(f"/proc/{step}").exists() or _is_zombie(step))
        job.kill()


def _is_zombie(process: int) -> bool:
    return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text()


def test_it_does_not_outlive_tests_that_were_killed() -> None:
    argv = [sys.executable, "-c", HOLDER]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout
        left = Cluster(Path(holder.stdout.readline().strip()), {})
        assert len(left.processes()) == DAEMONS
        holder.kill()
    eventually(lambda: not left.processes() and not left.folder.exists())


def test_missing_programs_are_named_with_their_packages(tmp_path: Path) -> None:
    for name in ("munged", "slurmctld"):
        (tmp_path / name).symlink_to("/bin/true")
    # Without the usual folders there is no slurmd; the script itself needs nothing up to then.
    script = (ROOT / "bin" / "slurm-up").read_text().replace("/usr/sbin:/sbin", "/none")
    asked = subprocess.run(
        ["/bin/bash", "-c", script],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "slurmd is missing" in asked.stderr
    assert "apt-get install --no-install-recommends slurm-wlm munge" in asked.stderr


def test_a_path_that_is_too_long_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 90)
    asked = subprocess.run(
        [ROOT / "bin" / "slurm-up", folder], capture_output=True, text=True, timeout=20
    )
    assert asked.returncode == 2
    assert "longer than 90 characters" in asked.stderr
