"""Output: how much of the terminal's rate arrives, and how soon its first byte does."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Iterator

import psutil

from tests.benchmarks.bench import Caller, Row, ms, percentile, seconds, server
from tests.benchmarks.raw import RawTerminal

BYTES = 60_000_000
STREAMS = 50
STAMPS = 20


def bulk() -> Iterator[Row]:
    """Measure 60 MB from the console to an HTTP client."""
    with RawTerminal() as terminal:
        raw = BYTES / seconds(lambda: terminal.ask(f"flood {BYTES}"))
    own = psutil.Process(os.getpid())
    with server(max_output_tokens=0, result_display_mode="full") as (found, caller):
        name = found.create().name
        before = own.memory_info().rss
        peak = [before]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                peak[0] = max(peak[0], own.memory_info().rss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        rate = BYTES / seconds(lambda: drain(caller, name))
        done.set()
        watcher.join()
    growth = (peak[0] - before) / 2**20
    yield Row(
        "60 MB to an HTTP client",
        f"{rate / 1e6:.0f} MB/s",
        f"{raw / 1e6:.0f} MB/s",
        f"{rate / raw:.2f} of it",
        "0.6 of it",
        rate >= 0.6 * raw,
    )
    yield Row(
        "memory of the server meanwhile", f"{growth:.0f} MB", "", "", "64 MB more", growth < 64
    )


def drain(caller: Caller, name: str) -> None:
    """Run a flood and read its text without keeping it."""
    connection = http.client.HTTPConnection(caller.host, timeout=120)
    path = f"/run_selection?session_id={name}"
    connection.request("POST", path, f"flood {BYTES}".encode(), {"Content-Type": "text/plain"})
    answer, total = connection.getresponse(), 0
    while data := answer.read(2**20):
        total += len(data)
    # The console's rows end in two bytes, the text's in one.
    assert total >= 0.95 * BYTES, f"only {total} bytes arrived"
    connection.close()


def first_bytes() -> Iterator[Row]:
    """Measure the way of a row from the console to the streams of 50 sessions."""
    delays: list[float] = []
    with server() as (found, caller):
        names = [found.create().name for _ in range(STREAMS)]
        threads = [
            threading.Thread(target=listen, args=(caller.host, name, delays)) for name in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    middle, late = percentile(delays, 0.5), percentile(delays, 0.99)
    reached = f"{ms(middle)} / {ms(late)}"
    good = middle < 0.01 and late < 0.03
    yield Row(f"row to stream, {STREAMS} streams (p50 / p99)", reached, "", "", "10 / 30 ms", good)


def listen(host: str, name: str, delays: list[float]) -> None:
    """Stream a command that prints the clock and note how old each row is."""
    connection = http.client.HTTPConnection(host, timeout=60)
    path = f"/sessions/{name}/commands"
    body = f'{{"code": "stamp {STAMPS} 100"}}'
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    connection.getresponse().read()
    connection.request("GET", f"{path}/1/stream")
    answer = connection.getresponse()
    while line := answer.readline():
        now = time.monotonic_ns()
        if b"stamp " in line:
            written = int(line.split(b"stamp ")[1].split(b"\\")[0].split()[0].strip(b'"}'))
            delay_s = (now - written) / 1e9
            # A row may arrive in two pieces; a clock of which only the head came says nothing.
            if 0 <= delay_s < 60:
                delays.append(delay_s)
    connection.close()
