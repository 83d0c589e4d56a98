"""An event as server-sent text, and how often a silent stream shows that it lives."""

from __future__ import annotations

import re

# Proxies commonly cut a silent connection after 30 or 60 seconds.
HEARTBEAT_S = 15.0
HEARTBEAT = ": still here\n\n"
# What there is to tell wakes a stream at once; this bounds how late it sees that its client left.
LOOK_UP_S = 0.4


# Each of these ends a line for whoever reads the stream, and nothing else does.
_LINE_END = re.compile(r"\r\n|\r|\n")


def event(data: str, *, id: int | None = None, name: str = "") -> str:
    """Return one event; data of several lines arrives as several lines, joined by newlines."""
    head = ("" if id is None else f"id: {id}\n") + (f"event: {name}\n" if name else "")
    # JSON has no line ends, and to look for two characters is much quicker than for a pattern.
    lines = _LINE_END.split(data) if "\n" in data or "\r" in data else [data]
    rows = "".join(f"data: {line}\n" for line in lines)
    return f"{head}{rows}\n"
