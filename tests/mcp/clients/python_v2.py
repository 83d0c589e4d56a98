"""The official Python SDK, version 2: ``MODE URL`` or ``MODE COMMAND…``."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client

from tests.mcp.clients.steps import GIVE_UP_S, LONG, report


async def main(mode: str, target: list[str]) -> dict[str, Any]:
    """Return the report of all steps."""
    server: Any = target[0]
    if not target[0].startswith("http"):
        server = stdio_client(StdioServerParameters(command=target[0], args=target[1:]))
    elif mode == "sse":
        server, mode = sse_client(target[0]), "legacy"
    async with Client(server, mode=mode) as client:

        async def call(tool: str, arguments: dict[str, Any], **more: Any) -> list[Any]:
            result = await client.call_tool(tool, arguments, **more)
            return [result.is_error, [getattr(each, "text", each.type) for each in result.content]]

        async def cancel() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(GIVE_UP_S):
                    await client.call_tool("stata_run_selection", LONG)

        names = [each.name for each in (await client.list_tools()).tools]
        version = client.protocol_version
        return {"version": version, "tools": names, **await report(call, cancel)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2:]))))
