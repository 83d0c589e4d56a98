"""The private directory of a session: its code files, Stata's temporary files, spilled output."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path

from stata_sessions.errors import ConfigurationError, LaunchFailed
from stata_sessions.protocol import CommandFiles
from stata_sessions.sessions.causes import cause_by_error

# The line that runs a command is typed at the prompt and has to stay below 70 columns.
LONGEST_BASE = 30
# Commands take the names of their files in turn: to overwrite a file costs a tenth of making and
# removing one, and there are several so that a late echo is not taken for that of the next command.
SLOTS = 8
KEPT_CHARACTERS = 65536
_SHORT_BASE = "/tmp"  # noqa: S108  # the system's own may be longer than a typed line can bear


class Workspace:
    """A directory that nobody else may enter (0700), made at once and removed by ``remove``."""

    def __init__(self, base: str) -> None:
        """Make the directory below ``base``; raises LaunchFailed if that cannot be."""
        try:
            self.path = Path(tempfile.mkdtemp(prefix="ss-", dir=base))
        except OSError as error:
            raise LaunchFailed(
                f"no private folder can be made in {base}: {error.strerror}",
                hint=cause_by_error(error, "").hint or "see work_dir",
            ) from error

    @property
    def spill(self) -> Path:
        """Where output goes that has left memory."""
        return self.path / "output"

    def make(self) -> None:
        """Make it anew if it has vanished; raises OSError, also if somebody else has made it."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        if self.path.lstat().st_uid != os.geteuid():
            raise PermissionError(errno.EACCES, "the folder is somebody else's", str(self.path))

    def write(self, files: CommandFiles) -> None:
        """Put the two files of a command in place, whatever became of the directory meanwhile."""
        try:
            self._overwrite(files)
        except OSError:
            self.make()
            self._unlink(files)
            self._overwrite(files)

    def _overwrite(self, files: CommandFiles) -> None:
        for name, text in ((files.code_path, files.code), (files.wrapper_path, files.wrapper)):
            _overwrite(name, text.encode("utf-8", "surrogateescape"))

    def drop(self, files: CommandFiles) -> None:
        """Remove the files of a command that is over, unless they are small."""
        if len(files.code) > KEPT_CHARACTERS:
            self._unlink(files)

    def _unlink(self, files: CommandFiles) -> None:
        for name in (files.code_path, files.wrapper_path):
            with contextlib.suppress(OSError):
                os.unlink(name)

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.path, ignore_errors=True)


def _overwrite(name: str, data: bytes) -> None:
    """Make ``data`` the content of a file; a file that is there already is not emptied first."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(name, flags, 0o600)
    try:
        written = 0
        while written < len(data):
            written += os.write(descriptor, memoryview(data)[written:])
        os.ftruncate(descriptor, len(data))
    finally:
        os.close(descriptor)


def base_directory(setting: str, name: str = "work_dir") -> str:
    """Return where private directories go; raises ConfigurationError if it cannot serve."""
    base = os.path.abspath(setting or tempfile.gettempdir())
    if len(base) > LONGEST_BASE or not _is_plain(base):
        if not setting:
            return _SHORT_BASE
        raise ConfigurationError(
            f"{name}: {base!r} must be at most {LONGEST_BASE} plain ASCII characters without "
            "blanks or quotes, since it is typed at Stata's prompt"
        )
    if not (os.path.isdir(base) and os.access(base, os.W_OK | os.X_OK)):
        raise ConfigurationError(f"{name}: {base} is no folder that this account may write in")
    return base


def _is_plain(path: str) -> bool:
    return path.isascii() and path.isprintable() and not set(path) & set(" \"'`$\\")
