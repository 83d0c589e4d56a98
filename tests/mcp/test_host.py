"""Where a server may be started by those who only want to use one."""

from __future__ import annotations

import pytest

from stata_sessions.mcp.host import serve_command

PORTS = {
    "http://127.0.0.1:4711": "4711",
    "http://localhost:4000/mcp": "4000",
    "http://example.org:4000": None,
    "https://127.0.0.1:4000": None,
}


@pytest.mark.parametrize(("url", "port"), PORTS.items())
def test_servers_are_started_on_this_machine_only(url: str, port: str | None) -> None:
    command = serve_command(url)
    assert (command and command[-2:]) == (["--port", port] if port else None)
