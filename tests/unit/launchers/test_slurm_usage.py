"""What sstat tells, and how seldom it is asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stata_sessions.consoles import Usage
from stata_sessions.launchers.slurm.usage import Answer, Usages, parse, sstat
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
    """Answers for all jobs but the lost ones, and counts the questions."""

    def __init__(self) -> None:
        self.jobs: list[list[str]] = []
        self.lost: set[str] = set()
        self.is_clean = True

    def __call__(self, jobs: Sequence[str]) -> Answer:
        self.jobs.append(list(jobs))
        found = {job: Usage(1, float(len(self.jobs))) for job in jobs if job not in self.lost}
        return Answer(found, self.is_clean)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_one_answer_serves_all_until_it_is_old(asked: Asked, clock: FakeClock) -> None:
    usages = Usages(asked, 15.0, clock)
    assert usages.of("7", lambda: ["7", "8"]) == Usage(1, 1.0)
    assert usages.of("8", lambda: ["7", "8"]) == Usage(1, 1.0)
    clock.advance(14.9)
    assert usages.of("7", lambda: ["7", "8"]) == Usage(1, 1.0)
    clock.advance(0.2)
    assert usages.of("7", lambda: ["7", "8"]) == Usage(1, 2.0)
    assert asked.jobs == [["7", "8"], ["7", "8"]]


def test_a_new_job_is_asked_for_soon_and_one_that_fails_is_not(
    asked: Asked, clock: FakeClock
) -> None:
    asked.lost = {"lost"}
    usages = Usages(asked, 15.0, clock)
    assert usages.of("lost", lambda: []) is None
    clock.advance(5)
    assert usages.of("lost", lambda: []) is None
    assert usages.of("9", lambda: []) == Usage(1, 2.0)
    assert asked.jobs == [["lost"], ["9"]]


def watched(usages: Usages, clock: FakeClock, looks: int) -> frozenset[str]:
    """Look at two jobs every 15 seconds; return what is lost in the end."""
    lost: frozenset[str] = frozenset()
    for _ in range(looks):
        clock.advance(15)
        lost = usages.without_step(["7", "8"])
    return lost


def test_a_job_that_is_missing_twice_has_lost_its_step(asked: Asked, clock: FakeClock) -> None:
    usages = Usages(asked, 15.0, clock)
    assert watched(usages, clock, 8) == frozenset()
    assert len(asked.jobs) == 2
    asked.lost = {"7"}
    assert watched(usages, clock, 1) == frozenset()
    assert watched(usages, clock, 1) == {"7"}
    assert len(asked.jobs) == 4


def test_what_sstat_could_not_ask_for_is_not_lost(asked: Asked, clock: FakeClock) -> None:
    usages = Usages(asked, 15.0, clock)
    watched(usages, clock, 4)
    asked.lost, asked.is_clean = {"7"}, False
    assert watched(usages, clock, 20) == frozenset()


def test_a_hindered_question_is_not_asked_again_so_soon(asked: Asked, clock: FakeClock) -> None:
    usages = Usages(asked, 15.0, clock)
    asked.is_clean = False
    for _ in range(8):
        assert usages.of("7", lambda: []) == Usage(1, float(len(asked.jobs)))
        clock.advance(15)
    assert len(asked.jobs) == 2


def test_a_site_that_gathers_nothing_loses_nothing(asked: Asked, clock: FakeClock) -> None:
    asked.lost = {"7", "8"}
    assert watched(Usages(asked, 15.0, clock), clock, 20) == frozenset()


def test_without_jobs_nobody_asks(asked: Asked, clock: FakeClock) -> None:
    clock.advance(1000)
    assert Usages(asked, 15.0, clock).without_step([]) == frozenset()
    assert asked.jobs == []
