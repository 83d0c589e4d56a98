"""Paths from callers: what may reach Stata, and where it may lie."""

from __future__ import annotations

import os.path
from pathlib import Path

from stata_sessions.errors import InvalidPath, NoSuchFile, PathNotAllowed
from stata_sessions.settings import Settings

# Inside Stata's quotes each of these ends the text or begins a macro. A single quote alone does
# neither, and people are called O'Brien.
FORBIDDEN = {
    "`": "a backtick",
    "$": "a dollar sign",
    '"': "a quote",
    "\n": "a newline",
    "\r": "a carriage return",
    "\0": "a NUL",
}


def checked_file(settings: Settings, path: str) -> str:
    """Return the real path of a file that may be run.

    Raises InvalidPath, PathNotAllowed, NoSuchFile.
    """
    real = _resolved(settings, path, "file_path")
    if not os.path.isfile(real):
        raise NoSuchFile(path)
    return str(real)


def checked_dir(settings: Settings, path: str | None) -> str | None:
    """Return the real path of a folder to work in; None and empty text stay None.

    Raises InvalidPath, PathNotAllowed.
    """
    if not path:
        return None
    real = _resolved(settings, path, "working_dir")
    if not os.path.isdir(real):
        raise InvalidPath(f"working_dir is not a folder: {path}", path=path)
    return str(real)


def _resolved(settings: Settings, path: str, name: str) -> Path:
    _check_characters(path, name)
    try:
        # Also where a home folder is meant, which may be nobody's.
        real = (Path(settings.working_dir or ".") / Path(path).expanduser()).resolve()
    except (OSError, RuntimeError) as error:
        raise InvalidPath(f"{name} cannot be resolved: {path}", path=path) from error
    # A link may lead to a name that the caller's own spelling did not show.
    _check_characters(str(real), name)
    _check_allowed(settings, real, name)
    return real


def _check_characters(path: str, name: str) -> None:
    for character, word in FORBIDDEN.items():
        if character in path:
            raise InvalidPath(f"{name} contains {word}, which Stata would not take as text")
    if any("\ud800" <= character <= "\udfff" for character in path):
        raise InvalidPath(f"{name} is not valid Unicode")
    if not path.strip():
        raise InvalidPath(f"{name} is empty")


def _check_allowed(settings: Settings, real: Path, name: str) -> None:
    allowed = [Path(folder).expanduser().resolve() for folder in settings.allowed_dirs]
    if allowed and not any(real.is_relative_to(folder) for folder in allowed):
        raise PathNotAllowed(f"{name} lies outside the allowed folders: {real}", path=str(real))
