"""One command: how much the session layer and HTTP add to the bare exchange; breaks and starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.bench import Row, manager, median_s, ms, seconds, server
from tests.benchmarks.raw import RawTerminal, pause

TIMES = 300
CODE = "display 1"


def raw_exchange(terminal: RawTerminal, folder: str) -> float:
    """Return the time of the same typed line, with the same files, on the bare terminal."""
    code, wrapper = Path(folder, "cmd-1.do"), Path(folder, "run-1.do")
    code.write_text(f"{CODE}\n")
    wrapper.write_text(f'include "{code}"\ndisplay as error "@3f9c01ab42d" "7e0b52c9d1f4"\n')
    return median_s(lambda: terminal.ask(f'include "{wrapper}"'), TIMES)


def commands() -> Iterator[Row]:
    """Measure a trivial command in the session layer and over HTTP."""
    with RawTerminal() as terminal, TemporaryDirectory() as folder, server() as (found, caller):
        session = found.create()
        name = session.name
        for _ in range(20):
            session.submit(CODE).wait()
        raw = raw_exchange(terminal, folder)
        layer = median_s(lambda: session.submit(CODE).wait(), TIMES)
        path = f"/run_selection?session_id={name}"
        web = median_s(lambda: caller.post(path, CODE), TIMES)
    yield Row(
        "submit to result, session layer",
        ms(layer),
        ms(raw),
        f"{layer / raw:.2f} x",
        "2.0 x",
        layer <= 2 * raw,
    )
    extra = web - raw
    yield Row(
        "the same over HTTP keep-alive",
        ms(web),
        ms(raw),
        f"+ {ms(extra)}",
        "+ 1.5 ms",
        extra <= 0.0015,
    )


def breaks() -> Iterator[Row]:
    """Measure a break against the key on the bare terminal."""
    with RawTerminal() as terminal, server() as (found, caller):
        raw = median(terminal.interrupt("sleep 60000", 0.05) for _ in range(11))
        session = found.create()
        times = []
        for _ in range(11):
            session.submit("sleep 60000")
            pause(0.05)
            times.append(seconds(lambda: caller.post(f"/sessions/{session.name}/stop")))
        stopped = median(times)
    yield Row(
        "POST stop to the answer",
        ms(stopped),
        ms(raw),
        f"+ {ms(stopped - raw)}",
        "+ 30 ms",
        stopped - raw <= 0.03,
    )


def starts() -> Iterator[Row]:
    """Measure the creation of a session, cold and from a warm spare."""
    raws = []
    for _ in range(7):
        with RawTerminal() as terminal:
            raws.append(terminal.start_s)
    raw = median(raws)
    with manager() as found:
        cold = median_s(found.create, 7)
    yield Row(
        "create a session",
        ms(cold),
        ms(raw),
        f"+ {ms(cold - raw)}",
        "+ 20 ms",
        cold - raw <= 0.02,
    )
    with manager(warm_spares=1) as found:
        found.keep_spares()
        times = []
        for _ in range(7):
            pause(0.5)
            times.append(seconds(found.create))
    warm = median(times)
    yield Row("the same with a warm spare", ms(warm), "", ms(warm), "20 ms", warm <= 0.02)
