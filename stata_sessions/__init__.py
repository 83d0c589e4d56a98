"""Many live Stata sessions behind one server: HTTP, MCP, a command line and a web page."""

__version__ = "0.1.0"
