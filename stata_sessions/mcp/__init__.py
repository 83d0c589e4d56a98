"""The Model Context Protocol, for AI assistants: an endpoint over HTTP and a relay over stdio."""
