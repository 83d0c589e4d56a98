"""Print the whole table: ``python -m tests.benchmarks``, or the names of some measurements."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from tests.benchmarks import crowds, exchanges, flow
from tests.benchmarks.bench import Row

MEASUREMENTS: dict[str, Callable[[], Iterator[Row]]] = {
    "commands": exchanges.commands,
    "breaks": exchanges.breaks,
    "starts": exchanges.starts,
    "bulk": flow.bulk,
    "first-bytes": flow.first_bytes,
    "idle": crowds.idle,
    "side-by-side": crowds.side_by_side,
    "listing": crowds.listing,
    "growth": crowds.growth,
    "serve": crowds.commands_start,
}


def main(names: list[str]) -> None:
    """Measure and print."""
    console = Console()
    table = Table("what", "measured", "floor, same run", "reached", "to reach", "")
    for name in names or MEASUREMENTS:
        console.print(f"measuring {name} ...")
        for row in MEASUREMENTS[name]():
            mark = "" if row.good is None else "yes" if row.good else "NO"
            table.add_row(row.what, row.measured, row.floor, row.reached, row.target, mark)
    console.print(table)


main(sys.argv[1:])
