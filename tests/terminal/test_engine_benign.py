"""Under every console that merely behaves in its own way, each answer is exactly right."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from os.path import commonprefix

import pytest

from tests.consoles.families import BENIGN, NOISY, Benign
from tests.terminal.engine_cases import CASES, Case
from tests.terminal.engines import PATIENCE_S, engine, eventually, play_selected

pytestmark = pytest.mark.timeout(120)

# Consoles that take their time over each row or line: those get the cases of every fifth place.
DAWDLING = ("echo-pause", "drain-delay", "type-stall", "crawl", "prompt-delay")
# Consoles that repeat much of what another one did need not print ten thousand rows again.
VOLUME = {"plain", "echo tty, end row, codes=1", "echo none, end dot, codes=3", "CR CR LF"}
# What a console shows in its own way, so that only the rest can be compared to the letter.
PARTIAL = {case.name for case in CASES if case.code.endswith("_continue")}
OWN_WAY = {
    "colour": {"mata", "long line", "narrow"},
    "trace-on": {"program", "program again"},
    "rmsg": PARTIAL,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a console answered to one case."""

    case: Case
    output: str
    return_code: int | None


def _cases(console: Benign) -> Iterator[Case]:
    skipped: set[str] = set()
    for vice, names in OWN_WAY.items():
        skipped |= names if vice in console.vices else set()
    dawdles = any(vice in console.vices for vice in DAWDLING)
    for place, case in enumerate(CASES):
        if case.volume and console.name not in VOLUME:
            continue
        if case.name not in skipped and (case.needed or not dawdles or place % 5 == 0):
            yield case


def _play(console: Benign) -> list[Answer]:
    answers = []
    with engine(console.vices) as running:
        session = running.manager.create()
        for case in _cases(console):
            output, return_code = running.answer(session, case.code)
            answers.append(Answer(case, output, return_code))
            if return_code is None:
                break
    return answers


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[dict[Benign, Future[list[Answer]]]]:
    """Play all cases on all selected consoles, the slow ones first."""
    slow_first = sorted(BENIGN, key=lambda console: not set(DAWDLING) & _names(console))
    with play_selected(request, slow_first, _play) as playing:
        yield playing


def _names(console: Benign) -> set[str]:
    return {vice.partition("=")[0] for vice in console.vices.split(",")}


def _comparable(text: str, vices: str) -> str:
    """Leave out what this console's own way adds or leaves out, and nothing else."""
    if "rmsg" in vices:
        text = re.sub(r"(?m)^r; t=[^\n]*\n", "", text)
        text = re.sub(r"(?m)(^r\(\d+\);) t=[^\n]*", r"\1", text)
    if "echo-off" in vices or "prompt-no-blank" in vices or "prompt-blank" in vices:
        text = re.sub(r"(?<=\n)\n+", "", text)
    return text


def _difference(seen: str, _: int | None, expected: str) -> str:
    """Show where two texts begin to differ."""
    same = len(commonprefix([seen, expected]))
    start = max(0, same - 40)
    return f"{seen[start : same + 80]!r} instead of {expected[start : same + 80]!r}"


@pytest.mark.parametrize("console", BENIGN, ids=str)
def test_every_answer_is_exactly_right(
    console: Benign, played: dict[Benign, Future[list[Answer]]]
) -> None:
    answers = played[console].result(PATIENCE_S * 3)
    wrong = []
    for answer in answers:
        case = answer.case
        expected = case.printed if "echo-off" in console.vices else case.output
        seen = _comparable(answer.output, console.vices), answer.return_code
        if seen != (_comparable(expected, console.vices), case.return_code):
            wrong.append((case.name, _difference(*seen, expected), answer.return_code))
    assert not wrong
    assert answers[-1].case is CASES[-1]


def test_own_timing_is_not_shown(tmp_path: object) -> None:
    with engine() as running:
        session = running.manager.create()
        running.run(session, "set rmsg on")
        output, return_code = running.answer(session, "display 5")
    assert re.fullmatch(r"\. display 5\n5\nr; t=\d\.\d\d \d+:\d\d:\d\d\n", output)
    assert return_code == 0


def test_rows_from_the_background_end_no_command_and_lose_none() -> None:
    with engine(NOISY.vices) as running:
        session = running.manager.create()
        for number in range(20):
            output, return_code = running.answer(session, f"display {number}")
            assert (f"\n{number}\n" in output, return_code) == (True, 0)
            output, return_code = running.answer(session, f"nosuch{number}")
            assert (f"nosuch{number} is unrecognized" in output, return_code) == (True, 199)


def test_what_the_background_prints_right_before_a_command_is_not_lost() -> None:
    rounds = 20
    with engine() as running:
        os.mkfifo(running.folder / "go")
        session = running.manager.create(working_dir=str(running.folder))
        running.run(session, "!(while cat go; do touch done; done) &")
        for number in range(rounds):
            (running.folder / "go").write_text(f"LATE{number}\n")
            assert eventually((running.folder / "done").exists)
            (running.folder / "done").unlink()
            output, return_code = running.answer(session, "display 5")
            assert (output.removeprefix(f"LATE{number}\n"), return_code) == (". display 5\n5\n", 0)
        rows = session.read(0, 10_000).text.splitlines()
    assert [row for row in rows if row.startswith("LATE")] == [f"LATE{n}" for n in range(rounds)]
