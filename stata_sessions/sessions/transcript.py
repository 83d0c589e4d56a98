"""All output of a session, in order, addressed by offset; bounded in memory and on disk."""

from __future__ import annotations

import codecs
import contextlib
import os
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from stata_sessions.errors import OutputDiscarded

# Where memory goes if the disk is full: this many times the usual amount is kept before the oldest
# output is given up.
DISK_FULL_FACTOR = 16
SEGMENTS = 16
LARGEST_SEGMENT = 64 * 2**20


@dataclass(slots=True)
class _Segment:
    """A file of output that has left memory."""

    path: Path
    descriptor: int
    start: int
    size: int = 0

    def close(self) -> None:
        # Whatever became of the folder, the session goes on.
        with contextlib.suppress(OSError):
            os.close(self.descriptor)
        with contextlib.suppress(OSError):
            self.path.unlink()


class Transcript:
    """Append-only text. Offsets count bytes of its UTF-8 form, from 0.

    The newest ``memory_bytes`` stay in memory, the rest goes to files in ``directory``; beyond
    ``limit_bytes`` the oldest is discarded. One thread appends, any thread reads.
    """

    def __init__(
        self, session: str, directory: Path, *, memory_bytes: int, limit_bytes: int
    ) -> None:
        self.session = session
        self._directory = directory
        self._memory_bytes = memory_bytes
        self._limit_bytes = max(limit_bytes, memory_bytes)
        self._segment_bytes = min(LARGEST_SEGMENT, max(memory_bytes, limit_bytes // SEGMENTS))
        self._lock = threading.Lock()
        self._segments: deque[_Segment] = deque()
        self._tail = bytearray()
        self._tail_start = 0
        self._oldest = 0

    @property
    def oldest(self) -> int:
        """The offset of the first byte that is still kept."""
        return self._oldest

    @property
    def end(self) -> int:
        """The offset behind the last byte."""
        return self._tail_start + len(self._tail)

    def append(self, text: str) -> None:
        """Add text at the end."""
        data = text.encode("utf-8", "replace")
        with self._lock:
            self._tail += data
            if len(self._tail) > self._memory_bytes:
                self._spill()

    def read(self, offset: int, limit: int) -> bytes:
        """Return at most ``limit`` bytes from ``offset`` on; raises OutputDiscarded."""
        with self._lock:
            if offset < self._oldest:
                raise OutputDiscarded(self.session, self._oldest)
            pieces = []
            for segment in self._segments:
                if limit > 0 and segment.start <= offset < segment.start + segment.size:
                    piece = os.pread(
                        segment.descriptor,
                        min(limit, segment.start + segment.size - offset),
                        offset - segment.start,
                    )
                    pieces.append(piece)
                    offset += len(piece)
                    limit -= len(piece)
            if limit > 0 and offset >= self._tail_start:
                start = offset - self._tail_start
                pieces.append(bytes(self._tail[start : start + limit]))
        return b"".join(pieces)

    def close(self) -> None:
        """Give up all files; what is in memory stays readable."""
        with self._lock:
            while self._segments:
                self._segments.popleft().close()
            self._oldest = self._tail_start

    def _spill(self) -> None:
        size = len(self._tail) - self._memory_bytes // 2
        try:
            self._write(self._tail[:size])
        except OSError:
            # Without a disk, memory has to do for a while; then the oldest goes.
            if len(self._tail) < self._memory_bytes * DISK_FULL_FACTOR:
                return
            while self._segments:
                self._segments.popleft().close()
            self._oldest = self._tail_start + size
        del self._tail[:size]
        self._tail_start += size
        self._discard()

    def _write(self, data: bytearray) -> None:
        segment = self._segments[-1] if self._segments else None
        if segment is None or segment.size >= self._segment_bytes:
            segment = self._new_segment()
        written = 0
        try:
            while written < len(data):
                written += os.pwrite(
                    segment.descriptor, memoryview(data)[written:], segment.size + written
                )
        finally:
            # A half-written piece is written again from its beginning.
            segment.size += written if written == len(data) else 0

    def _new_segment(self) -> _Segment:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._directory / f"output-{self._tail_start}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        segment = _Segment(path, descriptor, self._tail_start)
        self._segments.append(segment)
        return segment

    def _discard(self) -> None:
        while len(self._segments) > 1 and self.end - self._segments[1].start >= self._limit_bytes:
            self._segments.popleft().close()
            self._oldest = self._segments[0].start


def whole_characters(data: bytes) -> tuple[str, int]:
    """Decode UTF-8 that may end in half a character; return the text and the bytes it took.

    It may begin in half a character, too, if its reader has counted wrong.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(data)
    return text, len(data) - len(decoder.getstate()[0])
