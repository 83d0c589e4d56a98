"""A person at the stand-in's terminal, for tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect

# Generous, because two cores are shared with everything else that runs.
LIMIT_S = 30
REPOSITORY = Path(__file__).parents[2]
PROMPT = r"\r\n\. $"


class Typist:
    """A person at the console: types lines, reads what comes until a prompt."""

    def __init__(self, arguments: list[str], folder: Path, environ: dict[str, str]) -> None:
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "stata_sessions.standin", *arguments],
            cwd=str(folder),
            env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), **environ},
            dimensions=(24, 80),
            timeout=LIMIT_S,
            maxread=65536,
        )
        self.child.delaybeforesend = None
        self.folder = folder

    def until(self, pattern: str) -> str:
        """Return what is shown before a pattern."""
        self.child.expect(pattern)
        return self.text(self.child.before)

    @staticmethod
    def text(data: bytes) -> str:
        return data.decode("utf-8", "replace").replace("\r\n", "\n").strip("\r")

    def type(self, line: str, prompt: str = PROMPT) -> str:
        """Type a line; return everything from its echo to the next prompt."""
        self.send(line)
        return self.until(prompt)

    def send(self, line: str) -> None:
        self.child.send(line + "\r")

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def interrupt(self) -> None:
        self.child.send("\x03")

    def end(self) -> int | None:
        """Wait for the end; return the exit status."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus  # type: ignore[no-any-return]  # pexpect has no types for it

    def do(self, code: str, prompt: str = PROMPT) -> str:
        """Run code as a do-file; return what follows the echo of `do`."""
        (self.folder / "code.do").write_text(code, "utf-8", errors="surrogateescape")
        return re.sub(r"^do code\n", "", self.type("do code", prompt))


def run(code: str, *arguments: str, switches: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        input=code,
        env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), "STATA_SESSIONS_STANDIN": switches},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
