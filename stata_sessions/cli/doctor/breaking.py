"""What an interrupt does, and what becomes of rows that are typed around it."""

from __future__ import annotations

from collections.abc import Iterator

from stata_sessions.cli.doctor.bench import Bench, NoAnswer, shown
from stata_sessions.cli.doctor.table import Finding, examination

# Long enough for a command to be under way.
UNDER_WAY_S = 0.5
BREAK_S = 6.0
LOOP = "forvalues i = 1/1000000000 {\n}\n"


@examination()
def interrupt_while_idle(found: Bench) -> Iterator[Finding]:
    """Interrupt a console that waits at its prompt."""
    found.console.interrupt()
    yield Finding("an interrupt at the prompt", shown(found.listen(UNDER_WAY_S)))
    yield Finding("the next row after it", shown(found.ask("display 11*11")))


@examination()
def interrupt_in_sleep(found: Bench) -> Iterator[Finding]:
    """Interrupt a sleep."""
    yield _broken(found, "sleep", "sleep 20000")


@examination()
def interrupt_in_a_loop(found: Bench) -> Iterator[Finding]:
    """Interrupt a loop in an included file."""
    yield _broken(found, "a loop", f'include "{found.write("loop.do", LOOP)}"')


@examination()
def interrupt_in_shell(found: Bench) -> Iterator[Finding]:
    """Interrupt a child of the console."""
    yield _broken(found, "shell sleep", "shell sleep 20")


@examination()
def break_key_in_sleep(found: Bench) -> Iterator[Finding]:
    """Type the key itself instead of sending the signal."""
    found.type("sleep 20000\n")
    found.listen(UNDER_WAY_S)
    began = found.clock()
    found.type("\x03")
    text = found.until_prompt(BREAK_S, "^C")
    yield Finding("the key ^C in sleep", f"{found.clock() - began:.2f} s, {shown(text)}")


@examination()
def rows_typed_before_an_interrupt(found: Bench) -> Iterator[Finding]:
    """Type ahead, then interrupt."""
    found.type("sleep 20000\n")
    found.listen(UNDER_WAY_S)
    found.type('display "ahe" "ad"\n')
    found.console.interrupt()
    yield Finding("a row typed before the break", _fate(found, "ahead"))


@examination()
def rows_typed_after_an_interrupt(found: Bench) -> Iterator[Finding]:
    """Interrupt, and type at once."""
    found.type("sleep 20000\n")
    found.listen(UNDER_WAY_S)
    found.console.interrupt()
    found.type('display "behi" "nd"\n')
    yield Finding("a row typed right after the break", _fate(found, "behind"))


def _broken(found: Bench, what: str, row: str) -> Finding:
    question = f"an interrupt in {what}"
    found.type(row + "\n")
    before = found.listen(UNDER_WAY_S)
    began = found.clock()
    found.console.interrupt()
    try:
        text = found.until_prompt(BREAK_S, row)
    except NoAnswer as silence:
        return Finding(question, f"{silence} (before it: {shown(before)})")
    return Finding(question, f"prompt after {found.clock() - began:.2f} s, {shown(text)}")


def _fate(found: Bench, word: str) -> str:
    """Tell what became of a row that displays a word from two pieces."""
    text = found.until_prompt(BREAK_S)
    text += found.listen(UNDER_WAY_S)
    fate = "is run" if word in text else "is lost or cut"
    return f"{fate}; {shown(text)}"
