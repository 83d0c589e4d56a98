"""Many live Stata sessions behind one server: HTTP, MCP, a command line and a web page."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stata_sessions.client import Client, create_session, destroy_session, execute

__version__ = "0.1.0"
__all__ = ["Client", "__version__", "create_session", "destroy_session", "execute"]


def __getattr__(name: str) -> Any:
    # Fetched when asked for: the command line answers --help without them.
    if name in __all__:
        from stata_sessions import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
