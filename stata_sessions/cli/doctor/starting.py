"""How the console comes up, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from stata_sessions.cli.doctor.bench import Bench, NoAnswer, Program, bench, shown
from stata_sessions.cli.doctor.table import Finding, examination
from stata_sessions.sessions.starting import start_ended, start_timed_out

TERMS = ("dumb", "vt100", "xterm")
CREATURES = ("stata_version", "edition", "MP", "console", "mode", "linesize", "pagesize")
MORE_CREATURES = ("more", "rmsg", "os", "machine_type", "processors", "processors_lic", "tmpdir")


def start_findings(program: Program) -> Iterator[Finding]:
    """Start the program once for each kind of terminal. Raises LaunchFailed."""
    for term in TERMS:
        with bench(program, term=term) as found:
            began = found.clock()
            text = first_words(found, program)
            if term == TERMS[0]:
                yield Finding("seconds to the first prompt", f"{found.clock() - began:.2f}")
            yield Finding(f"bytes at the start with TERM={term}", shown(text))


def first_words(found: Bench, program: Program) -> str:
    """Return what is printed up to the first prompt. Raises LaunchFailed, which explains itself."""
    try:
        return found.until_prompt(program.start_limit_s)
    except NoAnswer:
        raise start_timed_out(found.heard, program.argv[0], program.settings) from None
    except EOFError:
        report = found.console.close(0)
        raise start_ended(report, found.heard, program.argv[0], program.settings) from None


@examination()
def what_it_says_of_itself(found: Bench) -> Iterator[Finding]:
    """Ask for what a driver may want to know."""
    for name in (*CREATURES, *MORE_CREATURES):
        yield Finding(f"c({name})", found.value(f'"`c({name})\'"'))
    # One is always allowed where the setting is known; so many never are.
    for number in (1, 1000):
        row = f"set processors {number}"
        yield Finding(row, shown(found.ask(row)))
    yield Finding("an empty row", shown(found.ask("")))
    yield Finding("a row that displays", shown(found.ask("display 1+1")))
    yield Finding("a remark with *", shown(found.ask("* remark")))
    yield Finding("a remark with // at the prompt", shown(found.ask("// remark")))
