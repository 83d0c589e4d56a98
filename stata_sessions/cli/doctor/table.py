"""The table of examinations, and how they are made one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stata_sessions.cli.doctor.bench import Bench, NoAnswer, Program, bench


@dataclass(frozen=True, slots=True)
class Finding:
    """A question about a console, and its answer as measured."""

    question: str
    answer: str


# A fresh console comes in at its first prompt.
Examine = Callable[[Bench], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Examination:
    """Questions that are put to one console."""

    examine: Examine
    columns: int
    term: str

    def findings(self, program: Program) -> Iterator[Finding]:
        """Put the questions; a console that falls silent or ends is a finding too."""
        topic = self.examine.__name__.replace("_", " ")
        with bench(program, columns=self.columns, term=self.term) as found:
            try:
                found.until_prompt(program.start_limit_s)
                yield from self.examine(found)
            except NoAnswer as silence:
                yield Finding(topic, str(silence))
            except EOFError:
                yield Finding(topic, "the console ended")


EXAMINATIONS: list[Examination] = []


def examination(*, columns: int = 255, term: str = "dumb") -> Callable[[Examine], Examine]:
    """Enter the function below into the table."""

    def enter(examine: Examine) -> Examine:
        EXAMINATIONS.append(Examination(examine, columns, term))
        return examine

    return enter


def all_findings(program: Program) -> Iterator[Finding]:
    """Make every examination in the order of the table."""
    for each in EXAMINATIONS:
        yield from each.findings(program)
