#!/usr/bin/env python3
"""Take the guide's own command line and hand it to ``stata-sessions serve``.

    python bin/stata_mcp_server.py --multi-session --max-sessions 4 --session-timeout 3600

``--vscode-settings FILE`` reads the ``stata-vscode.*`` keys of a VS Code settings.json; flags
beside it win. Flags of the server that this one stands in for are taken as well; those that mean
nothing here are named on standard error.
"""

import argparse
import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Options of the server that this one stands in for: nobody's port is taken by force, and output
# needs no log files. Whether they have a value.
UNUSED = {
    "log-file": True,
    "log-file-location": True,
    "custom-log-directory": True,
    "workspace-root": True,
    "force-port": False,
}


def main(arguments: list[str]) -> None:
    """Serve with the arguments given, after those of a VS Code settings file."""
    use_the_checkout()
    from stata_sessions.cli import main as cli_main
    from stata_sessions.errors import ConfigurationError
    from stata_sessions.settings_vscode import as_flags, read_vscode_settings

    given, rest = split(arguments)
    if unused := [f"--{name}" for name in UNUSED if getattr(given, name.replace("-", "_"))]:
        sys.stderr.write(f"stata_mcp_server.py: without effect here: {', '.join(unused)}\n")
    file = given.vscode_settings
    try:
        first = as_flags(read_vscode_settings(file)) if file else []
    except ConfigurationError as error:
        sys.exit(f"stata_mcp_server.py: {error}")
    # The last of two equal options counts, so what was typed comes last.
    cli_main(["serve", *first, *rest])


def split(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the options of this script's own, and the rest as it is."""
    parser = argparse.ArgumentParser("stata_mcp_server.py", add_help=False, allow_abbrev=False)
    parser.add_argument("--vscode-settings", type=Path, metavar="FILE")
    for name, has_value in UNUSED.items():
        parser.add_argument(f"--{name}", action="store" if has_value else "store_true")
    return parser.parse_known_args(arguments)


def use_the_checkout() -> None:
    """Go on in the Python of this checkout's .venv, which has what the server needs."""
    python = ROOT / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != ROOT / ".venv":
        os.execv(python, [str(python), *sys.argv])  # noqa: S606  # this very program again
    if not python.exists() and importlib.util.find_spec("stata_sessions") is None:
        sys.exit(f"stata_mcp_server.py: run {ROOT / 'bin' / 'setup'} once before this")


if __name__ == "__main__":
    main(sys.argv[1:])
