#!/usr/bin/env python3
"""The guide's parallel work over HTTP, told step by step; bin/demo runs it.

Exits with 1 if anything did not happen as told.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Timer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SERVE = [sys.executable, "-m", "stata_sessions", "serve", "--port", "0", "--history-file", "off"]
ANSWER_WITHIN_S = 120
ADDRESS = re.compile(r"http://[\w.:\[\]]+:\d+")


class Server:
    """A running server, spoken to as any HTTP client would."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Send a request and return the JSON of its answer."""
        # The address (S310) is that of a server which this program started itself.
        request = Request(self.url + path, method=method)  # noqa: S310
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310
                return dict(json.load(answer))
        except HTTPError as error:
            with error:
                sys.exit(f"demo: {method} {path}: {error}: {json.load(error)['message']}")

    def create_session(self) -> str:
        """Start one more Stata."""
        return str(self.call("POST", "/sessions")["session_id"])

    def execute(self, code: str, session_id: str = "default") -> dict[str, Any]:
        """Run code and wait for its end."""
        parameters = {"selection": code, "session_id": session_id}
        return self.call(
            "POST", "/v1/tools", {"tool": "stata_run_selection", "parameters": parameters}
        )

    def show(self, expression: str, session_id: str = "default") -> str:
        """Return what Stata displays for an expression."""
        output = self.execute(f"display {expression}", session_id)["output"]
        return str(output).splitlines()[-1].strip()


def say(text: str = "") -> None:
    """Print at once, so that the story keeps step with what happens."""
    print(text, flush=True)


def show(output: str) -> None:
    """Print what Stata said, set off from the story."""
    say(textwrap.indent(output.strip("\n"), "    | ", lambda line: True))


def expect(right: bool, told: str) -> None:
    """Tell what happened, or stop the demonstration if it did not."""
    if not right:
        sys.exit(f"demo: this did not happen: {told}")
    say(f"  {told}")


@contextmanager
def serving(arguments: list[str]) -> Iterator[Server]:
    """Run a server until the block ends, on real Stata if there is one."""
    with tempfile.TemporaryFile("w+") as log:
        process, ready = start(arguments, log)
        if not ready and not arguments:
            say("No Stata was found on this machine, so the stand-in plays its part:")
            say("it is NOT Stata, and a server never uses it unless asked to.\n")
            process, ready = start(["--console", "standin"], log)
        address = ADDRESS.search(ready)
        if not address:
            log.seek(0)
            process.kill()
            sys.exit(f"demo: the server did not start: {ready}\n{log.read()}")
        say(ready.strip())
        try:
            yield Server(address[0])
        finally:
            process.terminate()
            process.wait(ANSWER_WITHIN_S)


def start(arguments: list[str], log: Any) -> tuple[subprocess.Popen[str], str]:
    """Start a server and return it with the line that it prints when it is ready."""
    process = subprocess.Popen(SERVE + arguments, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    watchdog = Timer(ANSWER_WITHIN_S, process.kill)
    watchdog.start()
    for line in process.stdout:
        if ADDRESS.search(line):
            watchdog.cancel()
            return process, line
    watchdog.cancel()
    process.wait(ANSWER_WITHIN_S)
    return process, ""


def work_in_parallel(server: Server) -> tuple[str, str]:
    """Show the guide's first use case: two analyses at the same time."""
    say("\n1. Two sessions work at the same time")
    first, second = server.create_session(), server.create_session()
    say(f"  created sessions {first} and {second}")
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        regression = pool.submit(
            server.execute, "sysuse auto\nsleep 3000\nregress price mpg weight", first
        )
        summary = pool.submit(
            server.execute, "sysuse auto\nkeep if foreign\nsleep 3000\nsummarize price mpg", second
        )
    took_s = time.monotonic() - began
    show(regression.result()["output"])
    show(summary.result()["output"])
    codes = [regression.result()["return_code"], summary.result()["return_code"]]
    expect(codes == [0, 0], "both ended with return code 0")
    expect(took_s < 6, f"each slept for three seconds; together they took {took_s:.1f} s")
    return first, second


def keep_apart(server: Server, first: str, second: str) -> None:
    """Show the guide's second use case: what one does, another does not see."""
    say("\n2. Each has its own data, macros and results")
    server.execute("local who first", first)
    counts = [server.show('_N " `who\'"', name) for name in (first, second)]
    expect(counts == ["74 first", "22"], f"{first} holds 74 cars, {second} its 22")
    expect(
        server.show("_N") == "0", "the default session, for clients that name none, holds no data"
    )


def answer_errors(server: Server, first: str) -> None:
    """Show that an error of Stata's is an answer like any other."""
    say("\n3. An error is an answer, and the session goes on")
    answer = server.execute("summarize nosuchvariable", first)
    show(answer["output"])
    expect(answer["return_code"] == 111, "return code 111")


def send_a_break(server: Server, first: str) -> None:
    """Show that a command can be stopped without losing the data."""
    say("\n4. A break stops the command and keeps the data")
    with ThreadPoolExecutor() as pool:
        long_run = pool.submit(
            server.execute, 'forvalues i = 1/1000 {\ndisplay "round `i\'"\nsleep 200\n}', first
        )
        wait_until_busy(server, first)
        time.sleep(1)
        server.call("POST", f"/sessions/{first}/stop")
        answer = long_run.result()
    show(answer["output"])
    left = server.show("_N", first)
    expect(
        answer["return_code"] == 1 and left == "74", "stopped with r(1), and all 74 cars are left"
    )


def wait_until_busy(server: Server, session: str) -> None:
    """Return once the session runs a command."""
    for _ in range(600):
        if server.call("GET", f"/sessions/{session}")["is_busy"]:
            return
        time.sleep(0.05)
    sys.exit(f"demo: session {session} never became busy")


def main() -> None:
    """Tell the story."""
    with serving(sys.argv[1:]) as server:
        first, second = work_in_parallel(server)
        keep_apart(server, first, second)
        answer_errors(server, first)
        send_a_break(server, first)
        say("\n5. Clean up")
        for name in (first, second):
            say(f"  {server.call('DELETE', f'/sessions/{name}')['message']}")
    say("  the server is stopped, and every console with it")
    say("\nNow yours: bin/stata-sessions serve (without Stata: --console standin)")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("demo: left early; the server is stopped, and every console with it")
