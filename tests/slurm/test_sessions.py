"""Sessions as jobs of a real Slurm: all that a session on this machine can do as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from stata_sessions.client import Client
from stata_sessions.errors import LaunchFailed, SessionGone, StataSessionsError
from stata_sessions.states import CommandState, SessionState
from tests.doors import BOUND_S, eventually, light_console
from tests.launching.conduct import FOREVER, check_a_break, check_input, client_of
from tests.launching.sharing import shared_folder
from tests.live.conftest import LiveServer
from tests.slurm.conftest import Cluster
from tests.slurm.elsewhere import jobs, slurm_server


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    with shared_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def live(cluster: Cluster, shared: Path) -> Iterator[LiveServer]:
    with slurm_server(cluster, shared) as running:
        yield running


@pytest.fixture
def stata(live: LiveServer) -> Iterator[Client]:
    with client_of(live) as client:
        yield client


def test_a_session_is_a_job_on_a_node(stata: Client, cluster: Cluster) -> None:
    session = stata.session(stata.create_session())
    assert session.state is SessionState.READY and session.launcher == "slurm"
    assert session.place and session.place.node in ("n1", "n2") and session.place.queued == ""
    [name] = jobs(cluster)
    assert re.fullmatch(r"ss-[0-9a-f]{8}-[0-9a-f]{8}", name)
    assert cluster.ask("squeue", "-h", "-n", name, "-o", "%i") == session.place.job


def test_code_runs_as_on_this_machine(stata: Client, shared: Path) -> None:
    session_id = stata.create_session()
    assert stata.execute("display 6 * 7", session_id).output == ". display 6 * 7\n42\n"
    failed = stata.execute("display 1\nerror 111\ndisplay 2", session_id)
    assert failed.return_code == 111 and "\n1\n" in failed.output and "\n2\n" not in failed.output
    stata.execute("local kept here", session_id)
    assert stata.execute('display "`kept\'"', session_id).output.endswith("\nhere\n")
    assert stata.execute("pwd", session_id).output.strip().endswith(str(shared))
    accents = stata.execute('display "Übergrößenträger ☃"', session_id)
    assert accents.output.endswith("\nÜbergrößenträger ☃\n")


def test_a_command_can_be_stopped_and_the_data_stay(stata: Client) -> None:
    check_a_break(stata)


def test_the_time_limit_of_a_command_is_kept(stata: Client) -> None:
    session_id = stata.create_session()
    result = stata.execute(FOREVER, session_id, time_limit_s=0.5)
    assert result.command.state is CommandState.BROKEN and result.command.reason == "time-limit"
    assert stata.execute("display 1", session_id).ok


def test_a_console_that_asks_for_input_gets_it(stata: Client) -> None:
    check_input(stata)


def test_a_program_that_waits_in_silence_can_be_stopped(cluster: Cluster, shared: Path) -> None:
    with slurm_server(cluster, shared, break_grace=0.5) as live:
        stata = Client(live.url)
        session_id = stata.create_session()
        stata.execute("scalar kept = 5", session_id)
        command = stata.submit("display _request(answer)", session_id)
        eventually(lambda: stata.session(session_id).running == command.number)
        assert stata.stop(session_id, wait_s=BOUND_S).status == "stopped"
        assert stata.execute("display kept", session_id).output.endswith("\n5\n")


VICES = (
    "echo=tty",
    "cooked,start-flush=200",
    "echo-width=40,prompt-flush",
    "break-eats=3,break-twice=100,echo=redraw",
)


@pytest.mark.parametrize("vices", VICES)
def test_the_vices_of_a_terminal_do_no_harm_over_there(
    cluster: Cluster, shared: Path, vices: str
) -> None:
    program = light_console(shared, vices)
    with slurm_server(cluster, shared, stata_path=str(program)) as live:
        stata = Client(live.url)
        session_id = stata.create_session()
        for number in range(3):
            said = stata.execute(f"display {number} + 40", session_id).output
            assert said.replace(f". display {number} + 40\n", "") == f"{number + 40}\n"
        assert stata.execute("error 111", session_id).return_code == 111
        command = stata.submit(FOREVER, session_id)
        eventually(lambda: stata.session(session_id).running == command.number)
        assert stata.stop(session_id, wait_s=BOUND_S).status == "stopped"
        assert stata.execute("display 7", session_id).output.endswith("\n7\n")


def test_slurm_tells_what_a_session_uses(stata: Client) -> None:
    session_id = stata.create_session()

    def memory() -> int | None:
        return stata.session(session_id).memory_bytes

    assert 2**20 < (eventually(memory) or 0) < 2**30


def test_a_queued_session_says_so_takes_commands_and_gets_the_next_seat(
    stata: Client, cluster: Cluster
) -> None:
    seated = [stata.create_session() for _ in range(3)]
    waiting = stata.create_session("fourth")
    session = stata.session(waiting)
    assert session.state is SessionState.STARTING and session.place
    assert eventually(lambda: _queued(stata, waiting) == "Licenses")
    command = stata.submit("display 40 + 2", waiting)
    assert command.state is CommandState.QUEUED
    stata.destroy_session(seated[0])
    assert stata.wait(command).output == ". display 40 + 2\n42\n"
    assert len(jobs(cluster)) == 3


def _queued(stata: Client, session_id: str) -> str:
    place = stata.session(session_id).place
    return place.queued if place else ""


def test_closing_a_queued_session_takes_its_job_out_of_the_queue(
    stata: Client, cluster: Cluster
) -> None:
    for _ in range(3):
        stata.create_session()
    waiting = stata.create_session()
    eventually(lambda: len(jobs(cluster, "PENDING")) == 1)
    stata.destroy_session(waiting)
    assert jobs(cluster, "PENDING") == []
    assert len(jobs(cluster, "RUNNING")) == 3
    with pytest.raises(SessionGone, match="destroyed"):
        stata.session(waiting)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"licences": "nix:1"}, "Slurm knows no such licence as nix:1"),
        ({"partition": "nix"}, "refused.*invalid partition"),
        ({"memory": "9T"}, "refused.*Memory specification can not be satisfied"),
        ({"constraint": "gpu"}, "refused.*Invalid feature specification"),
    ],
)
def test_what_slurm_refuses_is_told_in_its_words(
    stata: Client, options: dict[str, str], words: str
) -> None:
    with pytest.raises(LaunchFailed, match=f"(?i){words}"):
        stata.create_session(options=options)
    assert [each.session_id for each in stata.sessions()] == ["default"]


def test_an_option_that_does_not_fit_is_refused_before_slurm_is_asked(stata: Client) -> None:
    with pytest.raises(StataSessionsError, match="option cpus = 'many': give a number of proc"):
        stata.create_session(options={"cpus": "many"})
    with pytest.raises(StataSessionsError, match="has no option 'licenses'; its options: cpus"):
        stata.create_session(options={"licenses": "stata:1"})
    with pytest.raises(StataSessionsError, match="launcher local has no option 'cpus'"):
        stata.create_session(launcher="local", options={"cpus": "2"})


def test_options_reach_slurm(stata: Client, cluster: Cluster) -> None:
    stata.create_session(options={"cpus": "3", "memory": "200M", "minutes": "7"})
    asked = cluster.ask("squeue", "-h", "-t", "RUNNING", "-o", "%C %m %l %W")
    assert asked == "3 200M 7:00 stata:1"


def test_a_session_that_somebody_cancels_says_so(stata: Client, cluster: Cluster) -> None:
    session_id = stata.create_session()
    place = stata.session(session_id).place
    assert place
    command = stata.submit('display "before"\n' + FOREVER, session_id)
    eventually(lambda: "before" in stata.page(command).output)
    cluster.ask("scancel", place.job)
    lost = stata.wait(command)
    assert lost.command.state is CommandState.LOST
    said = f"cancelled: somebody else cancelled Slurm job {place.job}"
    assert lost.command.reason.startswith(said)
    assert "before" in lost.output


def test_a_console_that_is_not_on_the_node_is_named(cluster: Cluster, shared: Path) -> None:
    with (
        slurm_server(cluster, shared, stata_path="/nowhere/stata-mp") as live,
        pytest.raises(LaunchFailed, match=r"console not found on n\d: /nowhere/stata-mp"),
    ):
        Client(live.url).create_session()


def test_the_stand_in_draws_and_shows_its_data(cluster: Cluster, shared: Path) -> None:
    given = {"console": "standin", "stata_path": "", "job_memory": "900M"}
    with slurm_server(cluster, shared, **given) as live:
        stata = Client(live.url)
        session_id = stata.create_session()
        assert stata.session(session_id).console == "standin"
        made = stata.execute("set obs 3\ngenerate x = _n^2\nscatter x x, name(g)", session_id)
        assert made.ok, made.output
        assert stata.data(session_id).rows == [[1], [4], [9]]
        assert stata.graphs(session_id) == ["g"]
        assert stata.graph("g", session_id).startswith(b"\x89PNG")


def test_a_session_whose_step_is_lost_without_a_word_is_noticed(
    stata: Client, cluster: Cluster
) -> None:
    session_id = stata.create_session()
    eventually(lambda: stata.session(session_id).memory_bytes)
    place = stata.session(session_id).place
    assert place
    [step] = [each for each in psutil.process_iter() if step_of(each) == f"[{place.job}.0]"]
    step.kill()
    eventually(lambda: stata.session(session_id).state is SessionState.LOST)
    assert f"step-lost: Slurm job {place.job} on node" in (stata.session(session_id).error or "")
    assert jobs(cluster) == []


def step_of(process: psutil.Process) -> str:
    """Return the step that a process of Slurm looks after; it names itself after it."""
    try:
        name, _, step = process.cmdline()[0].partition(": ")
    except (psutil.Error, IndexError):
        return ""
    return step.strip() if name.endswith("slurmstepd") else ""
