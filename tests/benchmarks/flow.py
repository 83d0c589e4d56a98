"""Output: how much of the terminal's rate arrives, and how soon its first byte does."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.bench import Row, in_turn, percentile, program, seconds, within
from tests.benchmarks.raw import RawTerminal
from tests.benchmarks.served import Caller, Served, server

BYTES = 100_000_000
ROUNDS = 5
STREAMS = 50
STAMPS = 20
GROWTH_MIB = 64


def bulk() -> Iterator[Row]:
    """Measure 100 MB from the console to an HTTP client, in one answer and as a stream."""
    with (
        program() as console,
        RawTerminal(console) as terminal,
        server(console, max_output_tokens=0, result_display_mode="full") as caller,
    ):
        name = caller.session()
        peaks: list[list[float]] = [[], []]
        raw, answered, streamed = in_turn(
            ROUNDS,
            lambda: seconds(lambda: terminal.ask(f"flood {BYTES}")),
            lambda: _rate_s(caller, lambda: _answer(caller.host, name), peaks[0]),
            lambda: _rate_s(caller, lambda: _stream(caller.host, name), peaks[1]),
        )
    yield from _rows("100 MB in one text answer", answered, raw, peaks[0])
    yield from _rows("100 MB as a stream", streamed, raw, peaks[1])


def _rate_s(caller: Served, action: Callable[[], int], peaks: list[float]) -> float:
    """Return the seconds that the whole takes, if it all came or not; note the server's growth."""
    before = caller.forget_peak()
    started = time.perf_counter()
    came = action()
    took_s = time.perf_counter() - started
    peaks.append(caller.peak_mib() - before)
    # The console's rows end in three bytes, the text's in one.
    return took_s * max(1.0, 0.95 * BYTES / came)


def _rows(what: str, took_s: list[float], raw_s: list[float], peaks: list[float]) -> Iterator[Row]:
    ours, floor = (BYTES / statistics.median(each) / 1e6 for each in (took_s, raw_s))
    slowest, fastest = (BYTES / 1e6 / edge(took_s) for edge in (max, min))
    spread = f"{slowest:.0f} to {fastest:.0f} MB/s"
    reached = f"{ours / floor:.2f} of it"
    good = ours >= 0.6 * floor
    yield Row(what, f"{ours:.0f} MB/s", f"{floor:.0f} MB/s", reached, "0.6 of it", good, spread)
    growth = max(peaks)
    yield Row(
        "growth of the server meanwhile",
        f"{growth:.0f} MB",
        target=f"{GROWTH_MIB} MB",
        good=growth < GROWTH_MIB,
    )


def _answer(host: str, name: str) -> int:
    """Run a flood and read its text without keeping it; return the bytes."""
    connection = http.client.HTTPConnection(host, timeout=120)
    path = f"/run_selection?session_id={name}"
    connection.request("POST", path, f"flood {BYTES}", {"Content-Type": "text/plain"})
    return _read(connection)


def _stream(host: str, name: str) -> int:
    """Submit a flood and follow its stream; return the bytes of its events."""
    caller = Caller(host)
    number = caller.submit(name, f"flood {BYTES}")
    caller.connection.request("GET", f"/sessions/{name}/commands/{number}/stream")
    return _read(caller.connection)


def _read(connection: http.client.HTTPConnection) -> int:
    answer, total = connection.getresponse(), 0
    while data := answer.read1(2**16):
        total += len(data)
    connection.close()
    return total


def first_bytes() -> Iterator[Row]:
    """Measure the way of a row from the console to the streams of 50 sessions."""
    delays: list[float] = []
    with program() as console, server(console) as caller:
        names = [caller.session() for _ in range(STREAMS)]
        threads = [
            threading.Thread(target=_listen, args=(caller.host, name, delays)) for name in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    yield within(f"row to stream, {STREAMS} streams, median", percentile(delays, 0.5), 10)
    yield within("the same, 99th percentile", percentile(delays, 0.99), 30)


def _listen(host: str, name: str, delays: list[float]) -> None:
    """Stream a command that prints the clock and note how old each row is."""
    caller = Caller(host)
    number = caller.submit(name, f"stamp {STAMPS} 100")
    caller.connection.request("GET", f"/sessions/{name}/commands/{number}/stream")
    answer = caller.connection.getresponse()
    while line := answer.readline():
        now = time.monotonic_ns()
        if line.startswith(b"data:"):
            for row in _text(line).splitlines():
                word, _, written = row.partition(" ")
                # A row may arrive in two pieces; the head of a clock says nothing.
                if word == "stamp" and 0 <= now - int(written) < 60e9:
                    delays.append((now - int(written)) / 1e9)
    caller.connection.close()


def _text(line: bytes) -> str:
    """Return the output that an event brings; the last one brings none."""
    return str(json.loads(line.partition(b":")[2]).get("text", ""))
