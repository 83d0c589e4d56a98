"""Which server a job belongs to: an id in the shared directory, for all lives of that server.

Servers that run side by side each hold the lock of a file of their own.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from stata_sessions.errors import ConfigurationError

# More servers than these on one machine and in one directory are a mistake.
MOST_SERVERS = 100
_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Identity:
    """A server's own id. ``is_old`` if an earlier life of it may have left something behind."""

    id: str
    is_old: bool
    # Held open, and so locked, as long as the server lives.
    lock: int

    @property
    def prefix(self) -> str:
        """How the names of all its jobs begin."""
        return f"ss-{self.id}-"

    def release(self) -> None:
        """Leave the id to the next life of this server."""
        os.close(self.lock)

    def new_name(self) -> str:
        """Return a name that no other job has."""
        return self.prefix + secrets.token_hex(4)


def host_name() -> str:
    """Return the name of this machine, without its domain."""
    return os.uname().nodename.partition(".")[0]


def identity_in(directory: str) -> Identity:
    """Take the first id of this machine that no living server has; raises ConfigurationError."""
    try:
        for number in range(1, MOST_SERVERS + 1):
            found = _taken(Path(directory) / f".server-{host_name()}-{number}")
            if found:
                return found
    except OSError as error:
        raise ConfigurationError(
            f"shared_dir: {directory} cannot be used: {error.strerror}",
            key="shared_dir",
        ) from error
    raise ConfigurationError(
        f"shared_dir: {directory} is used by {MOST_SERVERS} servers of this machine",
        key="shared_dir",
    )


def _taken(path: Path) -> Identity | None:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except BaseException:
        os.close(file)
        raise
    text = os.read(file, 64).decode("ascii", "replace").strip()
    if _ID.fullmatch(text):
        return Identity(text, True, file)
    fresh = secrets.token_hex(4)
    os.ftruncate(file, 0)
    os.pwrite(file, f"{fresh}\n".encode(), 0)
    return Identity(fresh, False, file)
