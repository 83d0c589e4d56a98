"""Print the whole table: ``python -m tests.benchmarks [--rst] [--peer PYTHON] [NAME ...]``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from tests.benchmarks import crowds, exchanges, flow, growth, peers, starts
from tests.benchmarks.bench import Row

HEADINGS = ("What", "Measured", "Middle half", "Floor, same run", "Reached", "To reach", "Met")

MEASUREMENTS: dict[str, Callable[[], Iterator[Row]]] = {
    "commands": exchanges.commands,
    "bulk": flow.bulk,
    "first-bytes": flow.first_bytes,
    "breaks": exchanges.breaks,
    "sessions": starts.sessions,
    "idle": crowds.idle,
    "side-by-side": crowds.side_by_side,
    "listing": crowds.listing,
    "growth": growth.growth,
    "programs": starts.programs,
    "peers": peers.peers,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--rst", action="store_true", help="print rows for docs/performance.rst")
    parser.add_argument("--peer", help="a Python that has stata_kernel, to measure it as well")
    given = parser.parse_args()
    if unknown := set(given.names) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    peers.PYTHON = given.peer
    console = Console(stderr=True)
    rows: list[Row] = []
    for name in given.names or MEASUREMENTS:
        console.print(f"measuring {name} ...")
        rows += MEASUREMENTS[name]()
    lines = [texts(row) for row in rows]
    if given.rst:
        Console(width=250, highlight=False).print(as_rst(lines), markup=False)
    else:
        table = Table(*HEADINGS)
        for line in lines:
            table.add_row(*line)
        Console().print(table)


def texts(row: Row) -> tuple[str, ...]:
    """Return what stands in the columns."""
    return row.what, row.measured, row.spread, row.floor, row.reached, row.target, row.mark


def as_rst(lines: list[tuple[str, ...]]) -> str:
    """Lay a table out as reStructuredText."""
    table = [HEADINGS, *lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]
    rule = "  ".join("=" * width for width in widths)
    head, *body = (
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )
    return "\n".join([rule, head, rule, *body, rule])


main()
