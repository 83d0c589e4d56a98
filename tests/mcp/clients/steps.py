"""The steps that every Python client goes through; the TypeScript ones take the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

SESSIONS = ("default", "b", "c", "d")
CALLS = 20
GIVE_UP_S = 0.7
LONG = {"selection": "sleep 40000"}

# (tool, arguments, who hears of progress) -> [is it an error, the texts]
Call = Callable[..., Awaitable[list[Any]]]


async def report(call: Call, cancel: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Return what a client saw of a server."""

    async def run(code: str, session: str = "default") -> list[Any]:
        return await call("stata_run_selection", {"selection": code, "session_id": session})

    seen: dict[str, Any] = {
        "call": await run("display 40 + 2"),
        "failed": await run("error 198"),
        "refused": await call("stata_data", {"session_id": "nobody"}),
        "progress": await _progress(call),
        "many": await _many(call, run),
    }
    begun = time.monotonic()
    await cancel()
    return seen | {
        "cancelled": time.monotonic() - begun,
        "after": await run("display 6 * 7"),
    }


async def _progress(call: Call) -> list[float]:
    seen: list[float] = []

    async def note(done: float, total: float | None, message: str | None) -> None:
        seen.append(done)

    await call("stata_run_selection", {"selection": "sleep 2500"}, progress_callback=note)
    return seen


async def _many(call: Call, run: Call) -> list[Any]:
    for name in SESSIONS[1:]:
        await call("stata_session", {"action": "create", "session_id": name})
    return await asyncio.gather(
        *(
            run(f"sleep 100\ndisplay 1000 + {number}", SESSIONS[number % len(SESSIONS)])
            for number in range(CALLS)
        )
    )
