"""An event as server-sent text, and how often a silent stream shows that it lives."""

from __future__ import annotations

# Proxies commonly cut a silent connection after 30 or 60 seconds.
HEARTBEAT_S = 15.0
HEARTBEAT = ": still here\n\n"


def event(data: str, *, id: int | None = None, name: str = "") -> str:
    """Return one event; data of several lines arrives as several lines."""
    head = ("" if id is None else f"id: {id}\n") + (f"event: {name}\n" if name else "")
    rows = "".join(f"data: {row}\n" for row in data.split("\n"))
    return f"{head}{rows}\n"
