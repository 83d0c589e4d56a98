"""Every use case, written once: the registry feeds HTTP, OpenAPI, the tools and MCP.

Importing this package fills ``registry.OPERATIONS``; the doors only translate to and from it.
"""

from __future__ import annotations

from stata_sessions.operations import (  # noqa: F401  (importing is what fills the registry)
    commands,
    data,
    existing,
    graphs,
    health,
    help,
    pictures,
    printed,
    results,
    runs,
    sessions,
    tools,
    transcripts,
    view_data,
)
from stata_sessions.operations.registry import OPERATIONS, Context, Operation, Route, Tool

__all__ = ["OPERATIONS", "Context", "Operation", "Route", "Tool"]
