"""Blow a storm and print what came of it; the exit status is 1 if anything was wrong."""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time

from rich.console import Console

from tests.soak.storm import WEIGHTS, Storm, storm

THREADS = 6
# So many steps of all threads, then everything has to come to rest and is looked over.
ROUND = 400


def main(arguments: argparse.Namespace) -> int:
    """Blow until the minutes or the operations are over."""
    console = Console()
    began = time.monotonic()
    until = began + 60 * arguments.minutes
    with storm(arguments.sessions, arguments.vices) as blown:
        left, number = arguments.operations, 0
        while left > 0 and time.monotonic() < until:
            steps = min(ROUND, left)
            _round(blown, steps, f"{arguments.seed}.{number}", until)
            blown.calm_down()
            left, number = left - steps, number + 1
            console.print(_summary(blown, time.monotonic() - began), soft_wrap=True)
    return _report(console, blown, time.monotonic() - began)


def _round(blown: Storm, steps: int, seed: str, until: float) -> None:
    def blow(place: int) -> None:
        chance = random.Random(f"{seed}.{place}")
        for _ in range(steps // THREADS + (place < steps % THREADS)):
            if time.monotonic() < until:
                blown.step(chance.choices([*WEIGHTS], [*WEIGHTS.values()])[0], chance)

    threads = [threading.Thread(target=blow, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _summary(blown: Storm, elapsed_s: float) -> str:
    operations, violations = blown.done.total(), len(blown.violations)
    return f"{operations} operations, {violations} violations, {elapsed_s:.0f} s"


def _report(console: Console, blown: Storm, elapsed_s: float) -> int:
    for violation in blown.violations:
        console.print(f"VIOLATION {violation}", soft_wrap=True, markup=False, highlight=False)
    console.print(_summary(blown, elapsed_s), dict(blown.done), soft_wrap=True)
    return 1 if blown.violations else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--operations", type=int, default=10**9)
    parser.add_argument("--sessions", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vices", default="", help="of the console; such as leave its words alone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_arguments()))
