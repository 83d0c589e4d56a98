"""Whatever is typed, the answer is Stata's: a result or an error, never a failure of ours."""

from __future__ import annotations

import os
import tempfile

import pytest
from hypothesis import example, given, settings
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


@example(lines=["logistic _all", "regress _all"], data=False)
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


MATA = """x A 1 2 . "a" ' ( ) [ ] , \\ + - * :* ^ == = { } if else return break ; ++ -- !
    real scalar f(a) st_data(., "price") sqrt( J(2,2,1) I(2) st_local("a","b") printf("%g\\n",1)
    sum( cholesky(A) A[1,1] A[9] invsym( st_view(Z=.,.,"mpg") strlen( nosuch(1)"""


@given(st.lists(st.sampled_from(MATA.split()), min_size=1, max_size=8))
@example(["A", "[", '"a"', "]"])
@settings(max_examples=200)
def test_any_mata_ends_in_a_result_or_an_error(words: list[str]) -> None:
    here = Inside()
    with tempfile.TemporaryDirectory() as folder:
        shown = here.run(f"sysuse auto\nmata: A = (1,2\\3,4)\nmata: {' '.join(words)}", folder)
    assert "stand-in failed" not in shown


@pytest.mark.parametrize(
    ("line", "ending"),
    [
        ("ls ~ <", ""),
        ("ls /nowhere*", ""),
        ("log using .", "invalid syntax\nr(198);\n"),
        ("macro drop by(make) (min/3", ""),
        ("markout make price", "type mismatch\nr(109);\n"),
        ("matrix A = J(2,2,0)\nmatrix A[5,1] = 1", "conformability error\nr(503);\n"),
        ("matrix A = J(900,900,0)", "matsize too small\nr(908);\n"),
    ],
)
def test_what_once_failed_is_an_answer_or_an_error(line: str, ending: str) -> None:
    here = Inside()
    with tempfile.TemporaryDirectory() as folder:
        shown = here.run(f"quietly sysuse auto\n{line}", folder)
    assert shown.endswith(ending) and "stand-in failed" not in shown
