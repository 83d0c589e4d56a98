"""An event as server-sent text, and how often a silent stream shows that it lives."""

from __future__ import annotations

import re

# Proxies commonly cut a silent connection after 30 or 60 seconds.
HEARTBEAT_S = 15.0
HEARTBEAT = ": still here\n\n"


# Each of these ends a line for whoever reads the stream, and nothing else does.
_LINE_END = re.compile(r"\r\n|\r|\n")


def event(data: str, *, id: int | None = None, name: str = "") -> str:
    """Return one event; data of several lines arrives as several lines, joined by newlines."""
    head = ("" if id is None else f"id: {id}\n") + (f"event: {name}\n" if name else "")
    rows = "".join(f"data: {row}\n" for row in _LINE_END.split(data))
    return f"{head}{rows}\n"
