"""What may go to Stata: sound code, one row of input, paths that stay within their quotes."""

from __future__ import annotations

import os
import re

from stata_sessions.errors import InvalidCode, InvalidInput, InvalidPath, NoSuchFile

# Backtick and dollar begin a macro, a double quote ends the string, the others end the line.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAKING = frozenset('`$"\n\r\0')
_FIRST_WORD = re.compile(r"[ \t]*(!|[a-z]++(?=[ \t:]|$))[ \t:]*+(?!=)")


def _abbreviations(word: str, shortest: int) -> set[str]:
    return {word[:length] for length in range(shortest, len(word) + 1)}


_PREFIXES = (
    _abbreviations("capture", 3) | _abbreviations("quietly", 3) | _abbreviations("noisily", 1)
)
_PROGRAMS = {"!", "winexec"} | _abbreviations("shell", 2) | _abbreviations("xshell", 3)


def check_code(code: str, limit_bytes: int, encoding: str = "utf-8") -> None:
    """Raise InvalidCode for what cannot be run as it stands."""
    if not code.strip():
        raise InvalidCode("The code is empty; send at least one line")
    if "\0" in code:
        raise InvalidCode("The code contains a NUL character; Stata cannot read one")
    size = _size(code)
    if size is None:
        raise InvalidCode("The code is not valid Unicode: it contains half of a character")
    if size > limit_bytes:
        raise InvalidCode(f"The code is longer than {limit_bytes} bytes (code_limit_bytes)")
    if missing := _not_in(encoding, code):
        raise InvalidCode(f"The code contains {missing!r}, which {encoding} has not (encoding)")


def check_no_shell(code: str) -> None:
    """Raise InvalidCode for code that plainly starts a program; there are many other ways."""
    delimited, before = "#delimit" in code, ""
    for row in code.splitlines():
        unfinished = delimited and before and not before.endswith((";", "#delimit cr"))
        if not (unfinished or "///" in before) and _starts_program(row):
            raise InvalidCode(
                "This server does not let code start programs (shell, !, winexec); its operator "
                "switched that off with --no-shell"
            )
        before = row.rstrip() or before


def _starts_program(row: str) -> bool:
    at = 0
    while word := _FIRST_WORD.match(row, at):
        if word[1] not in _PREFIXES:
            return word[1] in _PROGRAMS
        at = word.end()
    return False


def _size(text: str) -> int | None:
    """Return the bytes of ``text``, None if it contains half of a character."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return None


def _not_in(encoding: str, text: str) -> str:
    """Return the first character that the console's encoding has not; empty if it has all."""
    if text.isascii():  # which every encoding has
        return ""
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        return text[error.start]
    return ""


def check_input(text: str, limit_bytes: int, encoding: str = "utf-8") -> None:
    """Raise InvalidInput for what is not one row that can be typed."""
    size = _size(text)
    if size is None or size > limit_bytes or _CONTROL.search(text):
        raise InvalidInput(
            f"Input is one row of at most {limit_bytes} bytes (input_limit_bytes), without control "
            "characters; the Enter key is added"
        )
    if missing := _not_in(encoding, text):
        raise InvalidInput(f"Input contains {missing!r}, which {encoding} has not (encoding)")


def check_path(path: str, what: str) -> str:
    """Return ``path`` if Stata can be given it in quotes; raises InvalidPath that says why not."""
    if not path:
        raise InvalidPath(f"{what} is empty")
    breaking = sorted(_BREAKING & set(path))
    if breaking or any(ord(character) < 32 for character in path):
        shown = ", ".join(repr(character) for character in breaking) or "control characters"
        raise InvalidPath(f"{what} contains {shown}, which cannot be passed to Stata safely")
    return path


def check_directory(directory: str) -> str:
    """Return a working directory that Stata can go to; raises InvalidPath."""
    check_path(directory, "working_dir")
    if not os.path.isdir(directory):
        raise InvalidPath(f"working_dir is not a folder: {directory}")
    return directory


def do_file_code(path: str) -> str:
    """Return the code that runs a file as a person would; raises InvalidPath or NoSuchFile."""
    check_path(path, "file_path")
    if not os.path.isfile(path):
        raise NoSuchFile(path)
    return f'do "{path}"'


def change_dir_code(working_dir: str) -> str:
    """Return the code that goes to a folder; raises InvalidPath."""
    return f'quietly cd "{check_directory(working_dir)}"'
