"""The little Stata that the consoles for tests know, row for row."""

from pathlib import Path

import pytest

from tests.consoles.typist import Typist

DONE = 'display as error "D" "ONE"'

pytestmark = pytest.mark.timeout(60)

FILES = {
    "fails.do": "display 1\nnot_a_command\ndisplay 2\n",
    "outer.do": 'do "{d}/fails.do"\n',
    "including.do": 'include "{d}/fails.do"\n',
    "locals.do": "local x 5\n",
    "delimit.do": '#delimit ;\ndisplay 1\n  + 2 ; display "x" ;\n'
    "#delimit cr\ndisplay 6 /// more\n+ 1\n",
    "block.do": "foreach x in 1 2 {\n  display `x'\n\n  display 9\n}\n",
    "if.do": 'if 0 {\n  display "a"\n}\nelse {\n  display "b"\n}\n',
    "quiet.do": 'quietly {\n  display "no"\n  noisily display "yes"\n}\n',
    "open.do": "foreach x in 1 2 {\n",
    "exits.do": "exit\nnot_a_command\n",
    "exits3.do": "exit 3\n",
    "program.do": 'program p\n  display "[`1\']"\n  not_a_command\nend\np a\n',
    "tabs.do": 'display\t"x"\n',
    "more.do": "set more on\n",
    "slow.do": 'display "     |   " _continue\nsleep 20000\n',
    "utf8.do": 'display "é—" _char(233)\n',
}
FAILED = ". display 1\n1\n\n. not_a_command\ncommand not_a_command is unrecognized\nr(199);\n"
END = "\nend of do-file\n"

# Typed lines, and the rows from the first echo on; {d} is the folder.
DIALOGUES = {
    "values": (
        ['display 1/3 2+3*2 " " -0.5 _char(65)'],
        '1/3 2+3*2 " " -0.5 _char(65)\n.333333338 -.5A\n',
    ),
    "nothing": (["", "* note", "display `none'"], "\n. * note\n. display `none'\n\n\n. "),
    "error": (
        ["not_a_command"],
        "not_a_command\ncommand not_a_command is unrecognized\nr(199);\n\n. ",
    ),
    "do in do fails": (['do "{d}/outer"'], FAILED + END + "r(199);\n" + END + "r(199);\n\n. "),
    "include fails": (['include "{d}/fails.do"'], FAILED + "r(199);\n\n. "),
    "include in do fails": (
        ['do "{d}/including.do"'],
        FAILED + "r(199);\n" + END + "r(199);\n\n. ",
    ),
    "no stop": (
        ['do "{d}/fails.do", nostop'],
        FAILED + "\n. display 2\n2\n" + END + "\n. ",
    ),
    "missing": (['do "{d}/missing"'], "/missing.do not found\nr(601);\n\n. "),
    "run": (['run "{d}/fails.do"'], 'fails.do"\ncommand not_a_command is unrecognized\nr(199);\n'),
    "include keeps locals": (['include "{d}/locals.do"', "display `x'"], "\n. display `x'\n5\n"),
    "do drops locals": (['do "{d}/locals.do"', "display `x'"], "\n. display `x'\n\n\n. "),
    "delimiter": (
        ['do "{d}/delimit.do"'],
        '. display 1\n>   + 2 ; display "x" ;\n3\nx\n\n'
        ". #delimit cr\n\n. display 6 /// more\n> + 1\n7\n",
    ),
    "block": (
        ['do "{d}/block.do"'],
        "{\n  2.   display `x'\n  3. \n.   display 9\n  4. }\n1\n9\n2\n9\n" + END,
    ),
    "if": (['do "{d}/if.do"'], '{\n.   display "a"\n. }\n\n. else {\n.   display "b"\n. }\nb\n'),
    "quietly": (['do "{d}/quiet.do"'], ". quietly {\nyes\n" + END),
    "typed block": (
        ["forvalues i = 1/2 {", "display `i'", "}"],
        "{\n  2. display `i'\n  3. }\n1\n2\n\n. ",
    ),
    "open block": (['do "{d}/open.do"'], "{\nunexpected end of file\nr(612);\n" + END),
    "exit ends the file": (['do "{d}/exits.do"'], ". exit\n" + END + "\n. "),
    "exit 3": (['do "{d}/exits3.do"', "display _rc"], END + "r(3);\n\n. display _rc\n0\n"),
    "program": (
        ['do "{d}/program.do"'],
        ". p a\n[a]\ncommand not_a_command is unrecognized\nr(199);\n" + END + "r(199);\n",
    ),
    "program twice": (
        ["program p", "end", "program p"],
        "program p\n  1. end\n\n. program p\nprogram p already defined\nr(110);\n",
    ),
    "capture": (
        ["capture noisily not_a_command", "display _rc"],
        "command not_a_command is unrecognized\n\n. display _rc\n199\n",
    ),
    "uncaptured": (["not_a_command", "display _rc"], "\n. display _rc\n0\n"),
    "tabs": (['do "{d}/tabs.do"'], '. display "x"\n'),
    "changed data": (
        ["set obs 5", "exit", "count", "return list"],
        "saved\nr(4);\n\n. count\n  5\n\n. return list\n\nscalars:\n               r(N) =  5\n",
    ),
    "more is restored": (['do "{d}/more.do"', "display c(more)"], "\n. display c(more)\noff\n"),
    "output": (
        ["set output error", "display 1", 'display as error "yes"'],
        'error\n\n. display 1\n\n. display as error "yes"\nyes\n',
    ),
    "drop": (["global g 5", "macro drop _all", 'display "[$g]"'], '"[$g]"\n[]\n'),
    "request": (["display _request(m)", "a b", 'display "$m"'], '"$m"\na b\n'),
    "pause": (
        ["pause on", "pause here", "display 5", "end", "pause", "BREAK"],
        "pause:  here\n-> . display 5\n5\n-> . end\nexecution resumes...\n\n"
        ". pause\npause:  \n-> . BREAK\n--Break--\nr(1);\n\n. ",
    ),
    "input": (
        ["input a b", "1 2", "end", "count"],
        "          a          b\n  1. 1 2\n  2. end\n\n. count\n  1\n",
    ),
    "mata": (
        ["mata", "x = 3", "x +", "display as error", "end"],
        "not found\nr(3499);\n\n: end\n---",
    ),
    "mata:": (["mata:", "display"], "not found\n---"),
    "python": (["python", "print(3+4)", "end"], ">>> print(3+4)\n7\n\n>>> end\n---"),
    "svg": (['graph export "{d}/a.svg"'], "/a.svg saved as SVG format\n"),
    "png": (["graph export a.png"], "translator Graph2png not found\nr(111);\n"),
    "linesize": (["set linesize 39"], "linesize must be between 40 and 255\nr(198);\n"),
    "review": (["display 5", "#review"], "1 #review\n2 display 5\n"),
    "quotes": (['display "abc'], "too few quotes\nr(132);\n"),
    "characters": (['do "{d}/utf8.do"'], "\né—\ufffd\n"),
    "shell": (["!echo hi"], "!echo hi\nhi\n\n. "),
    "editing keys": (
        ["dz\x7f\x7fdisplay 5\t", "garb\x15display 6"],
        "\n\n. garb\b \b\b \b\b \b\b \bdisplay 6\n6\n",
    ),
    "function key": (["\x062"], "Observations:          0\n"),
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_dialogue(name: str, tmp_path: Path) -> None:
    for file, text in FILES.items():
        (tmp_path / file).write_text(text.replace("{d}", str(tmp_path)))
    typed, rows = DIALOGUES[name]
    with Typist() as typist:
        typist.until(r"\. ")
        typist.type(*(line.replace("{d}", str(tmp_path)) for line in typed), DONE)
        typist.until(r"\nDONE\r\n")
        assert rows.replace("{d}", str(tmp_path)) in typist.text.replace("\r\n", "\n")


def test_break_in_the_middle_of_a_row(tmp_path: Path) -> None:
    (tmp_path / "slow.do").write_text(FILES["slow.do"])
    with Typist() as typist:
        typist.until(r"\. ")
        typist.type(f'do "{tmp_path}/slow.do"')
        typist.until("sleep 20000\r\n")
        typist.interrupt()
        typist.until(r"--Break--\r\nr\(1\);\r\n\r\nend of do-file\r\nr\(1\);\r\n\r\n\. $")


def test_nobreak_is_not_broken() -> None:
    with Typist() as typist:
        typist.until(r"\. ")
        typist.type("program p", 'display "up"', "sleep 300", "end", "nobreak p", "display 5")
        typist.until(r"\nup\r\n")
        typist.interrupt()
        typist.until(r"^\r\n\. display 5\r\n5\r\n")


def test_linesize_follows_the_terminal() -> None:
    with Typist() as typist:
        typist.until(r"\. ")
        typist.child.setwinsize(50, 100)
        typist.type("display c(linesize)")
        typist.until(r"\n99\r\n")


def test_typed_echo_wraps_before_the_last_column() -> None:
    with Typist(columns=80) as typist:
        typist.until(r"\. ")
        typist.type(f'display "{"a" * 90}"')
        typist.until(r'^display "a{68}\r\n> a{22}"\r\na{79}\r\n> a{11}\r\n')


def test_flood_is_whole() -> None:
    with Typist() as typist:
        typist.until(r"\. ")
        typist.type("flood 800000")
        typist.until(r"0000009999 .*\r\n\r\n\. ")
        assert typist.text.count("flood flood ..") == 10_000


def test_command_of_the_command_line() -> None:
    with Typist("", "display", "5+5") as typist:
        typist.until(r"\. display 5\+5 \r\n10\r\n\r\n\. ")
