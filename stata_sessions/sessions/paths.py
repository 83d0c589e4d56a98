"""Paths on their way into Stata: only those that cannot break out of its quotes."""

from __future__ import annotations

import os

from stata_sessions.errors import InvalidPath, NoSuchFile

# Backtick and dollar begin a macro, a double quote ends the string, the others end the line.
_BREAKING = frozenset('`$"\n\r\0')


def check_path(path: str, what: str) -> str:
    """Return ``path`` if Stata can be given it in quotes; raises InvalidPath that says why not."""
    if not path:
        raise InvalidPath(f"{what} is empty")
    breaking = sorted(_BREAKING & set(path))
    if breaking or any(ord(character) < 32 for character in path):
        shown = ", ".join(repr(character) for character in breaking) or "control characters"
        raise InvalidPath(f"{what} contains {shown}, which cannot be passed to Stata safely")
    return path


def do_file_code(path: str, working_dir: str | None) -> str:
    """Return the code that runs a file as a person would; raises InvalidPath or NoSuchFile."""
    check_path(path, "file_path")
    if not os.path.isfile(path):
        raise NoSuchFile(path)
    lines = []
    if working_dir:
        check_path(working_dir, "working_dir")
        if not os.path.isdir(working_dir):
            raise InvalidPath(f"working_dir is not a folder: {working_dir}")
        lines.append(f'quietly cd "{working_dir}"')
    return "\n".join([*lines, f'do "{path}"'])
