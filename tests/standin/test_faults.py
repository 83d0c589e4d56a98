"""Every switch does what its help says, and the first prompt comes fast."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pexpect
import psutil
import pytest

from stata_sessions.standin.faults import SWITCHES, Faults
from tests.doors import eventually
from tests.standin.conftest import Start
from tests.standin.typist import PROMPT, REPOSITORY, run


def test_the_list_names_every_switch() -> None:
    listed = run("", "-m", "stata_sessions.standin", "--faults").stdout
    assert [row.split("=")[0] for row in listed.splitlines()] == [s.name for s in SWITCHES]


def test_a_misspelt_switch_is_refused() -> None:
    with pytest.raises(ValueError, match="no switch is called 'ecco'"):
        Faults("ecco=tty")


def test_one_byte_at_a_time(start: Start) -> None:
    assert start(switches="one_byte").type('display "żółć"').endswith("\nżółć\n")


def test_half_characters(start: Start) -> None:
    assert start(switches="half").type('display "żółć"').endswith("\nżółć\n")


def test_latin1(start: Start) -> None:
    console = start(switches="latin1")
    console.send('display "café"')
    console.child.expect(PROMPT)
    assert console.child.before.endswith(b"\r\ncaf\xe9\r\n")


def test_nul_bytes(start: Start) -> None:
    console = start(switches="nul", ready=False)
    console.child.expect("\r\n\0\\. ")
    console.send("display 5")
    console.child.expect("\r\n\x005\r\n\0")


def test_colours(start: Start) -> None:
    console = start(switches="colour", ready=False)
    console.child.expect("\x1b\\[32m\x1b\\[4m\\. \x1b\\[0m")


def test_a_late_prompt(start: Start) -> None:
    console = start(switches="prompt_delay=0.3", ready=False)
    console.child.expect("\r\n$")
    console.until(r"\. $")
    console.send("display 5")
    console.child.expect("5\r\n5\r\n\r\n$")


def test_silence_behind_an_echoed_row(start: Start) -> None:
    console = start(switches="echo_pause=0.3")
    (console.folder / "slow.do").write_text("display 5\n")
    console.send("do slow")
    console.child.expect(r"\. display 5\r\n$")


def test_death_in_mid_output(start: Start) -> None:
    console = start(switches="die_after=100")
    console.send('display "' + "x" * 70 + '"')
    console.end()
    assert console.child.signalstatus == signal.SIGKILL


def test_typed_lines_may_be_cut(start: Start) -> None:
    assert start(switches="typed_limit=9").type("display 123").endswith("\n1\n")


def test_input_may_stall(start: Start) -> None:
    console = start(switches="stall_after=5")
    console.send("display 5")
    console.until(PROMPT)
    console.send("display 6")
    with pytest.raises(Exception, match="Timeout"):
        console.child.expect(".", timeout=0.5)


def test_input_may_be_read_late(start: Start) -> None:
    console = start(switches="drain_delay=0.4")
    began = time.monotonic()
    console.type("display 5")
    assert time.monotonic() - began >= 0.3


def test_it_may_outlive_its_terminal(start: Start) -> None:
    console = start(switches="sighup=ignore")
    with pytest.raises(pexpect.ExceptionPexpect, match="Could not terminate"):
        console.child.close(force=False)
    assert console.child.isalive()


@pytest.mark.parametrize(("switches", "ends"), [("", True), ("sigterm=ignore", False)])
def test_a_termination_signal(start: Start, switches: str, ends: bool) -> None:
    console = start(switches=switches)
    os.kill(console.child.pid, signal.SIGTERM)
    if ends:
        console.end()
        assert console.child.signalstatus == signal.SIGTERM
    else:
        assert console.type("display 5").endswith("\n5\n")


def test_a_helper_stays_in_the_process_group(start: Start) -> None:
    console = start(switches="helper")
    (helper,) = psutil.Process(console.child.pid).children()
    assert os.getpgid(helper.pid) == console.child.pid
    console.send("exit")
    console.child.wait()
    assert helper.is_running()
    helper.kill()


def test_bracketed_paste(start: Start) -> None:
    console = start(switches="paste", ready=False)
    console.child.expect(r"\x1b\[\?2004h\. $")
    console.send("display 5")
    console.child.expect(r"display 5\r\n\x1b\[\?2004l5\r\n")


def test_slashes_may_mean_nothing_at_the_prompt(start: Start) -> None:
    assert "r(1" in start(switches="slash_comments=no").type("display 5 // five")


def test_a_dumb_terminal_may_have_no_line_editing(start: Start) -> None:
    console = start(switches="dumb_edits=no")
    assert console.type("display 5") == "display 5\n5\n"
    console.press("\x04")
    console.end()


@pytest.mark.parametrize(("value", "ending"), [("yes", "\n1\n\n. \n"), ("no", "\n1\n\n")])
def test_an_include_may_end_without_an_empty_row(start: Start, value: str, ending: str) -> None:
    console = start(switches=f"include_tail={value}")
    (console.folder / "inner.do").write_text("display 1\n")
    assert console.type("include inner.do").endswith(ending)


@pytest.mark.parametrize(("value", "breaks"), [("yes", True), ("no", False)])
def test_an_interrupt_during_a_shell_escape(start: Start, value: str, breaks: bool) -> None:
    console = start(switches=f"shell_break={value}")
    (console.folder / "child.do").write_text("!exec sleep 60\ndisplay 5\n")
    console.send("do child")
    # Only a child that has become `sleep` is sure to die of the interrupt.
    asleep = psutil.Process(console.child.pid)
    assert eventually(lambda: [p.name() for p in asleep.children()] == ["sleep"])
    console.interrupt()
    assert ("--Break--" in console.until(PROMPT)) == breaks


@pytest.mark.parametrize(
    ("code", "prompt", "answer", "shown"),
    [
        (
            "foreach i in 1 2 {\ndisplay `i'\n",
            r"\r\n  3\. $",
            "}",
            "}\n1\n2\n\n. \nend of do-file\n",
        ),
        ("mata\nx = 1\n", r"\r\n: $", "end", f"end\n{'-' * 79}\n\n. \nend of do-file\n"),
        ("program p\n", r"\r\n  1\. $", "end", "end\n\n. \nend of do-file\n"),
    ],
)
def test_a_file_that_ends_inside_a_block_may_ask(
    start: Start, code: str, prompt: str, answer: str, shown: str
) -> None:
    console = start(switches="open_end=asks")
    console.do(code, prompt)
    assert console.type(answer) == shown


@pytest.mark.parametrize(
    ("value", "note"),
    [("new", "file a.svg saved as SVG format"), ("old", "(file a.svg written in SVG format)")],
)
def test_the_note_after_graph_export(start: Start, value: str, note: str) -> None:
    console = start(switches=f"graph_note={value}")
    console.type("sysuse auto")
    console.type("scatter price mpg")
    assert note in console.type("graph export a.svg")


def test_graph_export_may_not_know_png(start: Start) -> None:
    console = start(switches="graph_png=no")
    console.type("sysuse auto")
    console.type("scatter price mpg")
    shown = console.type("graph export a.png")
    assert shown.endswith("translator Graph2png not found\nr(111);\n")


def test_every_switch_is_tested() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    named = {s.name for s in SWITCHES if f"{s.name}=" in text or f'switches="{s.name}"' in text}
    assert {s.name for s in SWITCHES} - named == set()


def test_the_documentation_names_every_switch() -> None:
    text = (REPOSITORY / "docs" / "standin.rst").read_text("utf-8")
    rows = text.partition("A name alone means ``yes``.")[2].split("\n")
    assert [row for row in rows if row and not row.startswith(" ")] == [s.name for s in SWITCHES]
    assert [s.name for s in SWITCHES if f"Default: ``{s.default}``." not in text] == []
