"""The official clients, fetched once and kept: ``python -m tests.mcp.installed`` does no more.

Version 1 of the Python SDK cannot live beside version 2, so it gets a folder of its own below
``.cache``; those in TypeScript get the ``node_modules`` that belongs to ``node/package.json``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
NODE = Path(__file__).with_name("node")
PYTHON_V1 = "mcp==1.30.0"
INSTALL_S = 300.0


def python_v1() -> Path:
    """Return the folder that holds version 1 of the Python SDK."""
    kept = CACHE / PYTHON_V1
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
        fresh = mkdtemp(dir=CACHE)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--target", fresh, PYTHON_V1], ROOT)
        Path(fresh).rename(kept)
    return kept


def node() -> Path:
    """Return the folder of the TypeScript clients, with what they import."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise AssertionError(
            "the TypeScript clients need node and npm (Debian: apt-get install nodejs npm)"
        )
    lock, done = NODE / "package-lock.json", NODE / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], NODE)
    return NODE


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_S, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    python_v1()
    node()
