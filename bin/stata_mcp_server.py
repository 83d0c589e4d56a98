#!/usr/bin/env python3
"""Take the guide's own command line and hand it to ``stata-sessions serve``.

    python bin/stata_mcp_server.py --multi-session --max-sessions 4 --session-timeout 3600

``--vscode-settings FILE`` reads the ``stata-vscode.*`` keys of a VS Code settings.json; flags
beside it win.
"""

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTION = "--vscode-settings"


def main(arguments: list[str]) -> None:
    """Serve with the arguments given, after those of a VS Code settings file."""
    use_the_checkout()
    from stata_sessions.cli import main as cli_main
    from stata_sessions.errors import ConfigurationError
    from stata_sessions.settings_vscode import as_flags, read_vscode_settings

    file, rest = split(arguments)
    try:
        first = as_flags(read_vscode_settings(Path(file))) if file else []
    except ConfigurationError as error:
        sys.exit(f"stata_mcp_server.py: {error}")
    # The last of two equal options counts, so what was typed comes last.
    cli_main(["serve", *first, *rest])


def split(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Take ``--vscode-settings FILE`` or ``--vscode-settings=FILE`` out of the arguments."""
    file, rest, left = None, [], iter(arguments)
    for argument in left:
        if argument == OPTION:
            file = next(left, None) or sys.exit(f"stata_mcp_server.py: {OPTION} needs a file")
        elif argument.startswith(OPTION + "="):
            file = argument.removeprefix(OPTION + "=")
        else:
            rest.append(argument)
    return file, rest


def use_the_checkout() -> None:
    """Go on in the Python of this checkout's .venv, which has what the server needs."""
    python = ROOT / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != ROOT / ".venv":
        os.execv(python, [str(python), *sys.argv])  # noqa: S606  # this very program again
    if not python.exists() and importlib.util.find_spec("stata_sessions") is None:
        sys.exit(f"stata_mcp_server.py: run {ROOT / 'bin' / 'setup'} once before this")


if __name__ == "__main__":
    main(sys.argv[1:])
