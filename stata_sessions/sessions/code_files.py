"""The files by which commands reach a console, from the first command to the last."""

from __future__ import annotations

import codecs
import contextlib
import os

from stata_sessions.protocol import CommandFiles, command_files
from stata_sessions.sessions.starting import new_token
from stata_sessions.sessions.workspace import Workspace

# Commands take the names of their files in turn: to overwrite a file costs a tenth of making and
# removing one, and there are several so that a late echo is not taken for that of the next command.
SLOTS = 8
KEPT_CHARACTERS = 65536


class CodeFiles:
    """Puts one command after the other in place; not safe from several threads.

    A wrapper does not depend on the code, so that of the next command is written ahead, while the
    console is busy with this one.
    """

    def __init__(self, workspace: Workspace, encoding: str = "utf-8") -> None:
        self._workspace = workspace
        # Bytes that are no text may be names of files; elsewhere they cannot even be told.
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        self._how = encoding, "surrogateescape" if is_utf8 else "replace"
        self._number = 0
        self._current: CommandFiles | None = None
        self._ahead: CommandFiles | None = None

    def put(self, code: str) -> CommandFiles:
        """Put a command in place, whatever became of the directory; raises OSError."""
        ahead, self._ahead = self._ahead, None
        files = (ahead or self._next()).holding(code)
        try:
            if not (ahead and _is_whole(ahead)):
                self._overwrite(files.wrapper_path, files.wrapper)
            self._overwrite(files.code_path, files.code)
        except OSError:
            self._workspace.make()
            _unlink(files)
            self._overwrite(files.wrapper_path, files.wrapper)
            self._overwrite(files.code_path, files.code)
        self._current = files
        return files

    def write_ahead(self) -> None:
        """Write what is known of the next command by now; ``put`` makes up for a failure."""
        files = self._next()
        with contextlib.suppress(OSError):
            self._overwrite(files.wrapper_path, files.wrapper)
            self._ahead = files

    def drop(self) -> None:
        """Remove the files of the command that is over, unless they are small."""
        if self._current and len(self._current.code) > KEPT_CHARACTERS:
            _unlink(self._current)

    def _overwrite(self, name: str, text: str) -> None:
        _overwrite(name, text.encode(*self._how))

    def _next(self) -> CommandFiles:
        self._number += 1
        return command_files(str(self._workspace.path), str(self._number % SLOTS), "", new_token)


def _is_whole(files: CommandFiles) -> bool:
    """Say whether the wrapper is in place; cleaners of old files may have been there meanwhile."""
    try:
        return os.lstat(files.wrapper_path).st_size == len(files.wrapper)
    except FileNotFoundError:
        return False


def _overwrite(name: str, data: bytes) -> None:
    """Make ``data`` the content of a file; a file that is there already is not emptied first."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(name, flags, 0o600)
    try:
        written = os.write(descriptor, data)
        while written < len(data):
            written += os.write(descriptor, memoryview(data)[written:])
        # To set the size that it has would cost more than all the rest.
        if os.fstat(descriptor).st_size > len(data):
            os.ftruncate(descriptor, len(data))
    finally:
        os.close(descriptor)


def _unlink(files: CommandFiles) -> None:
    for name in (files.code_path, files.wrapper_path):
        with contextlib.suppress(OSError):
            os.unlink(name)
