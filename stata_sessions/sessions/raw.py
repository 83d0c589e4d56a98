"""What a console sent, as it came: for whoever has to find out what happened."""

from __future__ import annotations


class RawBytes:
    """The newest bytes; at most twice ``limit``, so that dropping the oldest is rare."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        self._kept += data
        if len(self._kept) > 2 * self._limit:
            del self._kept[: len(self._kept) - self._limit]

    def __bytes__(self) -> bytes:
        return bytes(self._kept)
