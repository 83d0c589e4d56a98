"""What may go to Stata, and what is refused with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stata_sessions.errors import InvalidCode, InvalidInput, InvalidPath, NoSuchFile
from stata_sessions.sessions.checks import (
    change_dir_code,
    check_code,
    check_input,
    check_no_shell,
    check_path,
    do_file_code,
)


@pytest.mark.parametrize("code", ["display 1", "\n* x", "é" * 50, "display 1\r\ndisplay 2\t"])
def test_sound_code_passes(code: str) -> None:
    check_code(code, 100)
    with pytest.raises(InvalidCode):
        check_code(code, len(code.encode()) - 1)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "empty"),
        (" \n\t\r\n", "empty"),
        ("display 1\0", "NUL"),
        ("é" * 51, "longer than 100 bytes"),
        ('display "\ud800"', "surrogate|Unicode"),
    ],
)
def test_code_that_cannot_run_is_refused(code: str, message: str) -> None:
    with pytest.raises(InvalidCode, match=message):
        check_code(code, 100)


def test_what_an_older_stata_cannot_read_is_refused() -> None:
    check_code("* größe", 100, "latin-1")
    check_input("größe", 100, "latin-1")
    with pytest.raises(InvalidCode, match=r"'✓', which latin-1 has not \(encoding\)"):
        check_code("* größe ✓", 100, "latin-1")
    with pytest.raises(InvalidInput, match=r"'✓', which latin-1 has not \(encoding\)"):
        check_input("✓", 100, "latin-1")


@pytest.mark.parametrize(
    "code",
    ["!ls", "shell ls", "display 1\n  sh ls", "winexec x", "xshell", "cap noi: shell ls", "qui !x"]
    + ["capture {\n\t! ls\n}", "#delimit ;\nshell ls;", "#delimit ;\ndisplay 1;\n#delimit cr\n!ls"],
)
def test_code_that_plainly_starts_a_program_is_refused(code: str) -> None:
    with pytest.raises(InvalidCode, match="--no-shell"):
        check_no_shell(code)


@pytest.mark.parametrize(
    "code",
    ["keep if a & ///\n  !missing(b)", "shell = 3", "shells", "sh_x 1", "display !1", "cap: sum sh"]
    + ["#delimit ;\nkeep if a &\n\n  !missing(b);", "qui: regress y x", "Shell", "captures !", ""],
)
def test_other_code_is_not(code: str) -> None:
    check_no_shell(code)


def test_looking_for_programs_takes_no_longer_than_reading() -> None:
    check_no_shell(
        "qui" + " " * 10**6 + "(\n" + "cap " * 10**5 + "\n" + "sh" * 10**6 + " :" * 10**6
    )


@pytest.mark.parametrize("text", ["1", "end", "grüße", "x" * 100])
def test_one_row_of_input_passes(text: str) -> None:
    check_input(text, 100)
    with pytest.raises(InvalidInput):
        check_input(text, len(text.encode()) - 1)


@pytest.mark.parametrize(
    "text", ["a\nb", "\r", "\x03", "\x1b[A", "x" * 101, "é" * 51, "\ud800", "\x7f"]
)
def test_input_that_is_more_than_a_row_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        check_input(text, 100)


@pytest.mark.parametrize("path", ["/a b/é.do", "job.do", "it's.do", "C:\\x", "~/(1) [2] {3};4"])
def test_a_path_within_quotes_passes(path: str) -> None:
    assert check_path(path, "file_path") == path


@pytest.mark.parametrize("character", ["`", "$", '"', "\n", "\r", "\0", "\x1b", "\t"])
def test_a_path_that_leaves_its_quotes_is_refused(character: str) -> None:
    with pytest.raises(InvalidPath, match="working_dir"):
        check_path(f"/a{character}b", "working_dir")


def test_a_file_is_run_with_do_after_a_cd(tmp_path: Path) -> None:
    file = tmp_path / "job.do"
    file.touch()
    assert do_file_code(str(file)) == f'do "{file}"'
    expected = f'quietly cd "{tmp_path}"'
    assert change_dir_code(str(tmp_path)) == expected
    with pytest.raises(NoSuchFile):
        do_file_code(str(tmp_path))
    with pytest.raises(InvalidPath):
        change_dir_code(os.path.join(tmp_path, "nowhere"))
