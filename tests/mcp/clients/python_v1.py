"""The official Python SDK, version 1: ``URL`` or ``COMMAND…``.

It runs where only that version is installed, so nothing here can know its types.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from typing import Any

from tests.mcp.clients.steps import GIVE_UP_S, LONG, report

mcp: Any = import_module("mcp")
stdio: Any = import_module("mcp.client.stdio")
http: Any = import_module("mcp.client.streamable_http")


async def main(target: list[str]) -> dict[str, Any]:
    """Return the report of all steps."""
    if target[0].startswith("http"):
        way = http.streamablehttp_client(target[0])
    else:
        way = stdio.stdio_client(mcp.StdioServerParameters(command=target[0], args=target[1:]))
    async with way as (read, write, *_), mcp.ClientSession(read, write) as client:
        hello = await client.initialize()

        async def call(tool: str, arguments: dict[str, Any], **more: Any) -> list[Any]:
            result = await client.call_tool(tool, arguments, **more)
            return [result.isError, [getattr(each, "text", each.type) for each in result.content]]

        names = [each.name for each in (await client.list_tools()).tools]
        found = await report(call, lambda: cancel(client))
        return {"version": hello.protocolVersion, "tools": names, **found}


async def cancel(client: Any) -> None:
    """Give up by time, and tell the server so by hand, since this version does not."""
    id, limit = client._request_id, timedelta(seconds=GIVE_UP_S)
    with suppress(mcp.McpError):
        await client.call_tool("stata_run_selection", LONG, read_timeout_seconds=limit)
    params = mcp.types.CancelledNotificationParams(requestId=id)
    notice = mcp.types.CancelledNotification(method="notifications/cancelled", params=params)
    await client.send_notification(mcp.types.ClientNotification(notice))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1:]))))
