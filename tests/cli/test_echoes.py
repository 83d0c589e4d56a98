"""The progress of a do-file, by the echo of its lines."""

from __future__ import annotations

from stata_sessions.cli.echoes import EchoCounter

LONG = "generate a_variable_with_a_long_name = " + " + ".join(f"x{n}" for n in range(40))
CODE = f"""\
display "one"

forvalues i = 1/2 {{
\tdisplay `i'
}}
{LONG}
/* a remark
   goes on */
display "two" ///
    " three"
quietly {{
    display "hidden"
}}
display "end"
"""
ROWS = [
    ('. do "/tmp/a.do"\n', 0),
    ('\n. display "one"\n', 1),
    ("one\n", 1),
    ("\n. \n", 2),
    (". forvalues i = 1/2 {\n", 3),
    ("  2.         display `i'\n", 4),
    ("  3. }\n1\n2\n", 5),
    (f"\n. {LONG[:77]}\n> {LONG[77:]}\n", 6),
    ("\n. /* a remark\n>    goes on */\n", 8),
    ('. display "two" ///\n>     " three"\ntwo three\n', 10),
    ("\n. quietly {\n", 11),
    ('\n. display "end"\nend\n', 14),
    ("\n. \nend of do-file\n", 14),
]


def test_each_echo_counts_once() -> None:
    counter = EchoCounter(CODE)
    assert counter.total == 14
    seen = []
    for text, _ in ROWS:
        counter.take(text)
        seen.append(counter.passed)
    assert seen == [passed for _, passed in ROWS]


def test_however_the_text_is_cut() -> None:
    counter = EchoCounter(CODE)
    for character in "".join(text for text, _ in ROWS):
        counter.take(character)
    assert counter.passed == 14


def test_output_that_looks_like_an_echo_moves_nothing() -> None:
    counter = EchoCounter("display 1\ndisplay 2\n")
    counter.take(". display 3\n  2. nothing\n> \n1\n")
    assert counter.passed == 0
