"""Peers on the same consoles as we: what runs a command of a live session under pexpect."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pexpect
from pexpect.replwrap import REPLWrapper

from tests.benchmarks.bench import Row, each_of, in_turn, manager, program, seconds, times
from tests.benchmarks.exchanges import CODE, wrapped
from tests.benchmarks.raw import RawTerminal
from tests.doors import ENVIRON, LIGHT

# A Python that has stata_kernel, which is no dependency of ours; None leaves it out.
PYTHON: str | None = None
ROUNDS, TIMES = 20, 10
BYTES = 20_000_000
NOTEBOOK = Path(__file__).with_name("notebook.py")

Figure = Callable[[], float]


def peers() -> Iterator[Row]:
    """Measure a trivial command on the light console, which knows macros as Stata does."""
    with ExitStack() as stack:
        console = stack.enter_context(program(LIGHT))
        terminal = stack.enter_context(RawTerminal(console))
        line = wrapped(stack.enter_context(TemporaryDirectory()))
        session = stack.enter_context(manager(console)).create()
        figures: dict[str, Figure] = {
            "bare terminal": each_of(TIMES, lambda: terminal.ask(line)),
            "our session layer": each_of(TIMES, lambda: session.submit(CODE).wait()),
            "pexpect REPLWrapper": each_of(2, _wrapper_run(stack, console, 0.05)),
            "the same, without its pause": each_of(TIMES, _wrapper_run(stack, console, None)),
        }
        if PYTHON:
            figures["stata_kernel's session class"] = stack.enter_context(_notebook(console))
        found = dict(zip(figures, in_turn(ROUNDS, *figures.values()), strict=True))
    floor = found.pop("bare terminal")
    for name, figure in found.items():
        yield times(f"light console, a command: {name}", figure, floor)
    yield from _output()


def _wrapper(stack: ExitStack, console: str, pause_s: float | None) -> REPLWrapper:
    child = pexpect.spawn(console, ["-q"], echo=False, encoding="utf-8", timeout=60)
    stack.callback(child.close, force=True)
    child.delaybeforesend = pause_s
    return REPLWrapper(child, "\n. ", None)


def _wrapper_run(stack: ExitStack, console: str, pause_s: float | None) -> Callable[[], object]:
    wrapper = _wrapper(stack, console, pause_s)
    assert wrapper.run_command(CODE).split()[-1] == "1"
    return lambda: wrapper.run_command(CODE)


@contextmanager
def _notebook(console: str) -> Iterator[Figure]:
    """Run the peer's session class under its own Python."""
    with TemporaryDirectory() as home:
        Path(home, ".stata_kernel.conf").write_text(f"[stata_kernel]\nstata_path = {console}\n")
        # It asks the package index for a newer version of itself; nobody answers at this address.
        environ = ENVIRON | {"HOME": home, "HTTPS_PROXY": "http://127.0.0.1:9"}
        process = subprocess.Popen(
            [str(PYTHON), "-W", "ignore", str(NOTEBOOK)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def figure() -> float:
            asked.write(f"{TIMES}\n")
            asked.flush()
            return float(answered.readline())

        try:
            yield figure
        finally:
            process.terminate()
            process.communicate()


def _output() -> Iterator[Row]:
    """Measure much output on the clock console."""
    with ExitStack() as stack:
        console = stack.enter_context(program())
        terminal = stack.enter_context(RawTerminal(console))
        wrapper = _wrapper(stack, console, None)
        session = stack.enter_context(manager(console)).create()
        code = f"flood {BYTES}"
        raw, ours, theirs = in_turn(
            3,
            lambda: seconds(lambda: terminal.ask(code)),
            lambda: seconds(lambda: session.submit(code).wait()),
            lambda: seconds(lambda: wrapper.run_command(code)),
        )
    floor = BYTES / statistics.median(raw) / 1e6
    for name, took_s in (("our session layer", ours), ("pexpect REPLWrapper", theirs)):
        rate = BYTES / statistics.median(took_s) / 1e6
        yield Row(
            f"{BYTES // 10**6} MB of output: {name}",
            f"{rate:.0f} MB/s",
            f"{floor:.0f} MB/s",
            f"{rate / floor:.2f} of it",
        )
