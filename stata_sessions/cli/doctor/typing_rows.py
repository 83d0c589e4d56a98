"""What becomes of a row that is typed: who echoes it, where it wraps, how long it may be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stata_sessions.cli.doctor.bench import Bench, NoAnswer, shown
from stata_sessions.cli.doctor.table import Finding, examination

LENGTHS = (300, 1100, 5000)
WIDE_TEXT = "äß€😀"


@examination(columns=80)
def echo_on_80_columns(found: Bench) -> Iterator[Finding]:
    """Look at the echo on the width that people have."""
    yield Finding("who echoes a typed row", _who_echoes(found))
    yield Finding("echo on 80 columns", _wrapping(found, 150))
    yield Finding("linesize on 80 columns", found.value("c(linesize)"))


@examination(columns=255)
def echo_on_255_columns(found: Bench) -> Iterator[Finding]:
    """Look at the echo on the width that the server uses."""
    yield Finding("echo on 255 columns", _wrapping(found, 400))
    yield Finding("linesize on 255 columns", found.value("c(linesize)"))


@examination(columns=500)
def echo_on_500_columns(found: Bench) -> Iterator[Finding]:
    """Look at the echo on a width beyond the largest linesize."""
    yield Finding("echo on 500 columns", _wrapping(found, 700))
    yield Finding("linesize on 500 columns", found.value("c(linesize)"))


def _who_echoes(found: Bench) -> str:
    """Type a row ahead: a terminal echoes it at once, a console when it gets to it."""
    found.type("sleep 800\n")
    found.listen(0.2)
    found.type("display 4+5\n")
    at_once = found.listen(0.3)
    later = found.until_prompt(5)
    if "display" in at_once:
        return "the terminal, at once"
    if "display" in later:
        return "the console, when it gets to the row"
    return "nobody (the terminal's own echo was switched off by the server)"


def _wrapping(found: Bench, length: int) -> str:
    row = 'display "' + "x" * (length - 10) + '"'
    echo = re.search(r"display \"x*", found.ask(row))
    if echo is None:
        return "none"
    first = len(echo.group())
    if first == len(row) - 1:
        return f"a row of {length} characters is not wrapped"
    prompt = len(". ")
    return f"its first row has {first} characters after the prompt ({first + prompt} columns)"


def long_rows(length: int) -> None:
    """Enter an examination of typed rows of this length."""

    def examine(found: Bench) -> Iterator[Finding]:
        around = 'display length("")'
        filling = "x" * (length - len(around))
        question = f"a typed row of {length} bytes"
        try:
            arrived = found.value(f'length("{filling}")')
        except (NoAnswer, EOFError) as failure:
            yield Finding(question, f"lost: {failure or 'the console ended'}")
            return
        whole = arrived == str(len(filling))
        yield Finding(question, "arrives whole" if whole else f"arrives as {shown(arrived)}")

    examine.__name__ = f"row_of_{length}_bytes"
    examination()(examine)


for each in LENGTHS:
    long_rows(each)


@examination()
def unusual_characters(found: Bench) -> Iterator[Finding]:
    """Type what is not ASCII, and a tab."""
    yield Finding("typed characters beyond ASCII", shown(found.ask(f'display "<{WIDE_TEXT}>"')))
    wanted = len(WIDE_TEXT.encode())
    arrived = found.value(f'length("{WIDE_TEXT}")')
    yield Finding("their length in bytes", f"{arrived}, and {wanted} were typed")
    yield Finding("a typed tab", shown(found.ask('display "<a\tb>"')))
