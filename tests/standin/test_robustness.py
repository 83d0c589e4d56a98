"""Whatever is typed, the answer is Stata's: a result or an error, never a failure of ours."""

from __future__ import annotations

import os
import tempfile

from hypothesis import given, settings
from hypothesis import strategies as st

from stata_sessions.standin import commands
from tests.standin.inside import Inside

# These wait, leave, or reach out of the interpreter.
LEFT_OUT = {
    "cd",
    "copy",
    "erase",
    "exit",
    "mkdir",
    "pause",
    "python",
    "rm",
    "rmdir",
    "shell",
    "sleep",
}
NAMES = [name for name in commands.names() if name not in LEFT_OUT]
PIECES = """1 x = == ( ) [ ] { } , if in using `x' $g + - * / \\ ' . .a _n varlist local drop list
    define all _all price mpg make foreign # %9.2f 5 1/3 of to : on off hold e(b) r(mean) c(N)
    "a" word count label display noi " `" "' | & ^ replace name(x) robust i.foreign c.mpg 0 -1 1e308
    gen(z) by(foreign) mean(price) detail chi2"""
LINES = st.builds(
    lambda by, name, pieces: " ".join([*by, name, *pieces]),
    st.sampled_from([[], [], [], ["by foreign:"], ["quietly"], ["capture noisily"]]),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(PIECES.split()), max_size=6),
)
BLOCKS = st.sampled_from(
    ["if 1 {", "if 0 {", "else {", "}", "foreach i in 1 2 {", "while 0 {", "program p", "end"]
    + ["capture {", "quietly {", "display 1", "/*", "*/", "display 1 ///", "#delimit ;", "mata"]
    + ["#delimit cr", "display 2;", "continue", "continue, break", "exit", "input y", "`x", '"']
)


@given(lines=st.lists(LINES, min_size=1, max_size=4), data=st.booleans())
@settings(max_examples=150)
def test_any_command_ends_in_a_result_or_an_error(lines: list[str], data: bool) -> None:
    here = Inside()
    with tempfile.TemporaryDirectory() as folder:
        before = os.getcwd()
        os.chdir(folder)
        try:
            here.run("quietly sysuse auto" if data else "", folder)
            shown = "".join(here.run(line, folder) for line in lines)
        finally:
            os.chdir(before)
    assert "stand-in failed" not in shown


@given(lines=st.lists(BLOCKS, max_size=12))
@settings(max_examples=200)
def test_any_blocks_leave_the_interpreter_in_order(lines: list[str]) -> None:
    here = Inside()
    with tempfile.TemporaryDirectory() as folder:
        shown = here.run("\n".join(lines), folder)
        assert "stand-in failed" not in shown
        assert (here.interpreter.depth, here.interpreter.out.quiet) == (0, False)
        assert here.run("display 5", folder) == "5\n"
