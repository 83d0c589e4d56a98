"""Interrupts, --more--, pauses, rmsg, trace: what happens while something runs."""

from __future__ import annotations

import re

import pytest

from tests.standin.conftest import Start
from tests.standin.typist import PROMPT, Typist


def test_a_break_ends_sleep(console: Typist) -> None:
    console.send("sleep 60000")
    console.child.expect("sleep 60000\r\n")
    console.interrupt()
    assert console.until(PROMPT) == "--Break--\nr(1);\n"


def test_a_break_ends_a_loop_and_keeps_what_it_printed(console: Typist) -> None:
    (console.folder / "loop.do").write_text("display 1 _continue\nwhile 1 {\nlocal x 1\n}\n")
    console.send("do loop")
    console.child.expect(r"3\. \}\r\n")
    console.interrupt()
    assert console.until(PROMPT) == "--Break--\nr(1);\n\nend of do-file\nr(1);\n"


def test_a_break_may_stand_behind_partial_output(console: Typist) -> None:
    (console.folder / "part.do").write_text(
        'quietly {\nnoisily display "  | " _c\nsleep 60000\n}\n'
    )
    console.send("do part")
    console.child.expect(r"  \| ")
    console.interrupt()
    assert console.until(PROMPT).startswith("--Break--\nr(1);\n")


def test_a_break_means_nothing_at_the_prompt(console: Typist) -> None:
    console.press("display")
    console.child.expect("display")
    console.interrupt()
    console.press(" 5\r")
    assert console.until(PROMPT).endswith("5\n5\n")


def test_capture_traps_a_break(console: Typist) -> None:
    console.send("capture sleep 60000")
    console.child.expect("60000\r\n")
    console.interrupt()
    console.until(PROMPT)
    assert console.type("display _rc").endswith("\n1\n")


def test_nobreak_is_not_broken(console: Typist) -> None:
    (console.folder / "safe.do").write_text('nobreak {\nsleep 500\ndisplay "whole"\n}\n')
    console.send("do safe")
    console.child.expect(r"sleep 500\r\n")
    console.interrupt()
    assert "whole\n. }\n--Break--\nr(1);\n" in console.until(PROMPT)


def broken_sleep(start: Start, switches: str, typed: str = "") -> Typist:
    """Break a sleep, with something typed ahead; return the console behind the code row."""
    console = start(switches=switches)
    console.send("sleep 60000")
    console.child.expect("60000\r\n")
    console.press(typed)
    console.interrupt()
    console.child.expect(r"--Break--\r\nr\(1\);\r\n")
    return console


def test_a_break_flushes_typed_ahead_input(start: Start) -> None:
    console = broken_sleep(start, "typeahead=flush", "display 12\r")
    console.until(PROMPT)
    assert console.type("display 13") == "display 13\n13\n"


def test_a_break_may_keep_typed_ahead_input(start: Start) -> None:
    console = broken_sleep(start, "typeahead=keep", "display 12\r")
    console.child.expect(r"\r\n\. display 12\r\n12\r\n" + PROMPT)


def test_a_break_may_eat_the_next_bytes(start: Start) -> None:
    console = broken_sleep(start, "typeahead=3")
    console.until(PROMPT)
    assert console.type("xyzdisplay 12") == "display 12\n12\n"


def test_a_late_break(start: Start) -> None:
    console = start(switches="break_delay=0.5")
    console.send("sleep 60000")
    console.child.expect("60000\r\n")
    console.interrupt()
    assert console.until(PROMPT) == "--Break--\nr(1);\n"


def test_a_break_that_shows_twice(start: Start) -> None:
    console = start(switches="break_rows=2")
    console.send("sleep 60000")
    console.child.expect("60000\r\n")
    console.interrupt()
    assert console.until(PROMPT) == "--Break--\nr(1);\n--Break--\nr(1);\n"


def test_a_console_deaf_to_breaks(start: Start) -> None:
    console = start(switches="break=deaf")
    console.send("sleep 700")
    console.child.expect("700\r\n")
    console.interrupt()
    assert console.until(PROMPT) == ""


def test_a_break_that_kills(start: Start) -> None:
    console = start(switches="break=die")
    console.send("sleep 60000")
    console.child.expect("60000\r\n")
    console.interrupt()
    console.end()
    assert console.child.signalstatus == 9


LONG = "forvalues i = 1/60 {\ndisplay `i'\n}\n"


def test_more_waits_for_a_key_and_is_erased(console: Typist) -> None:
    (console.folder / "long.do").write_text("set more on\n" + LONG)
    console.send("do long")
    console.child.expect("--more--$")
    console.press(" ")
    console.child.expect("\r        \r")
    console.child.expect("--more--$")
    console.press("q")
    assert console.until(PROMPT) == "        \r--Break--\nr(1);\n\nend of do-file\nr(1);\n"


def test_more_shows_one_row_for_enter(console: Typist) -> None:
    console.type("set more on")
    (console.folder / "long.do").write_text("quietly set more on\n" + LONG)
    console.send("run long")
    assert console.until(PROMPT) == "run long\n"
    console.send("do long")
    console.child.expect("--more--$")
    console.press("\r")
    console.child.expect("--more--$")
    assert console.text(console.child.before).count("\n") == 1
    console.press("q")
    console.until(PROMPT)


def test_more_ignores_an_interrupt_and_takes_end_of_file_for_a_key(console: Typist) -> None:
    console.type("set more on")
    (console.folder / "long.do").write_text(LONG)
    console.send("do long")
    console.child.expect("--more--$")
    console.interrupt()
    console.press("\x04")
    console.child.expect("--more--$")
    console.press("q")
    assert console.until(PROMPT).endswith("r(1);\n")


def test_pause_prompts(console: Typist) -> None:
    console.type("pause on")
    console.type("pause look here", r"pause: look here\r\n-> \. $")
    console.type("display 5", r"\n5\r\n\r\n-> \. $")
    assert console.type("end") == "end\nexecution resumes...\n"


def test_pause_may_break(console: Typist) -> None:
    console.type("pause on")
    console.type("pause", r"-> \. $")
    assert console.type("BREAK") == "BREAK\n--Break--\nr(1);\n"


def test_rmsg_times_commands(console: Typist) -> None:
    console.type("set rmsg on")
    assert re.search(r"\n1\nr; t=0\.\d\d \d{1,2}:\d\d:\d\d\n$", console.type("display 1"))
    assert re.search(r"\nr\(199\); t=0\.\d\d \d{1,2}:\d\d:\d\d\n$", console.type("nonsense"))
    assert console.type("* comment") == "* comment"


def test_trace_shows_lines_and_their_expansion(console: Typist) -> None:
    console.do('program demo\nlocal a 5\ndisplay "`a\'"\nend\n')
    console.type("set trace on")
    assert console.type("demo") == (
        "demo\n  " + "-" * 62 + ' begin demo ---\n  - local a 5\n  - display "`a\'"\n'
        '  = display "5"\n5\n  ' + "-" * 64 + " end demo ---\n"
    )


def test_set_output_error_hides_all_but_errors(console: Typist) -> None:
    console.type("set output error")
    assert console.type("display 1") == "display 1\n"
    assert console.type("display as error 2") == "display as error 2\n2\n"
    console.type("set output proc")
    assert console.type("display 1").endswith("\n1\n")


def test_capture_noisily_shows_the_message_and_no_code(console: Typist) -> None:
    shown = console.type("capture noisily nonsense")
    assert shown == "capture noisily nonsense\ncommand nonsense is unrecognized\n"
    assert console.type("display _rc").endswith("\n199\n")


def test_only_capture_sets_rc(console: Typist) -> None:
    console.type("capture error 7")
    console.type("nonsense")
    assert console.type("display _rc").endswith("\n7\n")


@pytest.mark.parametrize(("value", "codes"), [("yes", 1), ("no", 0)])
def test_codes_inside_a_captured_do_file(start: Start, value: str, codes: int) -> None:
    console = start(switches=f"inner_codes={value}")
    (console.folder / "inner.do").write_text("nonsense\n")
    assert console.type("capture noisily do inner").count("r(199);") == codes


def test_error_1_prints_break(console: Typist) -> None:
    assert console.type("error 1") == "error 1\n--Break--\nr(1);\n"


@pytest.mark.parametrize("codes", [1, 2, 3])
def test_codes_may_be_printed_more_than_once(start: Start, codes: int) -> None:
    assert start(switches=f"codes={codes}").type("nonsense").count("r(199);") == codes
