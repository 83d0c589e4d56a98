"""The session class of stata_kernel as a program, for the Python of a peer: see ``peers.py``.

For each number on standard input it runs a trivial command so often and prints the median time.
"""

from __future__ import annotations

import statistics
import sys
import time
from importlib import import_module
from types import SimpleNamespace
from typing import Any

# The peer's modules, which are there under its own Python alone.
CodeManager: Any = import_module("stata_kernel.code_manager").CodeManager
StataSession: Any = import_module("stata_kernel.stata_session").StataSession
CODE = "display 1"


def run_s(session: Any) -> float:
    """Run the code as the notebook does; return the seconds."""
    started = time.perf_counter()
    text, mark, own_rows = CodeManager(CODE).get_text(session)
    return_code, output = session.do(text, mark, text_to_exclude=own_rows)
    took_s = time.perf_counter() - started
    assert (return_code, output.strip()) == (0, "1"), output
    return took_s


def main() -> None:
    """Answer each number with a median."""
    notebook = SimpleNamespace(
        implementation_version="0",
        iopub_socket=None,
        graph_formats=["svg"],
        send_response=lambda *shown: None,
    )
    session = StataSession(notebook)
    for line in sys.stdin:
        figure_s = statistics.median(run_s(session) for _ in range(int(line)))
        sys.stdout.write(f"{figure_s}\n")
        sys.stdout.flush()


main()
