"""The command line as a user runs it: in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.doors import BOUND_S, ENVIRON, light_console

CLI = [sys.executable, "-m", "stata_sessions"]
ADDRESS = re.compile(r"http://[\w.:\[\]]+:\d+")


@dataclass(frozen=True)
class ServerProcess:
    """A server in a process of its own, once it answers."""

    process: subprocess.Popen[str]
    row: str
    url: str


def run_cli(
    *arguments: str, environ: Mapping[str, str] | None = None, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*CLI, *arguments],
        env=ENVIRON | dict(environ or {}),
        input=input,
        capture_output=True,
        text=True,
        timeout=BOUND_S * 3,
    )


@contextmanager
def server_process(
    *arguments: str,
    command: list[str] | None = None,
    environ: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[ServerProcess]:
    """Serve in a process of its own until the block ends; it is killed if it did not end.

    Standard error goes to the file ``log``, if one is given.
    """
    with ExitStack() as stack:
        process = subprocess.Popen(
            [*(command or [*CLI, "serve"]), "--port", "0", *arguments],
            env=ENVIRON | dict(environ or {}),
            stdout=subprocess.PIPE,
            stderr=stack.enter_context(log.open("w")) if log else None,
            text=True,
        )
    assert process.stdout is not None
    try:
        row = process.stdout.readline()
        address = ADDRESS.search(row)
        assert address, f"no address in {row!r}"
        yield ServerProcess(process, row, address[0])
    finally:
        process.terminate()
        try:
            process.communicate(timeout=BOUND_S)
        finally:
            process.kill()


def by_path(folder: Path) -> list[str]:
    """Return the options that serve an unknown console, given by its path."""
    return ["--stata-path", str(light_console(folder)), "--working-dir", str(folder)]


def is_alive(process: psutil.Process) -> bool:
    """Tell whether a process lives; one that is only still to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
