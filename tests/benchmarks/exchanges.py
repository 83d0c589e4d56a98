"""One command: how much the session layer and HTTP add to the bare exchange; breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import stata_sessions.standin
from stata_sessions.sessions import Session
from tests.benchmarks.bench import Row, beyond, each_of, in_turn, manager, program, seconds, times
from tests.benchmarks.raw import RawTerminal, pause
from tests.benchmarks.served import Served, server

STANDIN = Path(stata_sessions.standin.__file__).parent
ROUNDS, TIMES = 40, 20
CODE = "display 1"
Figure = Callable[[], float]
BREAKS = 15
# Long enough for the line to have been read, so that the break meets the running command.
RUNNING_S = 0.1


def wrapped(folder: str) -> str:
    """Write the files of a command, and return the line that runs them as a session does."""
    code, wrapper = Path(folder, "cmd-1.do"), Path(folder, "run-1.do")
    code.write_text(f"{CODE}\n")
    wrapper.write_text(f'include "{code}"\ndisplay as error "@3f9c01ab42d" "7e0b52c9d1f4"\n')
    return f'include "{wrapper}"'


def commands() -> Iterator[Row]:
    """Measure a trivial command in the session layer and over HTTP."""
    with program(STANDIN, "-I") as console, _layers(console) as (asked, submitted):
        raw, layer = in_turn(ROUNDS, asked, submitted)
    yield times("submit to result, session layer", layer, raw, 2.0)
    with program() as console, _layers(console) as (asked, submitted), server(console) as caller:
        path = f"/run_selection?session_id={caller.session()}"
        over_http = each_of(TIMES, lambda: caller.call("POST", path, CODE))
        raw, layer, web = in_turn(ROUNDS, asked, submitted, over_http)
    yield times("the same on a console that does nothing", layer, raw)
    yield beyond("the same over HTTP keep-alive", web, raw, 1.5)


@contextmanager
def _layers(console: str) -> Iterator[tuple[Figure, Figure]]:
    """Yield the bare exchange and that of a session, on a console each."""
    with (
        RawTerminal(console) as terminal,
        TemporaryDirectory() as folder,
        manager(console) as found,
    ):
        line, session = wrapped(folder), found.create()
        yield (
            each_of(TIMES, lambda: terminal.ask(line)),
            each_of(TIMES, lambda: session.submit(CODE).wait()),
        )


def breaks() -> Iterator[Row]:
    """Measure a break against the key on the bare terminal."""
    with (
        program() as console,
        RawTerminal(console) as terminal,
        manager(console) as found,
        server(console) as caller,
    ):
        session, name = found.create(), caller.session()
        raw, layer, web = in_turn(
            BREAKS,
            lambda: terminal.interrupt("sleep 60000", RUNNING_S),
            lambda: _stopped_s(session),
            lambda: _stopped_over_http_s(caller, name),
        )
    yield beyond("break, session layer", layer, raw, 30)
    yield beyond("break, POST stop to its answer", web, raw, 30)


def _stopped_s(session: Session) -> float:
    session.submit("sleep 60000")
    pause(RUNNING_S)
    return seconds(session.stop)


def _stopped_over_http_s(caller: Served, name: str) -> float:
    caller.submit(name, "sleep 60000")
    pause(RUNNING_S)
    return seconds(lambda: caller.call("POST", f"/sessions/{name}/stop"))
