"""The private directory of a session: its code files, Stata's temporary files, spilled output."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path

from stata_sessions.errors import ConfigurationError, LaunchFailed
from stata_sessions.sessions.causes import cause_by_error

# The line that runs a command is typed at the prompt and has to stay below 70 columns.
LONGEST_BASE = 30
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

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.path, ignore_errors=True)


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
