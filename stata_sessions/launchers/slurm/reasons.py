"""Why a session ended: Slurm's words and states, and ours. All texts are in one table.

What Slurm says on the terminal is whole lines of srun, slurmstepd or our own script. A console
could print the same, so the state of the job, where squeue knows it, goes before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stata_sessions.consoles.handshake import COMPLAINT

# Lines that the console did not print.
_FOREIGN = re.compile(rf"^(?:\S*srun: |slurmstepd[^:\n]*: |{COMPLAINT}|.*execve\(\): )(.*)$", re.M)
_NOISE = re.compile(
    r"^(?:error: |fatal: )*(?:job \S+ (?:queued|has been alloc)|.*task 0: Exited with exit code|"
    r"Terminating StepId|Force Terminated|launch/slurm|Job step aborted).*"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause: the states of a job and the words that show it, and what we say."""

    kind: str
    states: frozenset[str]
    words: str
    text: str

    @property
    def is_vague(self) -> bool:
        """Whether its state may have come about for any of the other reasons."""
        return self.kind == "cancelled"


def _reason(kind: str, states: str, words: str, text: str) -> Reason:
    return Reason(kind, frozenset(states.split()), words, text)


# The first that fits counts. Braces: what was asked for, the node, the job, the found words.
REASONS: tuple[Reason, ...] = (
    _reason(
        "node-failed",
        "NODE_FAIL BOOT_FAIL",
        r"Node failure on|DUE TO NODE FAILURE|NODE_FAIL",
        "node {node} was lost ({job}); the data of the session are gone",
    ),
    _reason(
        "step-lost",
        "STEP_LOST",
        r"StepId=\S+ lost",
        "{job} on node {node} lost its step, such as by a killed slurmstepd",
    ),
    _reason("job-gone", "UNKNOWN", r"(?!)", "Slurm does not know {job} any more"),
    _reason("job-gone", "SILENT", r"(?!)", "{job} ended, and its terminal did not say why"),
    _reason(
        "job-time-limit",
        "TIMEOUT DEADLINE",
        r"DUE TO TIME LIMIT",
        "the job reached its time limit of {minutes} minutes ({job}; job_minutes, or the option "
        "minutes)",
    ),
    _reason(
        "out-of-memory",
        "OUT_OF_MEMORY",
        r"[Ee]xceeded (?:job |step )?memory limit|oom[-_ ]kill|[Oo]ut [Oo]f [Mm]emory",
        "the job used more memory than its {memory} ({job}; job_memory, or the option memory)",
    ),
    _reason(
        "preempted",
        "PREEMPTED",
        r"DUE TO PREEMPTION",
        "Slurm gave the place to another job ({job}, preempted)",
    ),
    _reason(
        "no-such-licence",
        "",
        r"Invalid license specification",
        "Slurm knows no such licence as {licences}, or has fewer seats than were asked for "
        "(slurm_licences, or the option licences)",
    ),
    _reason(
        "unreachable",
        "",
        r"Unable to contact slurm controller|Unable to confirm allocation|"
        r"Unable to establish control|Could not establish a configuration source",
        "Slurm's controller does not answer: {words}",
    ),
    _reason(
        "not-shared",
        "",
        r"cannot be written on|couldn't chdir",
        "shared_dir is not shared with node {node}: {words}",
    ),
    _reason(
        "no-such-folder",
        "",
        r"no such folder on",
        "{words} (the working_dir of the session must exist there)",
    ),
    _reason(
        "console-not-found",
        "",
        r"console not found on|execve\(\): ",
        "{words} (set stata_path to its place over there, or launch_setup to what makes it known, "
        "such as 'module load stata')",
    ),
    _reason(
        "cancelled",
        "CANCELLED REVOKED",
        r"Job has been cancelled|has been revoked|CANCELLED AT",
        "somebody else cancelled {job} (scancel, or an administrator)",
    ),
    _reason(
        "refused",
        "",
        r"Unable to allocate resources: |Memory specification|Invalid |unrecognized option|"
        r"invalid option|Requested (?:node|partition) .*not available",
        "Slurm refused the session: {words}",
    ),
)


def explain(said: str, state: str, facts: Mapping[str, str], *, started: bool) -> str:
    """Say why a session ended; empty if its console simply ended by itself.

    ``said`` is the end of what came by the terminal, ``state`` that of the job if it is known,
    ``started`` whether the console had been started at all.
    """
    found = next((each for each in REASONS if state in each.states), None)
    if not (started and state == "COMPLETED") and (found is None or found.is_vague):
        found = _by_words(said) or found
    if found:
        words = _words(said, found.words)
        return f"{found.kind}: {found.text.format_map(_Facts({**facts, 'words': words}))}"
    return "" if started else f"it ended before Stata was started: {_last_rows(said)}"


def _by_words(said: str) -> Reason | None:
    foreign = "\n".join(_FOREIGN.findall(said))
    return next((each for each in REASONS if re.search(each.words, foreign)), None)


def _words(said: str, wanted: str) -> str:
    """Return the foreign lines that tell the cause, and those around that add to it."""
    lines = [re.sub(r"^(?:error: |fatal: )*", "", each) for each in _FOREIGN.findall(said)]
    telling = [each for each in lines if not _NOISE.match(each)]
    exact = [each for each in telling if re.search(wanted, each)]
    return "; ".join(dict.fromkeys(exact or telling[-3:])) or "without a word"


def _last_rows(said: str) -> str:
    rows = [row.strip() for row in said.splitlines() if row.strip()]
    return " / ".join(rows[-5:]) or "without a word"


class _Facts(dict[str, str]):
    """What is known; the rest reads as unknown."""

    def __missing__(self, key: str) -> str:
        return f"(unknown {key})"
