"""A disk that is full soon, and has room again when asked."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A folder on a disk of a megabyte; ``grow`` gives it room."""

    path: Path
    grow: Callable[[], object]


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """Make one of a megabyte; without the right to mount it, no file may be larger than that."""
    # The path of private folders has to be short.
    with tempfile.TemporaryDirectory(prefix="d-", dir="/tmp") as disk:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            more = ["mount", "-o", "remount,size=64m", disk]
            yield SmallDisk(Path(disk), lambda: subprocess.run(more, check=True))
            subprocess.run(["umount", disk], check=True)
            return
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, limits[1]))
        try:
            yield SmallDisk(Path(disk), lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
