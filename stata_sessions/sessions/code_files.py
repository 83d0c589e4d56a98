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
    """Puts one command after the other in place; not safe from several threads."""

    def __init__(self, workspace: Workspace, encoding: str = "utf-8") -> None:
        self._workspace = workspace
        # Bytes that are no text may be names of files; elsewhere they cannot even be told.
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        self._how = encoding, "surrogateescape" if is_utf8 else "replace"
        self._number = 0
        self._current: CommandFiles | None = None

    def put(self, code: str) -> CommandFiles:
        """Put a command in place, whatever became of the directory; raises OSError."""
        self._number += 1
        slot = str(self._number % SLOTS)
        files = command_files(str(self._workspace.path), slot, code, new_token)
        try:
            self._write(files)
        except OSError:
            self._workspace.make()
            _unlink(files)
            self._write(files)
        self._current = files
        return files

    def _write(self, files: CommandFiles) -> None:
        _overwrite(files.wrapper_path, files.wrapper.encode("ascii"))
        _overwrite(files.code_path, files.code.encode(*self._how))

    def drop(self) -> None:
        """Remove the files of the command that is over, unless they are small."""
        if self._current and len(self._current.code) > KEPT_CHARACTERS:
            _unlink(self._current)


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
