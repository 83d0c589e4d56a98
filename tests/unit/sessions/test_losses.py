"""Each way to lose a console has a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stata_sessions.consoles import ExitReport
from stata_sessions.launchers.slurm.reasons import explain
from stata_sessions.sessions.leaving import why_ended
from stata_sessions.sessions.losses import CAUSES, cause_of
from stata_sessions.sessions.starting import (
    queue_timed_out,
    start_ended,
    start_failed,
    start_timed_out,
)
from stata_sessions.settings import Settings
from stata_sessions.states import SessionState
from tests.fakes import session_view

LOST = session_view(state=SessionState.LOST, start_s=1.0)

RUNNING = {
    why_ended(ExitReport(signal=9), ""): "signal",
    why_ended(ExitReport(exit_status=1), ""): "exit",
    why_ended(ExitReport(exit_status=0), ""): "ended-by-code",
    why_ended(ExitReport(signal=2), "stop"): "stop",
    why_ended(ExitReport(signal=2), "time-limit"): "time-limit",
    "stop: Stata was killed on request (force)": "forced",
    "stop: Stata did not answer the break and was killed": "stop",
    "memory: Stata used 5 MB, more than the limit of 4 MB (memory_limit_mb)": "memory",
    "a fault of the server, see its log": "fault",
    "srun was killed by signal 9 on the server's machine": "signal",
    "whatever a launcher may say": "other",
    **{
        explain("", state, {}, started=True): word
        for state, word in {
            "NODE_FAIL": "node-failed",
            "STEP_LOST": "step-lost",
            "UNKNOWN": "step-lost",
            "TIMEOUT": "job-time-limit",
            "OUT_OF_MEMORY": "out-of-memory",
            "PREEMPTED": "preempted",
            "CANCELLED": "cancelled",
        }.items()
    },
}
STARTING = {
    start_failed("ended before its first prompt", "killed by signal", "stata").message: (
        "start-failed"
    ),
    start_timed_out("", "stata", Settings()).message: "start-timed-out",
    queue_timed_out("Licenses", "stata", Settings()).message: "no-place",
    start_ended(ExitReport(1), "Too many users", "stata", Settings()).message: "no-licence-seat",
    start_ended(ExitReport(1), "License has expired", "stata", Settings()).message: (
        "licence-expired"
    ),
}


@pytest.mark.parametrize(("reason", "word"), RUNNING.items())
def test_a_console_that_was_up(reason: str, word: str) -> None:
    assert cause_of(replace(LOST, reason=reason)) == word


@pytest.mark.parametrize(("reason", "word"), STARTING.items())
def test_a_console_that_never_was(reason: str, word: str) -> None:
    assert cause_of(replace(LOST, reason=reason, start_s=None)) == word


def test_every_word_is_one_of_the_known() -> None:
    assert {*RUNNING.values(), *STARTING.values()} == set(CAUSES)
