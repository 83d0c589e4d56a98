"""Streams over a real connection: at once, resumable, and aware of leaving clients."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import requests

from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer

SPIN = "spin 20"


def submit(live: LiveServer, code: str) -> str:
    answer = requests.post(
        f"{live.url}/sessions/default/commands", json={"code": code}, timeout=BOUND_S
    )
    answer.raise_for_status()
    return f"{live.url}/sessions/default/commands/{answer.json()['command']}"


def stop(live: LiveServer) -> None:
    requests.post(f"{live.url}/sessions/default/stop", timeout=BOUND_S).raise_for_status()


def events(answer: requests.Response) -> Iterator[dict[str, str]]:
    """Yield the events of a stream as they come, heartbeats left out."""
    found: dict[str, str] = {}
    for row in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if row and not row.startswith(":"):
            name, _, value = row.partition(": ")
            found[name] = value
        elif not row and found:
            yield found
            found = {}


def follow(url: str, **given: Any) -> requests.Response:
    answer = requests.get(f"{url}/stream", stream=True, timeout=BOUND_S, **given)
    answer.raise_for_status()
    return answer


def test_a_stream_brings_the_output_and_the_end(live_server: LiveServer) -> None:
    url = submit(live_server, 'display "one"\nsleep 200\ndisplay "two"')
    found = list(events(follow(url)))
    output = "".join(json.loads(each["data"])["text"] for each in found[:-1])
    assert "one\n" in output and "two\n" in output
    assert found[-1]["event"] == "end"
    assert json.loads(found[-1]["data"])["state"] == "finished"
    assert output == requests.get(url, timeout=BOUND_S).json()["output"]


def test_a_stream_resumes_where_it_was_cut(live_server: LiveServer) -> None:
    url = submit(live_server, SPIN)
    first = follow(url)
    reader = events(first)
    before = [next(reader) for _ in range(3)]
    first.close()
    stop(live_server)
    after = list(events(follow(url, headers={"Last-Event-ID": before[-1]["id"]})))
    joined = "".join(json.loads(each["data"])["text"] for each in [*before, *after[:-1]])
    assert joined == requests.get(f"{url}?wait_s=20", timeout=BOUND_S).json()["output"]


def test_a_silent_stream_notices_that_its_client_left(serve: Callable[..., LiveServer]) -> None:
    live = serve(streams_limit=1)
    url = submit(live, "sleep 60000")
    first = follow(url)
    refused = requests.get(f"{url}/stream", timeout=BOUND_S)
    assert (refused.status_code, refused.json()["kind"]) == (429, "too-many-streams")
    first.close()
    left = time.monotonic()

    def accepted() -> bool:
        with requests.get(f"{url}/stream", stream=True, timeout=BOUND_S) as answer:
            return answer.status_code == 200

    eventually(accepted)
    assert time.monotonic() - left < 5, "a second, and room for a busy machine"


def test_a_leaving_client_stops_no_run(live_server: LiveServer) -> None:
    address = f"{live_server.url}/run_selection/stream"
    given = {"selection": 'sleep 500\ndisplay "still here"'}
    with requests.get(address, params=given, stream=True, timeout=BOUND_S) as answer:
        assert next(answer.iter_content(1))
    url = f"{live_server.url}/sessions/default/commands/1"
    ran = requests.get(f"{url}?wait_s=20", timeout=BOUND_S).json()
    assert (ran["state"], ran["return_code"]) == ("finished", 0)
    assert "still here\n" in ran["output"]


def test_output_is_with_the_viewer_at_once(live_server: LiveServer) -> None:
    """The transcript's own waiters set the pace; a stream that polled would lag behind them."""
    url = submit(live_server, "sleep 300\n" + SPIN)
    command = live_server.manager.get().command(1)
    seen: list[tuple[int, float]] = []

    def watch() -> None:
        page = command.read(0, 65536, BOUND_S)
        while not page.complete:
            seen.append((page.next_offset, time.monotonic()))
            page = command.read(page.next_offset, 65536, BOUND_S)

    watcher = threading.Thread(target=watch)
    watcher.start()
    arrived = [(int(each["id"]), time.monotonic()) for each in islice(events(follow(url)), 15)]
    stop(live_server)
    watcher.join(BOUND_S)
    assert not watcher.is_alive()
    lags = [when - next(at for reached, at in seen if reached >= id) for id, when in arrived]
    assert statistics.median(lags) < 0.1
