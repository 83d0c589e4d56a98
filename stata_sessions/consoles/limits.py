"""What the system lets a console take: limits that are set between fork and exec."""

from __future__ import annotations

import resource
from collections.abc import Mapping

# What a login gives, and what programs that use select() can bear. The server's own is higher, for
# its connections.
CONSOLE_FILES = 1024


def console_limits(data_bytes: int) -> Mapping[int, int]:
    """Return the soft limit of each resource; ``data_bytes`` 0 leaves that one as it is."""
    limits = {
        # A core file would hold the data of the session, and fill the disk of all.
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: CONSOLE_FILES,
    }
    if data_bytes:
        limits[resource.RLIMIT_DATA] = data_bytes
    return limits


def set_limits(limits: Mapping[int, int]) -> None:
    """Set limits of this process, none above what it may have already."""
    for each, wanted in limits.items():
        soft, hard = resource.getrlimit(each)
        allowed = [limit for limit in (soft, hard, wanted) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(each, (min(allowed), hard))
