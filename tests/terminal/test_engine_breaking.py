"""However a console takes a break: the command ends, the data stay, the next output is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import pytest

from stata_sessions.sessions import CommandView, Session, StopReport
from tests.consoles.families import BREAKING, Breaking
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually, marked, play_selected

pytestmark = pytest.mark.timeout(120)

GRACE_S = 4.0
KILL_GRACE_S = 0.5
KEPT = ". display `kept'\n5\n"

# What runs when the break comes, and a text that shows that it does run.
RUNNING = (
    ("display 1\nsleep 60000", "\n1\n"),
    ("spin 50", "row 0\n"),
    ("foreach i in 1 2 3 {\nsleep 60000\n}", "}\n"),
)


@dataclass(frozen=True, slots=True)
class Broken:
    """What came of one break, and what the session answered afterwards."""

    view: CommandView
    output: str
    report: StopReport | None
    afterwards: str


@dataclass(frozen=True, slots=True)
class Played:
    """What a console did with all breaks, and how many processes were left of it."""

    broken: list[Broken]
    left: int


def _stop(running: Engine, session: Session, code: str, sign: str) -> Broken:
    command = session.submit(code)
    assert eventually(lambda: sign in command.output() or command.ended), session.raw()
    report = session.stop(wait_s=PATIENCE_S)
    assert command.wait(PATIENCE_S)
    return Broken(command.view(), command.output(), report, _afterwards(running, session))


def _pass_limit(running: Engine, session: Session) -> Broken:
    command = running.run(session, "sleep 60000", time_limit_s=0.3)
    return Broken(command.view(), command.output(), None, _afterwards(running, session))


def _afterwards(running: Engine, session: Session) -> str:
    if session.state.value == "lost":
        return "lost"
    # Twice, since what a late answer would spoil is the output after the next.
    first, second = (
        _without_timings(running.answer(session, "display `kept'")[0]) for _ in range(2)
    )
    return second if first == second else first + second


def _play(console: Breaking) -> Played:
    with engine(console.vices, break_grace=GRACE_S, kill_grace=KILL_GRACE_S) as running:
        session = running.manager.create()
        running.run(session, "local kept 5")
        broken = []
        for code, sign in RUNNING:
            broken.append(_stop(running, session, code, sign))
            if broken[-1].afterwards == "lost":
                break
        else:
            broken.append(_pass_limit(running, session))
        if not console.survives:
            eventually(lambda: not marked(session.mark))
            return Played(broken, len(marked(session.mark)))
    return Played(broken, 0)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[dict[Breaking, Future[Played]]]:
    """Play all selected consoles."""
    with play_selected(request, BREAKING, _play) as playing:
        yield playing


def _without_timings(text: str) -> str:
    text = re.sub(r"(?m)^r; t=[^\n]*\n", "", text)
    return re.sub(r"(?m)(^r\(\d+\);) t=[^\n]*", r"\1", text)


@pytest.mark.parametrize("console", [each for each in BREAKING if each.broken], ids=str)
def test_a_break_ends_the_command_and_nothing_else(
    console: Breaking, played: dict[Breaking, Future[Played]]
) -> None:
    results = played[console].result(PATIENCE_S * 3).broken
    assert len(results) == len(RUNNING) + 1
    for result in results:
        view = result.view
        assert (view.state, view.return_code, view.data_kept) == ("broken", 1, True)
        assert result.afterwards == KEPT
        assert re.search(r"--Break--\n(r\(1\);[^\n]*\n){0,2}\Z", result.output)
        assert "include " not in result.output
        assert "display as error" not in result.output
        assert view.rung == ("second-break" if "break-nth" in console.vices else "break")
    stops = [result for result in results if result.report]
    assert {result.report.status for result in stops if result.report} == {"stopped"}
    assert {result.view.reason for result in stops} == {"stop"}
    assert results[-1].view.reason == "time-limit"


@pytest.mark.parametrize("console", [each for each in BREAKING if not each.broken], ids=str)
def test_what_takes_no_break_is_killed(
    console: Breaking, played: dict[Breaking, Future[Played]]
) -> None:
    result = played[console].result(PATIENCE_S * 3)
    (broken,) = result.broken
    assert broken.report
    assert (broken.report.status, broken.report.data_kept) == ("lost", False)
    assert (broken.view.state, broken.view.return_code) == ("lost", None)
    assert broken.view.reason.startswith("stop: Stata ")
    assert broken.output.startswith(". display 1\n1\n\n. sleep 60000\n")
    assert broken.report.rung == ("break" if "break-kills" in console.vices else "kill")
    assert result.left == 0
