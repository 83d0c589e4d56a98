"""Prompts, echo, blank rows and keys, byte for byte."""

from __future__ import annotations

import pytest

from tests.standin.conftest import Start
from tests.standin.typist import PROMPT, Typist


def test_the_first_prompt_follows_a_blank_row(start: Start) -> None:
    console = start(ready=False)
    console.child.expect(PROMPT)
    assert console.child.before == b""


def test_a_command_that_ran_leaves_a_blank_row(console: Typist) -> None:
    assert console.type("display 1+1") == "display 1+1\n2\n"


@pytest.mark.parametrize("line", ["", "* a comment", "// a comment", "`nothing'", "   "])
def test_an_empty_command_leaves_no_blank_row(console: Typist, line: str) -> None:
    assert console.type(line) == line


def test_an_error_ends_in_its_code_and_a_blank_row(console: Typist) -> None:
    shown = console.type("nonsense")
    assert shown == "nonsense\ncommand nonsense is unrecognized\nr(199);\n"


def test_a_prompt_begins_a_row_of_its_own(console: Typist) -> None:
    assert console.type("display 1 _continue") == "display 1 _continue\n1\n"


def test_a_leading_dot_is_ignored(console: Typist) -> None:
    assert console.type(". display 3") == ". display 3\n3\n"


def test_lines_typed_ahead_are_echoed_one_by_one(console: Typist) -> None:
    console.press("display 1\rdisplay 2\r")
    console.child.expect("display 2\r\n2\r\n" + PROMPT)
    assert console.text(console.child.before) == "display 1\n1\n\n. "


def test_echo_wraps_one_column_before_the_edge(console: Typist) -> None:
    text = "x" * 100
    shown = console.type(f'local a "{text}"')
    first = '. local a "'
    room = 79 - len(first)
    assert shown == f'local a "{"x" * room}\n> {"x" * (100 - room)}"\n'


def test_echo_wraps_at_the_terminal_whatever_linesize_is(console: Typist) -> None:
    console.type("set linesize 255")
    shown = console.type('display "' + "y" * 90 + '"')
    assert shown.split("\n")[:2] == ['display "' + "y" * 68, "> " + "y" * 22 + '"']
    assert "y" * 90 in shown


def test_output_wraps_at_linesize(console: Typist) -> None:
    console.type("set linesize 40")
    shown = console.type('display "' + "abcde" * 10 + '"')
    assert ("abcde" * 8 + "\n> " + "abcde" * 2 + "\n") in shown


@pytest.mark.parametrize("size", [39, 256])
def test_linesize_has_limits(console: Typist, size: int) -> None:
    shown = console.type(f"set linesize {size}")
    assert shown.endswith("linesize must be between 40 and 255\nr(198);\n")


def test_linesize_follows_the_terminal(console: Typist) -> None:
    assert console.type("display c(linesize)").endswith("\n79\n")
    console.child.setwinsize(30, 120)
    assert console.type("display c(linesize)").endswith("\n119\n")
    console.child.setwinsize(30, 400)
    assert console.type("display c(linesize)").endswith("\n255\n")


def test_a_loop_is_numbered_from_two(console: Typist) -> None:
    assert console.type("foreach i in 1 2 {", r"\r\n  2\. $") == "foreach i in 1 2 {"
    assert console.type("display `i'", r"\r\n  3\. $") == "display `i'"
    assert console.type("}") == "}\n1\n2\n"


def test_a_program_is_numbered_from_one(console: Typist) -> None:
    console.type("program hello", r"\r\n  1\. $")
    console.type('display "hi"', r"\r\n  2\. $")
    assert console.type("end") == "end\n"
    assert console.type("hello") == "hello\nhi\n"


def test_numbers_grow_with_the_block(console: Typist) -> None:
    console.type("forvalues i = 1/1 {", r"  2\. $")
    for number in range(3, 11):
        console.type("local x", rf"\r\n{number:3d}\. $")
    assert console.type("}") == "}\n"


def test_comments_in_a_block_take_no_number(console: Typist) -> None:
    console.type("foreach i in 1 {", r"  2\. $")
    console.type("* nothing", r"\r\n\. $")
    console.type("display `i'", r"\r\n  3\. $")
    assert console.type("}") == "}\n1\n"


@pytest.mark.parametrize(
    ("style", "prompt"), [("numbered", r"\r\n  2\. $"), (">", r"\r\n> $"), ("dot", r"\r\n\. $")]
)
def test_an_if_block_is_collected(start: Start, style: str, prompt: str) -> None:
    console = start(switches=f"if_prompt={style}")
    console.type("if 1 {", prompt)
    console.send('display "in"')
    console.send("}")
    console.send("display 77")
    assert "in\n" in console.until(r"\n77\r\n")


def test_slashes_do_not_continue_a_typed_line(console: Typist) -> None:
    assert console.type("display 1 ///") == "display 1 ///\n1\n"


def test_an_open_comment_continues(console: Typist) -> None:
    console.type("display 1 /* more", r"\r\n> $")
    assert console.type("*/ + 2") == "*/ + 2\n3\n"


def test_delimit_is_not_for_the_prompt(console: Typist) -> None:
    assert "r(199);" in console.type("#delimit ;")


@pytest.mark.parametrize(
    ("keys", "ran"),
    [
        ("display 12\x7f3", "13"),
        ("display 12\x083", "13"),
        ("rubbish\x15display 4", "4"),
        ("display 5\x04", "5"),
        ("display 16\x1b[D\x04", "1"),
        ("splay 7\x0bdi\x10", "7"),
        ("display 89\x1b[D\x1b[D\x18" + "8", "8"),
    ],
)
def test_editing_keys(console: Typist, keys: str, ran: str) -> None:
    console.press(keys + "\r")
    assert console.until(PROMPT).endswith(f"\n{ran}\n")


def test_escape_erases_the_line(console: Typist) -> None:
    console.press("rubbish")
    console.child.expect("rubbish")
    console.press("\x1b")
    console.child.expect(r"\x08 +")
    assert console.type("display 6").endswith("display 6\n6\n")


def test_end_of_file_does_not_end_the_console(console: Typist) -> None:
    console.press("\x04")
    assert console.type("display 9").endswith("\n9\n")


def test_tab_completes_or_rings(console: Typist) -> None:
    console.press("xyz\t")
    console.child.expect("\x07")
    console.press("\x15")
    assert console.type("display 1").endswith("\n1\n")


def test_function_key_two_describes(console: Typist) -> None:
    console.press("\x062")
    assert "describe\n" in console.until(PROMPT)


@pytest.mark.parametrize(
    ("key", "rest", "typed"), [("7", "x", "save x"), ("8", "x", "use x"), ("1", "", "help advice")]
)
def test_other_function_keys_type(console: Typist, key: str, rest: str, typed: str) -> None:
    console.press(f"\x06{key}")
    if rest:
        console.press(f"{rest}\r")
    assert console.until(PROMPT).startswith(f"{typed}\n")


def test_no_colours_and_no_terminal_strings_unless_asked(console: Typist) -> None:
    console.send("display as error 5")
    console.child.expect(PROMPT)
    assert b"\x1b" not in console.child.before


def test_history_comes_back(console: Typist) -> None:
    console.type("display 41")
    console.press("\x12\r")
    assert console.until(PROMPT).endswith("\n41\n")


@pytest.mark.parametrize(
    ("term", "string"), [("dumb", b""), ("vt100", b"\x1b="), ("xterm", b"\x1b[?1h\x1b=")]
)
def test_the_keypad_string_depends_on_the_terminal(start: Start, term: str, string: bytes) -> None:
    console = start(term=term, ready=False)
    console.child.expect(PROMPT)
    assert console.child.before == string
    console.send("!echo hi")
    console.child.expect(PROMPT)
    assert console.child.before == b"!echo hi\r\nhi\r\n" + string


@pytest.mark.parametrize(("echo", "shown"), [("tty", "display 5\n5\n"), ("none", "\n5\n")])
def test_other_ways_to_echo(start: Start, echo: str, shown: str) -> None:
    console = start(switches=f"echo={echo}")
    assert console.type("display 5") == shown


def test_a_cooked_terminal_echoes_at_arrival(start: Start) -> None:
    console = start(switches="echo=tty")
    console.press("sleep 300\rdisplay 5\r")
    console.child.expect(r"5\r\n\r\n\. 5\r\n" + PROMPT)
    assert console.text(console.child.before) == "sleep 300\ndisplay "


def test_a_request_swallows_the_next_line(console: Typist) -> None:
    console.send("display _request(answer)")
    console.send("forty two")
    console.until(PROMPT)
    assert console.type('display "[$answer]"').endswith("\n[forty two]\n")


def test_non_ascii_text(console: Typist) -> None:
    assert console.type('display "żółć"') == 'display "żółć"\nżółć\n'


def test_a_shell_child_reads_the_terminal(console: Typist) -> None:
    console.send("!echo ready; head -n 1")
    console.child.expect("ready\r\n")
    console.send("this")
    assert console.until(PROMPT) == "this\nthis\n"
    assert console.type("display 1").endswith("\n1\n")


def test_exit_ends_it_with_status_0(console: Typist) -> None:
    console.send("exit")
    assert console.end() == 0


@pytest.mark.parametrize("code", ["exit, clear", "exit, STATA", "exit, clear STATA"])
def test_ways_to_exit(console: Typist, code: str) -> None:
    console.send(code)
    assert console.end() == 0


def test_exit_with_a_number_at_the_prompt_is_a_code(console: Typist) -> None:
    assert console.type("exit 7") == "exit 7\nr(7);\n"


def test_a_closed_terminal_ends_it(console: Typist) -> None:
    console.child.close(force=False)
    assert not console.child.isalive()


def test_review_shows_typed_lines(console: Typist) -> None:
    console.type("display 1")
    assert console.type("#review").endswith("\n2   display 1\n1   #review\n")


def test_a_carriage_return_begins_the_row_anew(console: Typist) -> None:
    code = 'forvalues i = 1/40 {\ndisplay _char(13) "progress `i\'" _continue\n}\n'
    shown = console.do("quietly {\nnoisily {\n" + code + "}\n}\n")
    assert (shown.count("\r"), "\n> " in shown) == (40, False)
