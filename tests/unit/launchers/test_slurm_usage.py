"""What sstat tells, and how seldom it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from stata_sessions.consoles import Usage
from stata_sessions.launchers.slurm.usage import Usages, parse, sstat
from tests.fakes import FakeClock


def test_all_jobs_are_asked_for_at_once() -> None:
    assert sstat(["7", "9"])[3:5] == ["-j", "7.0,9.0"]


@pytest.mark.parametrize(
    ("row", "memory_bytes", "cpu_s"),
    [
        ("7.0|00:00:03|10212K", 10212 * 1024, 3.0),
        ("7.0|1-02:03:04|1.50G", 3 * 2**29, 93784.0),
        ("7.0|01:02.500|0", 0, 62.5),
    ],
)
def test_rows_are_read(row: str, memory_bytes: int, cpu_s: float) -> None:
    assert parse(row + "\n") == {"7": Usage(memory_bytes, cpu_s)}


@pytest.mark.parametrize("row", ["", "7.0||", "7.0|213503982334-14:25:51", "sstat: error: x"])
def test_what_is_no_figure_is_left_out(row: str) -> None:
    assert parse(row) == {}


class Asked:
    """Counts the questions."""

    def __init__(self) -> None:
        self.jobs: list[list[str]] = []

    def __call__(self, jobs: Sequence[str]) -> Mapping[str, Usage]:
        self.jobs.append(list(jobs))
        return {job: Usage(1, float(len(self.jobs))) for job in jobs if job != "lost"}


def test_one_answer_serves_all_until_it_is_old() -> None:
    asked, clock = Asked(), FakeClock()
    usages = Usages(asked, 15.0, clock)
    assert usages.of("7", lambda: ["7", "8"]) == Usage(1, 1.0)
    assert usages.of("8", lambda: ["7", "8"]) == Usage(1, 1.0)
    clock.advance(14.9)
    assert usages.of("7", lambda: ["7", "8"]) == Usage(1, 1.0)
    clock.advance(0.2)
    assert usages.of("7", lambda: ["7", "8"]) == Usage(1, 2.0)
    assert asked.jobs == [["7", "8"], ["7", "8"]]


def test_a_job_that_is_new_is_asked_for_soon_and_one_that_fails_is_not() -> None:
    asked, clock = Asked(), FakeClock()
    usages = Usages(asked, 15.0, clock)
    assert usages.of("lost", lambda: []) is None
    clock.advance(5)
    assert usages.of("lost", lambda: []) is None
    assert usages.of("9", lambda: []) == Usage(1, 2.0)
    assert asked.jobs == [["lost"], ["9"]]
