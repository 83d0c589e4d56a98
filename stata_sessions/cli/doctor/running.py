"""What surrounds the output of files and errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stata_sessions.cli.doctor.bench import Bench, shown
from stata_sessions.cli.doctor.table import Finding, examination

INSIDE = 'display "inside"\n'
FAILS = 'display "before"\nerror 198\ndisplay "never"\n'


@examination()
def ends_of_files(found: Bench) -> Iterator[Finding]:
    """Run files that succeed."""
    for how in ("include", "do", "run"):
        yield Finding(f"{how} that succeeds", shown(found.run(INSIDE, how=how)))
    without = found.run('display "first"\ndisplay "la" "st"', how="do")
    answer = "is run" if "last\r" in without or "last\n" in without else "is NOT run"
    yield Finding("a last line without newline", answer)


@examination()
def rows_of_errors(found: Bench) -> Iterator[Finding]:
    """Fail in every way that adds rows."""
    typed = found.ask("error 198")
    yield Finding("a typed error", shown(typed))
    for how in ("include", "do", "run"):
        text = found.run(FAILS, how=how)
        yield Finding(f"r(N); rows of an error in {how}", str(text.count("r(198);")))
        yield Finding(f"an error in {how}", shown(_after(text, "before")))
    nested = found.run(f'include "{found.write("inner.do", FAILS)}"\n')
    yield Finding("r(N); rows of an error in include in include", str(nested.count("r(198);")))
    yield Finding("a file that is missing", shown(found.ask(f'include "{found.folder}/no.do"')))


@examination()
def captured_errors(found: Bench) -> Iterator[Finding]:
    """Capture a failing file, and look at what is left of its rows."""
    fails = found.write("fails.do", FAILS)
    text = found.ask(f'capture noisily do "{fails}"')
    yield Finding("capture noisily do on an error", shown(_after(text, "before")))
    yield Finding("_rc after it", found.value("_rc"))
    found.ask("error 111")
    yield Finding("_rc after an error that was not captured", found.value("_rc"))


@examination()
def timed_rows(found: Bench) -> Iterator[Finding]:
    """Have the console time its commands."""
    yield Finding("a row with set rmsg on", shown(found.ask("set rmsg on")))
    yield Finding("an error with set rmsg on", shown(found.ask("error 198")))


@examination()
def graph_formats(found: Bench) -> Iterator[Finding]:
    """Export a graph in each format; the file decides, not the console's note."""
    drawn = found.run("clear\nset obs 5\ngenerate x = _n\ngenerate y = x^2\nscatter y x\n")
    if "r(" in drawn:
        yield Finding("drawing a graph", shown(_after(drawn, "x^2")))
    for suffix in ("png", "svg", "pdf", "eps"):
        path = found.folder / f"graph.{suffix}"
        text = found.ask(f'graph export "{path}", replace', limit_s=30)
        yield Finding(f"graph export to {suffix}", _exported(path, text))


def _exported(path: Path, text: str) -> str:
    size = path.stat().st_size if path.exists() else 0
    said = shown(text.partition("replace")[2])
    return f"a file of {size} bytes; {said}" if size else f"no file; {said}"


def _after(text: str, last: str) -> str:
    """Return what follows the last time that a word was printed."""
    return text.rpartition(last)[2]
