"""Why a session ended, from what real runs of Slurm left on the terminal."""

from __future__ import annotations

import re

import pytest

from stata_sessions.launchers.slurm.reasons import REASONS, explain

FACTS = {"job": "Slurm job 52", "node": "n1", "minutes": "720", "memory": "50M"} | {
    "licences": "stata:1"
}
OVER_MEMORY = """\
. generate x = 1
slurmstepd-n1: error: StepId=14.0 exceeded memory limit (223469568 > 52428800), being killed
srun: Exceeded job memory limit
slurmstepd-n1: error: *** STEP 14.0 ON n1 CANCELLED AT 2026-11-24T15:13:47 ***
srun: Job step aborted: Waiting up to 7 seconds for job step to finish.
srun: error: n1: task 0: Killed
"""
CANCELLED = """\
srun: Job step aborted: Waiting up to 7 seconds for job step to finish.
slurmstepd-n1: error: *** STEP 19.0 ON n1 CANCELLED AT 2026-11-24T15:13:51 ***
srun: error: n1: task 0: Terminated
"""
TIME_LIMIT = """\
slurmstepd-n1: error: *** STEP 7.0 ON n1 CANCELLED AT 2026-11-24T15:13:51 DUE TO TIME LIMIT ***
srun: error: n1: task 0: Terminated
"""
CANCELLED_IN_QUEUE = """\
srun: job 20 queued and waiting for resources
srun: Job has been cancelled
srun: error: Unable to allocate resources: Job/step already completing or completed
"""
NODE_FAILURE = "srun: error: Node failure on n1\n" * 2
PREEMPTED = "slurmstepd-n1: error: *** STEP 7.0 ON n1 CANCELLED AT 2026 DUE TO PREEMPTION ***\n"
NO_LICENCE = "srun: error: Unable to allocate resources: Invalid license specification\n"
TOO_MUCH_MEMORY = """\
srun: error: Memory specification can not be satisfied
srun: error: Unable to allocate resources: Requested node configuration is not available
"""
BAD_TIME = "srun: error: Invalid --time specification\n"
BAD_OPTION = """\
/usr/bin/srun: unrecognized option '--fnord'
Try "srun --help" for more information
"""
NO_PROGRAM = """\
slurmstepd-n1: error: execve(): /opt/sh: No such file or directory
srun: error: n1: task 0: Exited with exit code 2
"""
UNREACHABLE = (
    "srun: error: Unable to allocate resources: "
    "Unable to contact slurm controller (connect failure)\n"
)
NOT_SHARED = """\
slurmstepd-n1: error: couldn't chdir to `/home/u/ss/ss-x1y2z3w4': going to /tmp instead
/bin/sh: 0: cannot open /home/u/ss/ss-x1y2z3w4/boot: No such file
srun: error: n1: task 0: Exited with exit code 2
"""
NO_CONSOLE = """\
stata-sessions: console not found on n1: stata-mp
srun: error: n1: task 0: Exited with exit code 127
"""
NO_FOLDER = """\
stata-sessions: no such folder on n1: /data/x
srun: error: n1: task 0: Exited with exit code 127
"""
DIED = "srun: error: n1: task 0: Segmentation fault\n"


@pytest.mark.parametrize(
    ("said", "state", "expected"),
    [
        (OVER_MEMORY, "FAILED", "out-of-memory: the job used more memory than its 50M"),
        (OVER_MEMORY, "", "out-of-memory: "),
        ("", "OUT_OF_MEMORY", "out-of-memory: "),
        (TIME_LIMIT, "", "job-time-limit: the job reached its time limit of 720 minutes"),
        ("", "TIMEOUT", "job-time-limit: "),
        (CANCELLED, "CANCELLED", "cancelled: somebody else cancelled Slurm job 52"),
        (CANCELLED, "COMPLETING", "cancelled: "),
        # Slurm may call cancelled what was really one of the other causes.
        (TIME_LIMIT, "CANCELLED", "job-time-limit: "),
        (PREEMPTED, "CANCELLED", "preempted: "),
        ("", "PREEMPTED", "preempted: Slurm gave the place to another job"),
        (NODE_FAILURE, "", "node-failed: node n1 was lost"),
        ("", "NODE_FAIL", "node-failed: "),
        ("", "STEP_LOST", "step-lost: Slurm job 52 on node n1 lost its step"),
        ("", "UNKNOWN", "job-gone: Slurm does not know Slurm job 52 any more"),
    ],
)
def test_the_end_of_a_session_is_explained(said: str, state: str, expected: str) -> None:
    assert explain(said, state, FACTS, started=True).startswith(expected)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (NO_LICENCE, "no-such-licence: Slurm knows no such licence as stata:1"),
        (
            TOO_MUCH_MEMORY,
            "refused: Slurm refused the session: Memory specification can not be satisfied; "
            "Unable to allocate resources: Requested node configuration is not available",
        ),
        (BAD_TIME, "refused: Slurm refused the session: Invalid --time specification"),
        (BAD_OPTION, "refused: Slurm refused the session: unrecognized option '--fnord'"),
        (UNREACHABLE, "unreachable: Slurm's controller does not answer: Unable to allocate"),
        (CANCELLED_IN_QUEUE, "cancelled: somebody else cancelled Slurm job 52"),
        (NO_CONSOLE, "console-not-found: console not found on n1: stata-mp (set stata_path"),
        (NO_PROGRAM, "console-not-found: "),
        (NO_FOLDER, "no-such-folder: no such folder on n1: /data/x"),
        (NOT_SHARED, "not-shared: shared_dir is not shared with node n1: "),
        ("motd\nsomething else\n", "it ended before Stata was started: motd / something else"),
        ("", "it ended before Stata was started: without a word"),
    ],
)
def test_a_start_that_came_to_nothing_is_explained(said: str, expected: str) -> None:
    assert explain(said, "", FACTS, started=False).startswith(expected)


@pytest.mark.parametrize("state", ["", "COMPLETED", "FAILED", "COMPLETING"])
@pytest.mark.parametrize("said", ["", DIED, "Node failure on n1\n. exit\n"])
def test_a_console_that_ended_by_itself_needs_no_explanation(said: str, state: str) -> None:
    assert explain(said, state, FACTS, started=True) == ""


def test_a_console_cannot_feign_a_loss_when_it_ends_well() -> None:
    assert explain("srun: error: Node failure on n1\n", "COMPLETED", FACTS, started=True) == ""


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    assert "(unknown memory)" in explain(OVER_MEMORY, "", {}, started=True)


def test_each_state_has_one_cause() -> None:
    states = [state for each in REASONS for state in each.states]
    assert len(set(states)) == len(states)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each.kind) for each in REASONS)
