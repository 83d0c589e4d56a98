"""Whatever is typed or lies in a do-file, the stand-in refuses as Stata does and lives on."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing import examples
from tests.house.source import ROOT
from tests.standin.inside import Inside

PATIENCE_S = 10.0
# Commands that wait, reach out of the interpreter, or may take as long as they are told to.
LEFT_OUT = (
    "sleep",
    "shell",
    "!",
    "winexec",
    "pause",
    "python",
    "cd ",
    "erase",
    "rm",
    "copy",
    "mkdir",
)
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.do"))
ROWS = sorted(
    {
        row
        for file in GOLDEN
        for row in file.read_text("utf-8").splitlines()
        if row.strip() and not any(word in row for word in LEFT_OUT)
    }
)
PIECES = [
    "`",
    "'",
    '"',
    '`"',
    "\"'",
    "$",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "==",
    "///",
    "//",
]
PIECES += [
    "/*",
    "*/",
    "\\",
    "#delimit ;",
    ";",
    "\t",
    "\0",
    "\r",
    "é",
    "\u2028",
    "🙂",
    ".",
    "..",
    "_n",
]
PIECES += [
    "9" * 400,
    "1e999",
    "-",
    "^",
    "~",
    "||",
    "%9.2f",
    "%999.999f",
    "1/0",
    "in 1/-1",
    "if",
    ":",
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a sound row with parts left out, doubled, replaced, or put elsewhere."""
    row = draw(st.sampled_from(ROWS))
    for _ in range(draw(st.integers(1, 3))):
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(row))] * 2)))
        part = draw(st.sampled_from(["", row[first:last] * 2, row[last:], *PIECES]))
        row = row[:first] + part + row[last:]
    return row


ANYTHING = st.lists(st.sampled_from(PIECES) | st.text(max_size=10), max_size=15).map("".join)
HARMLESS = st.one_of(mutated(), ANYTHING).filter(
    lambda row: not any(word in row for word in LEFT_OUT)
)


@settings(max_examples=examples(150))
@given(rows=st.lists(HARMLESS, min_size=1, max_size=6), data=st.booleans())
def test_any_rows_end_in_a_result_or_an_error_of_stata_s(rows: list[str], data: bool) -> None:
    here, began = Inside(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        before = os.getcwd()
        os.chdir(folder)
        try:
            here.run("quietly sysuse auto" if data else "", folder)
            shown = here.run("\n".join(rows), folder)
        finally:
            os.chdir(before)
        assert "stand-in failed" not in shown and "Traceback" not in shown, shown
        assert time.process_time() - began < PATIENCE_S
        assert here.run("display 5", folder) == "5\n"


DEEP = {
    "brackets": "display " + "(" * 5000 + "1" + ")" * 5000,
    "signs": "display " + "-" * 20_000 + "1",
    "blocks": "if 1 {\n" * 500 + "}\n" * 500,
    "prefixes": "quietly " * 5000 + "display 1",
    "quotes": 'display `"' * 2000 + "\"'" * 2000,
    "macros": "display " + "`" * 5000 + "x" + "'" * 5000,
    "a macro in itself": "local x \"`x'`x'a\"\n" * 40,
    "a macro that doubles": 'local x "a"\n' + "local x \"`x'`x'\"\n" * 40,
    "powers": "display 9^9^9^9^9^9",
    "a large loop": "forvalues i = 1/1e300 {\ncontinue, break\n}",
    "a large range": "foreach i of numlist 1/1000000000 {\ncontinue, break\n}",
    "repeated in SMCL": 'display "{dup 1000000000:a}{space 1000000000}{hline 1000000000}"',
    "no such character": "display _char(1114112) _char(-1)",
    "many observations": "set obs 999999999999",
    "a wide format": "display %9999999.2f 1",
    "repeated text": 'display "a" * 1000000000',
    "a copied character": 'display _dup(1000000000) "a"',
    "many blanks": "display _skip(1000000000) 1",
    "many rows": "display _newline(100000000)",
    "a large matrix": "matrix a = J(100000, 100000, 0)",
    "itself": "program p\np\nend\np",
    "an include of itself": 'include "code.do"',
}


def test_what_is_too_deep_or_too_large_is_refused_in_time(tmp_path: Path) -> None:
    slow, failed = [], []
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        for name, code in DEEP.items():
            here, began = Inside(), time.process_time()
            shown = here.run(code, str(tmp_path))
            if time.process_time() - began > PATIENCE_S:
                slow.append(name)
            if "stand-in failed" in shown or "Traceback" in shown:
                failed.append(name)
            assert len(shown) < 10**8
    finally:
        os.chdir(before)
    assert (slow, failed) == ([], [])
