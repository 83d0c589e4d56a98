"""Commands around the language: files, logs, results, timers, help."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stata_sessions.standin import commands
from tests.standin.inside import Inside
from tests.standin.typist import REPOSITORY


class Here:
    """Runs code with a folder of its own as the working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inside = folder, Inside()

    def __call__(self, code: str) -> str:
        return self.inside.run(code, str(self.folder))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.chdir(tmp_path)
    return Here(tmp_path)


def test_the_working_directory(here: Here) -> None:
    here("mkdir sub\ncd sub")
    assert here("pwd") == f"{here.folder.resolve() / 'sub'}\n"
    here("cd ..\nrmdir sub")
    assert not (here.folder / "sub").exists()


def test_a_log_holds_what_is_shown(here: Here) -> None:
    here('log using one.log\ndisplay "inside"\nlog off\ndisplay "unseen"\nlog on\nlog close\n')
    text = (here.folder / "one.log").read_text()
    assert "inside\n" in text
    assert "unseen" not in text
    assert re.search(r"^ closed on: +\d{1,2} \w{3} \d{4}, \d\d:\d\d:\d\d$", text, re.MULTILINE)


def test_logs_have_names(here: Here) -> None:
    shown = here(
        "log using a.txt, text name(first)\nlog using b.txt, text name(second)\nlog close _all"
    )
    assert re.findall(r"name:  (\w+)", shown) == ["first", "second", "first", "second"]
    assert here("log close first") == "log first not open\nr(606);\n"


def test_a_log_does_not_overwrite(here: Here) -> None:
    (here.folder / "old.log").write_text("old\n")
    assert here("log using old.log") == "file old.log already exists\nr(602);\n"
    here("log using old.log, append\nlog close")
    assert (here.folder / "old.log").read_text().startswith("old\n---")
    assert "r(604);" in here("log using a.log\nlog using b.log")
    here("log close")


def test_a_log_that_cannot_be_opened(here: Here) -> None:
    assert here("log using nowhere/x.log") == "file nowhere/x.log could not be opened\nr(603);\n"


def test_files(here: Here) -> None:
    (here.folder / "a.txt").write_text("a")
    assert here("copy a.txt b.txt\nls *.txt") == "a.txt\nb.txt\n"
    assert here("copy a.txt b.txt") == "file b.txt already exists\nr(602);\n"
    assert here("erase b.txt\nerase b.txt") == "file b.txt not found\nr(601);\n"
    assert here('local f : dir "." files "*.txt"\ndisplay `"`f\'"\'') == '"a.txt"\n'


def test_temporary_files_vanish(here: Here) -> None:
    here(
        "program p\ntempfile t\nglobal path `t'\nlog using `t', text nomsg\nlog close\n"
        "confirm file `t'\nend\nquietly p"
    )
    path = here('display "$path"').strip()
    assert path
    assert not Path(path).exists()


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("scalar a = 1\nscalar drop a\ndisplay scalar(a)", "a not found\nr(111);\n"),
        (
            "scalar a = 1\nscalar b = 2\nscalar list",
            "         b =          2\n         a =          1\n",
        ),
        ("scalar drop nothing", "scalar nothing not found\nr(111);\n"),
        ("global one 1\nmacro list", "one:            1\n"),
        ("sreturn local a 5\nsreturn list", '\nmacros:\n                  s(a) : "5"\n'),
        ('sreturn local a 5\nsreturn clear\ndisplay "[`s(a)\']"', "[]\n"),
        (
            "matrix b = (1,2)\nmatrix V = I(2)\nereturn post b V, obs(7)\ndisplay e(N) _b[c2]",
            "72\n",
        ),
        ("which display", "built-in command:  display\n"),
        ("which nonsense", "command nonsense not found as either built-in or ado-file\nr(111);\n"),
        ("help display", "display: Print strings and values of expressions.\n"),
        ("version", "version 18.0\n"),
        ("version abc", "invalid version number\nr(198);\n"),
        ("timer on 101", "timer number must be between 1 and 100\nr(198);\n"),
        ("confirm existence x", ""),
        ("confirm existence", "nothing found where something expected\nr(6);\n"),
        ("confirm names a b 1c", "'1c' found where name expected\nr(7);\n"),
        ("confirm new file nowhere", ""),
        ("confirm scalar a", "scalar a not found\nr(111);\n"),
        ("confirm matrix a", "matrix a not found\nr(111);\n"),
        ("assert 1 == 1", ""),
        ("assert 1 == 2", "assertion is false\nr(9);\n"),
        ("mata: mata clear", ""),
        ("set linesize 100\ndisplay c(linesize)", "100\n"),
        ("set trace nonsense", "invalid 'nonsense' \nr(198);\n"),
        ("set level 5", "level() must be between 10 and 99.99 inclusive\nr(198);\n"),
        ("set scheme s2color", ""),
        ("discard", ""),
    ],
)
def test_a_command_shows(here: Here, code: str, shown: str) -> None:
    assert here(code) == shown


def test_assert_looks_at_every_observation(here: Here) -> None:
    shown = here("sysuse auto\nassert price > 4000")
    assert shown.endswith("11 contradictions in 74 observations\nassertion is false\nr(9);\n")
    assert here("assert price > 4000 if foreign == 5") == ""


def test_confirm_looks_at_variables(here: Here) -> None:
    here("sysuse auto")
    assert here("confirm variable price") == ""
    assert here("confirm variable nothing") == "variable nothing not found\nr(111);\n"
    assert here("confirm new variable price") == "variable price already defined\nr(110);\n"
    assert here("confirm string variable price") == (
        "'price' found where string variable expected\nr(7);\n"
    )


def test_syntax_takes_variables(here: Here) -> None:
    here("sysuse auto\nprogram p\nsyntax varlist(min=1 max=2) [if]\ndisplay \"`varlist'`if'\"\nend")
    assert here("p pri mpg if foreign") == "price mpgif foreign\n"
    assert here("p price mpg rep78") == "too many variables specified\nr(103);\n"
    assert here("p") == "varlist required\nr(100);\n"
    assert here("p price, x") == "option x not allowed\nr(198);\n"
    assert here("p price in 1/2") == "in not allowed\nr(101);\n"


def test_a_program_may_keep_the_order(here: Here) -> None:
    here("sysuse auto\nprogram p, sortpreserve\nsort price\nend\np")
    assert here("display make[1] c(k)") == "AMC Concord12\n"


def test_clear_forgets_what_it_says(here: Here) -> None:
    here("sysuse auto\nscalar a = 1\nmatrix m = (1)\nprogram p\nend\nglobal g 5\nclear all")
    assert here('display c(N) "$g"') == "05\n"
    assert here("p") == "command p is unrecognized\nr(199);\n"
    assert here("matrix list m") == "matrix m not found\nr(111);\n"


def test_unsaved_data_are_protected(here: Here) -> None:
    here("sysuse auto\nquietly replace price = 1")
    assert here("sysuse auto").endswith(
        "no; dataset in memory has changed since last saved\nr(4);\n"
    )


def test_a_failure_of_ours_is_an_error_like_others(here: Here) -> None:
    here.inside.interpreter.r.scalars["bad"] = "text"  # type: ignore[assignment]  # the mistake
    assert here("display r(bad)").startswith("stand-in failed: ValueError")
    assert here("display 1") == "1\n"


def test_about_lists_every_command(here: Here) -> None:
    shown = here("about")
    assert "It is not Stata" in shown and "\n> " not in shown
    assert set(commands.names()) <= set(shown.split())


@pytest.mark.parametrize("name", commands.names())
def test_every_command_says_what_it_does(name: str) -> None:
    found = commands.find(name)
    assert found is not None
    assert (found[1].__doc__ or "").split(".")[0]


def test_marksample_follows_if_and_missing_values(here: Here) -> None:
    here(
        "sysuse auto\nprogram p\nsyntax varlist [if] [in] [fweight]\nmarksample touse\n"
        "quietly count if `touse'\ndisplay r(N)\nend\n"
        "program q\nsyntax varlist\nmarksample touse, novarlist\nmarkout `touse' rep78\n"
        "quietly count if `touse'\ndisplay r(N)\nend"
    )
    assert here("p rep78") == "69\n"
    assert here("p rep78 if foreign") == "21\n"
    assert here("p price in 1/10") == "10\n"
    assert here("p make") == "0\n"
    assert here("q price") == "69\n"
    assert here("display c(k)") == "12\n"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("levelsof rep78", "1 2 3 4 5\n"),
        ("levelsof rep78, missing", "1 2 3 4 5 .\n"),
        ("levelsof rep78 if foreign, separate(,)", "3,4,5\n"),
        ("levelsof make in 1/2", '`"AMC Concord"\' `"AMC Pacer"\'\n'),
        ('quietly levelsof foreign, local(l)\ndisplay "`l\' " r(r)', "0 1 2\n"),
    ],
)
def test_levelsof_lists_values(here: Here, code: str, shown: str) -> None:
    here("sysuse auto")
    assert here(code) == shown


def test_describe_fits_any_linesize(here: Here) -> None:
    assert "Gear" in here("quietly sysuse auto\nset linesize 40\ndescribe gear_ratio")


def test_the_shipped_data_are_never_written(here: Here) -> None:
    shown = here("quietly sysuse auto\nsave, replace").replace("\n> ", "")
    assert shown.endswith("is read-only; cannot be modified or erased\nr(608);\n")


def test_a_new_command_is_one_new_file(tmp_path: Path) -> None:
    package = tmp_path / "stata_sessions"
    shutil.copytree(REPOSITORY / "stata_sessions" / "standin", package / "standin")
    (package / "__init__.py").touch()
    (package / "standin" / "commands" / "greet.py").write_text(
        "from stata_sessions.standin.commands import command\n\n\n"
        '@command("greet", shortest=2, takes="if")\n'
        "def greet(interp, line):\n"
        '    """Greet."""\n'
        "    line.options.finish()\n"
        '    interp.out.row(f"hello, {line.arguments}")\n'
    )
    code = "gre world\ngreet, loudly\ngreet in 1\nhelp greet\n"
    environ = {"PATH": os.defpath, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "stata_sessions.standin", "-q"],
        input=code, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    for row in ("hello, world", "option loudly not allowed", "in not allowed", "Greet."):
        assert row in done.stdout
