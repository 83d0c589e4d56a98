"""How it starts, or fails to, and what the first prompt costs."""

from __future__ import annotations

import time

import psutil
import pytest

from tests.standin.conftest import Start
from tests.standin.typist import PROMPT, Typist, run


@pytest.mark.parametrize(
    ("start", "text", "status"),
    [
        ("license", "License not applicable to this Stata\n", 1),
        ("no_license", "Cannot find license file\n", 1),
        ("expired", "License has expired\n", 1),
        ("loader", "stata-mp: error while loading shared libraries: libtinfo.so.5: ", 127),
    ],
)
def test_starts_that_fail(start: str, text: str, status: int) -> None:
    done = run("", "-m", "stata_sessions.standin", "-q", switches=f"start={start}")
    assert (done.stdout.startswith(text), done.returncode) == (True, status)


def test_taken_seats_are_named_on_the_error_stream() -> None:
    done = run("", "-m", "stata_sessions.standin", "-q", switches="start=seats")
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr.startswith("All licensed seats are in use")


def test_a_failing_start_may_have_status_0() -> None:
    switches = "start=no_license,start_status=0"
    assert run("", "-m", "stata_sessions.standin", "-q", switches=switches).returncode == 0


def test_a_silent_start(start: Start) -> None:
    console = start(switches="start=silent", ready=False)
    with pytest.raises(Exception, match="Timeout"):
        console.child.expect(".", timeout=0.5)
    assert console.child.isalive()


def test_a_slow_start(start: Start) -> None:
    began = time.monotonic()
    start(switches="start_delay=0.7")
    assert time.monotonic() - began >= 0.7


@pytest.mark.parametrize("key", [" ", "q"])
def test_more_before_the_first_prompt(start: Start, key: str) -> None:
    console = start(switches="start_more", ready=False)
    console.child.expect("--more--$")
    console.press(key)
    console.until(PROMPT)


def test_a_banner_despite_q(start: Start) -> None:
    console = start(switches="banner")
    assert "stand-in console" in console.text(console.child.before)


LOADED = """
import os, sys, runpy
sys.argv = ["standin", "-q"]
try:
    runpy.run_module("stata_sessions.standin", run_name="__main__")
except SystemExit:
    pass
heavy = {"numpy", "pandas", "scipy", "matplotlib"} & set(sys.modules)
sys.stderr.write(" ".join(sorted(heavy)))
"""


@pytest.mark.parametrize("code", ["", "display 1+1\n", "display 1/3\nlocal x = 2^0.5\n"])
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str) -> None:
    assert run(code, "-c", LOADED).stderr == ""


def busy_s(console: Typist) -> float:
    """Return the processor's time: the clock on the wall belongs to all that runs here."""
    times = psutil.Process(console.child.pid).cpu_times()
    return times.user + times.system


def test_the_first_prompt_comes_at_once(start: Start) -> None:
    assert busy_s(start()) < 0.3


def test_a_long_loop_is_quick_enough(console: Typist) -> None:
    code = "forvalues i = 1/100000 {\nlocal x = `i' + 1\nquietly display `x'\n}\n"
    before_s = busy_s(console)
    console.do(code)
    assert busy_s(console) - before_s < 10


def test_the_keypad_string_may_be_asked_for(start: Start) -> None:
    console = start(switches="keypad=vt100", ready=False)
    console.child.expect(PROMPT)
    assert console.child.before == b"\x1b="


def test_more_may_be_on_from_the_start(start: Start) -> None:
    assert start(switches="more").type("display c(more)").endswith("\non\n")


def test_a_pipe_that_closes_ends_it_quietly() -> None:
    code = "import subprocess, sys\n" + (
        "child = subprocess.Popen([sys.executable, '-m', 'stata_sessions.standin'],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)\n"
        "child.stdout.close()\n"
        "sys.stdout.write(child.communicate(b'display 1\\n')[1].decode())\n"
    )
    assert run("", "-c", code).stdout == ""


def test_nobody_is_asked_for_more_where_nobody_can_answer() -> None:
    code = "set more on\nforvalues i = 1/100 {\ndisplay `i'\n}\ndisplay 777\n"
    shown = run(code, "-m", "stata_sessions.standin", "-q").stdout
    assert "--more--" not in shown
    assert "\n100\n\n. display 777\n777\n" in shown


def test_flags_behind_the_command_belong_to_it(start: Start) -> None:
    console = start("-q", "display", '"-q"')
    assert console.text(console.child.before) == '. display "-q" \n-q\n'


def test_the_usage(start: Start) -> None:
    usage = run("", "-m", "stata_sessions.standin", "-h").stdout
    assert usage == 'usage:  python -m stata_sessions.standin [-h -q -b --faults] ["command"]\n'


def test_redirected_input_is_echoed_and_ends_it() -> None:
    done = run("display 1\nnosuch\n", "-m", "stata_sessions.standin", "-q")
    expected = "\n. display 1\n1\n\n. nosuch\ncommand nosuch is unrecognized\nr(199);\n\n. \n"
    assert (done.stdout, done.returncode) == (expected, 0)


def test_what_console_and_mode_it_says_it_is() -> None:
    done = run("display \"`c(console)' <`c(mode)'>\"\n", "-m", "stata_sessions.standin", "-q")
    assert "\nconsole <>\n" in done.stdout


def test_an_interrupt_means_nothing_from_the_first_line_on() -> None:
    code = (
        "import runpy, signal, sys\n"
        "set_signal, sys.argv = signal.signal, ['standin', '-h']\n"
        "def note(*arguments):\n"
        "    print(arguments[1].name, 'stata_sessions.standin.front' in sys.modules)\n"
        "    return set_signal(*arguments)\n"
        "signal.signal = note\n"
        "runpy.run_module('stata_sessions.standin', run_name='__main__')\n"
    )
    assert run("", "-c", code).stdout.startswith("SIG_IGN False\nusage:")
