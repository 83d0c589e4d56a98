"""Which runs of the server are alive: each holds a lock that ends with its process.

Several servers may write to one file, so whoever opens it must know whose unfinished commands will
never finish. A lock tells that for certain, even if its process was killed and its number belongs
to another one meanwhile.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class RunLocks:
    """One byte of a file for each run. Locks are a process's: one server in each."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(path, flags, 0o600)

    def hold(self, run: int) -> bool:
        """Lock the byte of a run; say whether nobody else had."""
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, run)
        except OSError:
            return False
        return True

    def is_held(self, run: int) -> bool:
        """Tell whether another process holds the byte of a run."""
        if not self.hold(run):
            return True
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, run)
        return False

    def close(self) -> None:
        """Let go."""
        os.close(self._descriptor)
