"""Bytes on a connection that no client of ours would send."""

from __future__ import annotations

import json
import random
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.doors import BOUND_S, eventually, light_settings
from tests.fuzzing import examples
from tests.live.conftest import LiveServer, serving

HOST = b"Host: localhost\r\n"
CODE = b'{"code":"display 42"}'
# What must never be taken for a request of its own.
SMUGGLED = (
    b"POST /sessions/default/commands HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(CODE), CODE)
)
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def posted(*headers: bytes, body: bytes = b"") -> bytes:
    """Return a request that is harmless in itself, and one that its body may be taken for."""
    rows = b"".join(row + b"\r\n" for row in headers)
    return b"POST /clear_history HTTP/1.1\r\n" + HOST + rows + b"\r\n" + body + SMUGGLED


def got(*headers: bytes) -> bytes:
    rows = b"".join(row + b"\r\n" for row in headers)
    return b"GET /health HTTP/1.1\r\n" + HOST + rows + b"\r\n" + SMUGGLED


CHUNKED, LAST = b"Transfer-Encoding: chunked", b"0\r\n\r\n"
AMBIGUOUS = {
    "both lengths": posted(b"Content-Length: 4", CHUNKED, body=LAST),
    "both, the other way": posted(CHUNKED, b"Content-Length: 400", body=LAST),
    "two lengths": posted(b"Content-Length: 0", b"Content-Length: 400"),
    "twice the same": posted(b"Content-Length: 0", b"Content-Length: 0"),
    "lengths in a list": posted(b"Content-Length: 0, 400"),
    "a signed length": posted(b"Content-Length: +0"),
    "a negative length": posted(b"Content-Length: -1"),
    "a length in another base": posted(b"Content-Length: 0x0"),
    "a length with an underscore": posted(b"Content-Length: 0_0"),
    "a vast length": posted(b"Content-Length: " + b"9" * 5000),
    "a large length": posted(b"Content-Length: 99999999999999999999"),
    "an unknown encoding": posted(b"Transfer-Encoding: xchunked", body=LAST),
    "an encoding behind a tab": posted(b"Transfer-Encoding: \x0bchunked", body=LAST),
    "an encoding behind a blank": posted(b"Transfer-Encoding : chunked", body=LAST),
    "two encodings": posted(b"Transfer-Encoding: gzip, chunked", body=LAST),
    "an encoding before its time": posted(CHUNKED, body=LAST).replace(b"/1.1", b"/1.0", 1),
    "an encoding after its time": posted(CHUNKED, body=LAST).replace(b"/1.1", b"/9.9", 1),
    "a chunk in another base": posted(CHUNKED, body=b"0x0\r\n\r\n"),
    "a chunk with a bare newline": posted(CHUNKED, body=b"0;\n\r\n\r\n"),
    "a folded header": got(b"X-A: a\r\n Content-Length: 400"),
    "folded by a tab": got(b"X-A: a\r\n\tContent-Length: 400"),
    "bare newlines": b"GET /health HTTP/1.1\nHost: localhost\n\n" + SMUGGLED,
    "a bare newline in a header": got(b"X: a\nContent-Length: 400"),
    "a bare return in a header": got(b"X: a\rContent-Length: 400"),
    "a NUL in a header": got(b"X: a\0b"),
    "a header without a name": got(b": a"),
    "a name that is no name": got(b"X\xff: a"),
    "no host": got().replace(HOST, b"", 1),
    "a method that is none": got().replace(b"GET", b"G\xc3\x84T"),
    "bytes in the address": got().replace(b"/health", b"/sessions/\xff\xfe"),
    "large headers": got(b"X: " + b"a" * 300_000),
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(50) + b"\r\n\r\n",
}
# Odd, but of one meaning.
ADDRESSES = {
    "/sessions/%00": 404,
    "/sessions/a%2Fb": 404,
    "/sessions/..%2F..%2Fhealth": 404,
    "/sessions/%zz%ff%c0%af": 404,
    "/sessions/a%0d%0aSet-Cookie:%20x": 404,
    "/sessions/" + "%F0%9F%99%82" * 65: 422,
    "/sessions/default%20": 404,
    "/sessions/DEFAULT": 404,
    "/sessions/default/commands/99999999999999999999": 422,
    "/sessions/default/commands/" + "9" * 5000: 422,
    "/sessions/default/commands/-1": 422,
    "/sessions/default/commands/%D9%A3": 422,
    "/sessions/default/commands/1e5": 422,
    "/sessions/default/graphs/..%2fx": 404,
    "/graphs/..%2f..%2fetc%2fpasswd": 404,
    "/graphs/batch/..%2f../x.png": 404,
    "/pages/..%2f..%2fapp.py": 404,
    "/pages/../../app.py": 404,
    "/docs/swagger/..%2f..%2f__init__.py": 404,
    "/docs/swagger/%2e%2e/%2e%2e/__init__.py": 404,
    "/" + "a" * 100_000: 404,
}


def sent(live: LiveServer, data: bytes, *, gone: bool = False) -> bytes:
    """Send bytes; return all that comes back until the server closes, or once the client left."""
    host, _, port = live.url.removeprefix("http://").partition(":")
    received = b""
    with socket.create_connection((host, int(port)), BOUND_S) as connection:
        try:
            connection.sendall(data)
            if gone:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except ConnectionError:
            pass  # refused before all was sent
    return received


def is_well(live: LiveServer) -> bool:
    return requests.get(f"{live.url}/health", timeout=BOUND_S).ok


def has_run(live: LiveServer) -> list[str]:
    return [view.code for view in live.manager.get().history()]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serving(light_settings(tmp_path_factory.mktemp("raw"))) as live:
        yield live


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused_and_ends_the_connection(
    live: LiveServer, name: str
) -> None:
    statuses = STATUS.findall(sent(live, AMBIGUOUS[name]))
    # One answer, and nothing behind it: the connection is closed.
    assert statuses in ([b"400"], [b"413"], [b"431"], [b"501"])
    assert has_run(live) == []
    assert is_well(live)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ([b"Content-Length: 99999999"], "too-large"),
        ([b"X: " + b"a" * 300_000], "too-large"),
        ([b"Content-Length: -1"], "malformed-request"),
        ([b"Transfer-Encoding: xchunked"], "http"),
    ],
)
def test_what_is_refused_at_the_door_has_the_body_of_all_errors(
    live: LiveServer, headers: list[bytes], kind: str
) -> None:
    head, _, content = sent(live, posted(*headers)).partition(b"\r\n\r\n")
    told = json.loads(content)
    rows = head.decode().lower().split("\r\n")
    assert "content-type: application/json" in rows
    assert f"x-request-id: {told['request_id']}" in rows
    assert (told["status"], told["kind"], told["message"]) == ("error", kind, told["error"])
    if b"99999999" in headers[0]:
        assert f"{live.settings.body_limit_bytes} bytes (body_limit_bytes)" in told["error"]


@pytest.mark.parametrize("path", ADDRESSES, ids=lambda path: path[:40])
def test_odd_addresses_lead_nowhere(live: LiveServer, path: str) -> None:
    answer = sent(live, b"GET %s HTTP/1.1\r\n%sConnection: close\r\n\r\n" % (path.encode(), HOST))
    assert STATUS.findall(answer) == [str(ADDRESSES[path]).encode()]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Set-Cookie" not in head and b"import" not in body and b"root:" not in body


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost\r\nHost: evil.example", "evil.example\r\nHost: localhost"]
)
def test_a_second_host_opens_nothing(live: LiveServer, host: str) -> None:
    answer = sent(
        live, f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    )
    assert STATUS.findall(answer) == [b"421"]


BOMBS = {
    "deep lists": b"[" * 10**6,
    "deep objects": b'{"a":' * 10**6,
    "closed lists": b"[" * 10**5 + b"]" * 10**5,
    "a vast number": b'{"wait_s": ' + b"9" * 10**6 + b"}",
    "a vast exponent": b'{"wait_s": 1e999999999}',
    "no number": b'{"wait_s": NaN}',
    "many keys": b"{" + b",".join(b'"k%d":0' % number for number in range(10**5)) + b"}",
    "one key often": b"{" + b",".join([b'"code":"x"'] * 10**5) + b',"nonsense":1}',
    "half of a character": b'{"code": "\\ud800"}',
    "no text": b'{"code": "\xff"}',
    "NUL": b'{"code": "\\u0000"}',
    "another type": b'{"code": {"a": [1, null]}}',
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("path", ["/sessions/default/commands", "/sessions", "/v1/tools", "/mcp"])
def test_json_that_was_made_to_harm_is_refused_at_once(
    live: LiveServer, name: str, path: str
) -> None:
    began = time.monotonic()
    answer = requests.post(
        live.url + path,
        data=BOMBS[name],
        headers={"Content-Type": "application/json"},
        timeout=BOUND_S,
    )
    assert answer.status_code in (400, 422) or (path == "/v1/tools" and answer.status_code == 200)
    assert len(answer.content) < 10**5 and has_run(live) == []
    assert time.monotonic() - began < BOUND_S / 2


PIECES = [
    b"GET ",
    b"POST ",
    b"/health",
    b"/sessions",
    b" HTTP/1.1",
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    HOST,
]
PIECES += [b"Content-Length: ", b"5", b"0", CHUNKED, LAST, b"ffff\r\n", b": ", b" ", b"\0", b"\xff"]
PIECES += [
    b"Expect: 100-continue\r\n",
    b"Connection: close\r\n",
    b"Upgrade: h2c\r\n",
    b"%00",
    b"?a=b",
]
REQUESTS = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=25).map(b"".join)


@settings(max_examples=examples(150), suppress_health_check=list(HealthCheck))
@given(data=REQUESTS, seed=st.integers(0, 999))
def test_any_bytes_leave_the_server_well(live: LiveServer, data: bytes, seed: int) -> None:
    chance = random.Random(seed)
    place = chance.randrange(len(SMUGGLED))
    # Now bytes of any kind, now a sound request with some of them in its middle.
    mutated = data if seed % 2 else SMUGGLED[:place].replace(b"42", b"41") + data
    answer = sent(live, mutated, gone=True)
    assert {int(status) // 100 for status in STATUS.findall(answer)} <= {
        1,
        2,
        4,
    } or b"501" in answer
    assert is_well(live)


def test_half_requests_are_let_go_and_delay_nobody(serve: Callable[..., LiveServer]) -> None:
    live = serve(connection_timeout=1, connection_limit=300)
    host, _, port = live.url.removeprefix("http://").partition(":")
    halves = [b"", b"GET", b"GET /health HTTP/1.1\r\nHost: lo", SMUGGLED[:-3], posted(CHUNKED)[:-9]]
    with ExitStack() as stack:
        held = []
        for number in range(200):
            connection = socket.create_connection((host, int(port)), BOUND_S)
            connection.sendall(halves[number % len(halves)][: 200 if number % 5 == 4 else None])
            held.append(stack.enter_context(connection))
        began = time.monotonic()
        assert is_well(live)
        assert time.monotonic() - began < BOUND_S / 2
        for connection in held:
            connection.settimeout(BOUND_S)
            while connection.recv(65_536):
                pass  # what there is comes, and then the end
        assert has_run(live) == []


def test_when_all_connections_are_taken_the_next_one_waits_its_turn(
    serve: Callable[..., LiveServer],
) -> None:
    live = serve(connection_timeout=1, connection_limit=20)
    host, _, port = live.url.removeprefix("http://").partition(":")
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(socket.create_connection((host, int(port)), BOUND_S))
        assert eventually(lambda: is_well(live))
