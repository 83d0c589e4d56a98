"""The compact form loses echo and notes, never a row of results."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.operations.compact import compacted

LIST = """
     +---------------------+
     | make          price |
     |---------------------|
  1. | AMC Concord   4,099 |
  2. | AMC Pacer     4,749 |
     +---------------------+
"""
LIST_CLEAN = """
       make          price
  1.   AMC Concord   4099
  2.   AMC Pacer     4749
"""
LOOP = """. forvalues i = 1/2 {
  2.     display `i'
  3.     list in 1
  4. }
1
2
"""
LOOP_CODE = "forvalues i = 1/2 {\n    display `i'\n    list in 1\n}\n"


@pytest.mark.parametrize("table", [LIST, LIST_CLEAN])
@pytest.mark.parametrize("is_file", [True, False])
def test_rows_of_a_list_stay(table: str, is_file: bool) -> None:
    shown = compacted(f". list in 1/2\n{table}\n", "list in 1/2\n", is_file=is_file)
    assert [row for row in table.splitlines() if row.strip()] == [
        row for row in shown.splitlines() if row.strip() and not row.startswith(". list")
    ]


def test_rows_of_a_list_inside_a_loop_stay() -> None:
    code = "foreach v in make {\nlist `v' in 1/2\n}\n"
    echo = ". foreach v in make {\n  2. list `v' in 1/2\n  3. }\n"
    shown = compacted(echo + LIST, code, is_file=True)
    assert "  2. | AMC Pacer     4,749 |" in shown
    assert "  2. list" not in shown


def test_the_body_of_a_block_goes_and_its_header_stays_for_code() -> None:
    assert compacted(LOOP, LOOP_CODE, is_file=False) == ". forvalues i = 1/2 {\n1\n2\n"


def test_the_echo_of_a_file_goes() -> None:
    code = 'sysuse auto\ndisplay "a long text, ///\n    in two lines"\n'
    text = (
        ". sysuse auto\n(1978 automobile data)\n\n"
        '. display "a long text, ///\n>     in two lines"\na long text, in two lines\n'
    )
    assert compacted(text, code, is_file=True) == (
        "(1978 automobile data)\n\na long text, in two lines\n"
    )


def test_a_wrapped_echo_goes_as_a_whole() -> None:
    line = "use /a/very/long/path/to/a/place/that/does/not/fit/one/row/of/a/terminal.dta, clear"
    text = f". {line[:70]}\n> {line[70:]}\nread\n"
    assert compacted(text, line + "\n", is_file=True) == "read\n"


def test_notes_about_changes_go_and_other_notes_stay() -> None:
    text = "(1,234 real changes made)\n(3 missing values generated)\n(output omitted)\n"
    assert compacted(text, "x", is_file=False) == "(output omitted)\n"


def test_output_that_only_looks_like_echo_stays() -> None:
    text = ". display 1\n1\n. not of this code\n> nor this\n  1. nor that\n"
    assert compacted(text, "display 1\n", is_file=True) == text.removeprefix(". display 1\n")


@given(st.lists(st.text("abc |.0123456789", min_size=1), min_size=1, max_size=12))
def test_numbered_rows_after_a_command_stay(texts: list[str]) -> None:
    rows = [f"{number:3}. {text}" for number, text in enumerate(texts, start=1)]
    whole = "\n".join([". list", *rows, ""])
    assert compacted(whole, "list\n", is_file=True) == "\n".join([*rows, ""])
