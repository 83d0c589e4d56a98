"""What the jobs use, as sstat tells: asked for all at once, no more often than it can change."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stata_sessions.consoles import Usage

# A caller waits this long for another one's question.
WAIT_S = 1.0
ANSWER_S = 3.0
# Steps are looked after this many times more rarely than figures may grow old.
STEPS_EVERY = 4
# A job that ends just now may be missing once.
CERTAIN = 2
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SIZE = re.compile(r"([0-9.]+)([KMGT]?)")
_TIME = re.compile(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)")


def sstat(jobs: Sequence[str]) -> list[str]:
    """Return the command line that asks for jobs."""
    steps = ",".join(f"{job}.0" for job in jobs)
    return ["sstat", "-n", "-P", "-j", steps, "--format=JobID,AveCPU,AveRSS"]


def parse(text: str) -> dict[str, Usage]:
    """Return what each job of sstat's answer uses; what it does not know is left out."""
    found = {}
    for line in text.splitlines():
        step, _, rest = line.strip().partition("|")
        cpu, _, memory = rest.partition("|")
        time, size = _TIME.fullmatch(cpu), _SIZE.fullmatch(memory)
        if time and size:
            days, hours, minutes, seconds = (float(each or 0) for each in time.groups())
            cpu_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
            found[step.partition(".")[0]] = Usage(int(float(size[1]) * _UNITS[size[2]]), cpu_s)
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What each job uses; ``is_clean`` if nothing hindered sstat from asking for all of them."""

    found: Mapping[str, Usage]
    is_clean: bool


class Usages:
    """The latest answer, for everybody who asks within ``fresh_s`` seconds.

    A job of which sstat could tell, and of which it now knows nothing although it could ask, has
    lost its step: squeue may call it running for ever.
    """

    def __init__(
        self, ask: Callable[[Sequence[str]], Answer], fresh_s: float, clock: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._fresh_s = fresh_s
        self._clock = clock
        self._lock = threading.Lock()
        self._asked_at = -fresh_s
        self._found: Mapping[str, Usage] = {}
        # How often in a row each job was missing of which something had been told before.
        self._missing: dict[str, int] = {}
        self._asked_for: frozenset[str] = frozenset()

    def of(self, job: str, all_jobs: Callable[[], Sequence[str]]) -> Usage | None:
        """Return what a job uses; None if that is not known."""
        if not self._lock.acquire(timeout=WAIT_S):
            return self._found.get(job)
        try:
            if self._is_stale(job):
                self._refresh(sorted({job, *all_jobs()}))
            return self._found.get(job)
        finally:
            self._lock.release()

    def _is_stale(self, job: str) -> bool:
        age_s = self._clock() - self._asked_at
        return age_s >= self._fresh_s or (job not in self._asked_for and age_s >= WAIT_S)

    def _refresh(self, jobs: Sequence[str]) -> None:
        answer = self._ask(jobs)
        # A node that does not answer keeps everybody waiting, so it is not asked again so soon.
        rest_s = 0.0 if answer.is_clean else (STEPS_EVERY - 1) * self._fresh_s
        self._asked_at = self._clock() + rest_s
        self._found, self._asked_for = answer.found, frozenset(jobs)
        missing = {job: self._missing[job] for job in jobs if job in self._missing}
        if answer.is_clean:
            missing = {job: times + 1 for job, times in missing.items()}
        self._missing = missing | dict.fromkeys(answer.found, 0)

    def without_step(self, jobs: Sequence[str]) -> frozenset[str]:
        """Return the running jobs whose step is lost, looking now and then; soon when in doubt."""
        with self._lock:
            doubtful = any(self._missing.get(job) for job in jobs)
            wait_s = self._fresh_s * (1 if doubtful else STEPS_EVERY)
            if jobs and self._clock() - self._asked_at >= wait_s:
                self._refresh(jobs)
            return frozenset(job for job in jobs if self._missing.get(job, 0) >= CERTAIN)
