"""What a do-file looks like on the screen, and how errors climb out of it."""

from __future__ import annotations

import pytest

from tests.standin.conftest import Start
from tests.standin.typist import PROMPT, Typist


def write(console: Typist, name: str, code: str) -> None:
    (console.folder / name).write_text(code)


def test_lines_are_echoed_before_macro_expansion(console: Typist) -> None:
    assert console.do("local a 5\n\n* comment\n\tdisplay `a'\n") == (
        "\n. local a 5\n\n. \n. * comment\n.         display `a'\n5\n\n. \nend of do-file\n"
    )


def test_loops_are_numbered(console: Typist) -> None:
    code = "forvalues i = 1/2 {\n\n// two\ndisplay `i'\n}\n"
    assert console.do(code) == (
        "\n. forvalues i = 1/2 {\n  2. \n. // two\n. display `i'\n  3. }\n1\n2\n"
        "\n. \nend of do-file\n"
    )


def test_conditions_run_line_by_line(console: Typist) -> None:
    code = 'if 1 {\n  display "a"\n}\nelse {\n  display "b"\n}\n'
    assert console.do(code) == (
        '\n. if 1 {\n.   display "a"\na\n. }\n\n. else {\n.   display "b"\n. }\n'
        "\n. \nend of do-file\n"
    )


def test_a_quiet_block_is_not_echoed(console: Typist) -> None:
    code = 'quietly {\n  display "a"\n  noisily display "b"\n}\ndisplay "c"\n'
    assert console.do(code) == ('\n. quietly {\nb\n\n. display "c"\nc\n\n. \nend of do-file\n')


def test_continuation_rows(console: Typist) -> None:
    code = "display 1 ///\n + 1\ndisplay 2 /* a\nb */ + 2\n#delimit ;\ndisplay\n 5;\n#delimit cr\n"
    assert console.do(code) == (
        "\n. display 1 ///\n>  + 1\n2\n\n. display 2 /* a\n> b */ + 2\n4\n"
        "\n. #delimit ;\ndelimiter now ;\n. display\n>  5;\n5\n"
        "\n. #delimit cr\ndelimiter now cr\n. \nend of do-file\n"
    )


def test_delimit_ends_with_the_file(console: Typist) -> None:
    console.do("#delimit ;\ndisplay 1;\n")
    assert console.do("display 2\n").startswith("\n. display 2\n2\n")


def test_an_error_names_its_code_for_each_level(console: Typist) -> None:
    write(console, "inner.do", "nonsense\ndisplay 1\n")
    assert console.do("do inner\n") == (
        "\n. do inner\n\n. nonsense\ncommand nonsense is unrecognized\nr(199);\n"
        "\nend of do-file\nr(199);\n\nend of do-file\nr(199);\n"
    )


def test_a_missing_do_file_has_no_end(console: Typist) -> None:
    assert console.type("do nowhere") == "do nowhere\nfile nowhere.do not found\nr(601);\n"


def test_an_include_adds_a_code_but_no_end(console: Typist) -> None:
    write(console, "inner.do", "nonsense\n")
    assert console.type("include inner.do") == (
        "include inner.do\n\n. nonsense\ncommand nonsense is unrecognized\nr(199);\nr(199);\n"
    )


def test_an_error_inside_a_condition_gives_three_codes(console: Typist) -> None:
    write(console, "inner.do", "if 1 {\nnonsense\ndisplay 5\n}\n")
    assert console.type("include inner.do") == (
        "include inner.do\n\n. if 1 {\n. nonsense\ncommand nonsense is unrecognized\nr(199);\n"
        ". display 5\n. }\nr(199);\nr(199);\n"
    )


def test_include_keeps_local_macros(console: Typist) -> None:
    write(console, "inner.do", "local kept 5\n")
    console.type("include inner.do")
    assert console.type("display `kept'").endswith("\n5\n")
    console.type("do inner")
    console.type("local kept")
    console.type("do inner")
    assert console.type('display "[`kept\']"').endswith("\n[]\n")


@pytest.mark.parametrize(("value", "ending"), [("no", ""), ("yes", "end of do-file\n")])
def test_include_may_name_its_end(start: Start, value: str, ending: str) -> None:
    console = start(switches=f"include_eof={value}")
    write(console, "inner.do", "display 1\n")
    assert console.type("include inner.do").endswith("\n1\n\n. \n" + ending)


def test_run_is_silent_but_for_errors(console: Typist) -> None:
    write(console, "inner.do", "display 1\nnonsense\n")
    shown = console.type("run inner")
    assert shown == "run inner\ncommand nonsense is unrecognized\nr(199);\nr(199);\n"


def test_nostop_goes_on(console: Typist) -> None:
    write(console, "inner.do", "nonsense\ndisplay 1\n")
    # Not to the next prompt: the echo of the file's end looks like one while it is being printed.
    shown = console.type("do inner, nostop", "end of do-file\r\n")
    assert shown.endswith("r(199);\n\n. display 1\n1\n\n. \n")


def test_arguments_are_macros(console: Typist) -> None:
    write(console, "inner.do", "display `\"`1'-`2'-`0'\"'\n")
    assert 'one two-3-"one two" 3\n' in console.type('do inner "one two" 3')


@pytest.mark.parametrize(("code", "rc"), [("exit", 0), ("exit 3", 3), ("exit, clear", 0)])
def test_exit_ends_the_do_file_only(console: Typist, code: str, rc: int) -> None:
    write(console, "inner.do", f"{code}\ndisplay 99\n")
    assert "99" not in console.type("capture noisily do inner").replace("199", "")
    assert console.type("display _rc").endswith(f"\n{rc}\n")


def test_exit_stata_ends_everything(console: Typist) -> None:
    write(console, "inner.do", "exit, STATA clear\n")
    console.send("do inner")
    assert console.end() == 0


def test_more_and_trace_are_put_back(console: Typist) -> None:
    console.do("set more on\nset linesize 100\nset trace on\n")
    assert console.type("display c(trace) c(more) c(linesize)").endswith("\noffoff100\n")


def test_the_last_line_may_lack_a_newline(start: Start) -> None:
    assert "\n5\n" in start().do("display 5")
    assert "\n5\n" not in start(switches="last_line=no").do("display 5")


def test_a_byte_order_mark_and_carriage_returns_are_no_code(console: Typist) -> None:
    (console.folder / "windows.do").write_bytes("\ufeffdisplay 5\r\n".encode())
    assert console.type("do windows").endswith("\n. display 5\n5\n\n. \nend of do-file\n")


def test_bytes_that_are_not_utf_8_come_out_as_they_went_in(console: Typist) -> None:
    (console.folder / "old.do").write_bytes(b'display "caf\xe9"\n')
    console.send("do old")
    console.child.expect(PROMPT)
    assert b"\r\ncaf\xe9\r\n" in console.child.before


def test_an_unclosed_block_is_an_error(console: Typist) -> None:
    assert "r(612);" in console.do("foreach i in 1 2 {\ndisplay 1\n")


def test_do_files_nest_sixty_four_deep(console: Typist) -> None:
    write(console, "inner.do", "do inner\n")
    assert "r(1000);" in console.type("run inner")
    assert console.type("display 1").endswith("\n1\n")


def test_a_profile_runs_first(start: Start) -> None:
    console = start(ready=False)
    write(console, "profile.do", 'display "from the profile"\n')
    console = start(ready=False)
    shown = console.until(r"\r\n\. $")
    row = f"Running {console.folder.resolve() / 'profile.do'} ..."
    assert shown.replace("\n> ", "") == f"\n{row}\n\nfrom the profile\n"


def test_the_site_profile_runs_before_ones_own(start: Start) -> None:
    folder = start().folder
    (folder / "sysprofile.do").write_text('display "first"\n')
    (folder / "profile.do").write_text('display "second"\nset rmsg on\n')
    shown = start(ready=False).until(r"\r\n\. $")
    rows = [row for row in shown.splitlines() if row in ("first", "second")]
    assert rows == ["first", "second"]
    assert shown.count("Running ") == 2


def test_what_a_do_file_sets_stays_but_for_more_and_trace(console: Typist) -> None:
    (console.folder / "away").mkdir()
    console.do("set linesize 60\ncd away\nglobal g 5\nscalar s = 6\nprogram p\ndisplay 7\nend\n")
    assert console.type('display c(linesize) " $g " s').endswith("\n60 5 6\n")
    assert console.type("pwd").endswith("/away\n")
    assert console.type("p").endswith("\n7\n")


def test_a_silent_profile_leaves_one_blank_row(start: Start) -> None:
    write(start(ready=False), "profile.do", "local x 5\n")
    assert start(ready=False).until(PROMPT).endswith(" ...\n")


def test_a_failing_profile_is_followed_by_the_prompt(start: Start) -> None:
    write(start(ready=False), "profile.do", "nonsense\n")
    console = start(ready=False)
    assert console.until(r"\r\n\. $").endswith("command nonsense is unrecognized\nr(199);\n")
    assert console.type("display 1").endswith("\n1\n")


def test_a_command_line_runs_first(start: Start) -> None:
    console = start("-q", "display", "5")
    assert console.text(console.child.before) == ". display 5 \n5\n"


def test_batch_writes_a_log(start: Start) -> None:
    console = start("-q", "-b", "do", "job.do", ready=False)
    console.end()
    write(console, "job.do", "display 5\nnonsense\n")
    console = start("-q", "-b", "do", "job.do", ready=False)
    assert console.end() == 0
    assert (console.folder / "job.log").read_text() == (
        "\n. display 5\n5\n\n. nonsense\ncommand nonsense is unrecognized\nr(199);\n"
        "\nend of do-file\nr(199);\n"
    )


def test_the_banner_says_what_it_is(start: Start) -> None:
    console = start("do", "nothing")
    shown = console.text(console.child.before)
    assert "It is not Stata, no StataCorp product" in shown
    assert "\n> " not in shown.partition(". do")[0]
