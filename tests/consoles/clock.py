#!/usr/bin/env -S python3 -S -E
"""The least console that the protocol needs, with a clock: what is measured is our side alone.

Besides ``include``, ``display`` and ``exit`` it knows ``sleep MS``, ``work MS`` (burns processor
time), ``stamp N MS`` (prints the monotonic clock N times) and ``flood BYTES``.
"""

import os
import re
import sys
import time

ROW = "the quick brown fox jumps over the lazy dog " * 2 + "\r\n"


class Failed(Exception):
    """A return code on its way to the prompt."""


def say(text: str) -> None:
    """Print a row at once."""
    os.write(1, (text + "\r\n").encode())


def display(rest: str) -> None:
    """Print the quoted strings of a line, or the line itself."""
    say("".join(re.findall(r'"([^"]*)"', rest)) if '"' in rest else rest)


def include(rest: str) -> None:
    """Run the lines of a file."""
    with open(rest.strip('"'), encoding="utf-8") as file:
        for line in file.read().splitlines():
            run(line)


def sleep(rest: str) -> None:
    """Wait for so many milliseconds."""
    time.sleep(int(rest) / 1000)


def work(rest: str) -> None:
    """Burn so many milliseconds of this process's own processor time."""
    end = time.process_time() + int(rest) / 1000
    while time.process_time() < end:
        pass


def stamp(rest: str) -> None:
    """Print the clock, in nanoseconds, so many times with so many milliseconds in between."""
    times, pause_ms = map(int, rest.split())
    for _ in range(times):
        time.sleep(pause_ms / 1000)
        say(f"stamp {time.monotonic_ns()}")


def flood(rest: str) -> None:
    """Print at least so many bytes as fast as the terminal takes them."""
    block = (ROW * 750).encode()
    for _ in range(-(-int(rest) // len(block))):
        view = memoryview(block)
        while view:
            view = view[os.write(1, view) :]


COMMANDS = {
    "display": display,
    "include": include,
    "sleep": sleep,
    "work": work,
    "stamp": stamp,
    "flood": flood,
}


def run(line: str) -> None:
    """Run one line; raises Failed."""
    word, _, rest = line.strip().partition(" ")
    if word.rstrip(",") == "exit":
        sys.exit(0)
    if word and word not in ("capture", "quietly"):
        if word not in COMMANDS:
            say(f"command {word} is unrecognized")
            raise Failed("199")
        COMMANDS[word](rest)


def main() -> None:
    """Prompt, read, run."""
    while True:
        os.write(1, b"\r\n. ")
        try:
            line = sys.stdin.readline()
            if not line:
                return
            run(line)
        except Failed as error:
            say(f"r({error});")
        except KeyboardInterrupt:
            say("--Break--\r\nr(1);")


if __name__ == "__main__":
    main()
