"""Prompts of their own: mata, python, input."""

from __future__ import annotations

from tests.standin.typist import PROMPT, Typist

MATA = r"\r\n: $"
RULE = "-" * 79


def test_mata_prompts_with_a_colon(console: Typist) -> None:
    header = "-" * 49 + " mata (type end to exit) " + "-" * 5
    assert console.type("mata", MATA) == f"mata\n{header}"
    assert console.type("x = 5", MATA) == "x = 5\n"
    assert console.type("x", MATA) == "x\n  5\n"
    assert console.type("", MATA) == ""
    assert console.type("// nothing", MATA) == "// nothing"
    assert console.type("end") == f"end\n{RULE}\n"
    assert console.type("mata: x + 1") == "mata: x + 1\n  6\n"


def test_mata_goes_on_with_a_bracket(console: Typist) -> None:
    console.type("mata", MATA)
    assert console.type("x = (1,", r"\r\n> $") == "x = (1,"
    assert console.type("2)", MATA) == "2)\n"
    console.type("end")


def test_mata_stays_after_an_error(console: Typist) -> None:
    console.type("mata", MATA)
    shown = console.type("nosuch", MATA)
    assert shown == f"nosuch\n{'<istmt>:':>25}  3499  nosuch not found\nr(3499);\n"
    console.type("end")


def test_mata_with_a_colon_leaves_after_an_error(console: Typist) -> None:
    console.type("mata:", MATA)
    assert console.type("nosuch").endswith("3499  nosuch not found\nr(3499);\n")
    assert console.type("display 1").endswith("\n1\n")


def test_python_has_its_prompts(console: Typist) -> None:
    console.type("python", r"\r\n>>> $")
    assert console.type("7 // 2", r"\r\n>>> $") == "7 // 2\n3"
    console.type("def f():", r"\r\n\.\.\. $")
    console.type("  return 8", r"\r\n\.\.\. $")
    console.type("", r"\r\n>>> $")
    assert console.type("f()", r"\r\n>>> $") == "f()\n8"
    assert "ZeroDivisionError" in console.type("1 / 0", r"\r\n>>> $")
    assert console.type("end") == f"end\n{RULE}\n"


def test_python_with_a_colon_leaves_after_an_error(console: Typist) -> None:
    console.type("python:", r"\r\n>>> $")
    assert console.type("1 / 0").endswith("\nr(7102);\n")
    assert console.type("display 1").endswith("\n1\n")


def test_input_prompts_with_row_numbers(console: Typist) -> None:
    shown = console.type("input x str5 name", r"\r\n  1\. $")
    assert shown.split("\n")[-1].split() == ["x", "name"]
    console.type("1 one", r"\r\n  2\. $")
    console.type('2 "two"', r"\r\n  3\. $")
    assert console.type("end") == "end\n"
    assert console.type("display x[2] name[2]").endswith("\n2two\n")


def test_tab_completes_a_variable(console: Typist) -> None:
    console.type("sysuse auto")
    console.press("display mp\t[1]\r")
    assert console.until(PROMPT) == "display mpg[1]\n22\n"
