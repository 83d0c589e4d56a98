"""JSON-RPC messages in and out: whatever the bytes, only our own refusal is raised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.mcp import messages
from stata_sessions.mcp.messages import Call, Notice, Refused
from stata_sessions.sessions import Manager
from stata_sessions.web.app import create_app
from tests.doors import ENVIRON, light_settings

MODERN = messages.MODERN_VERSIONS[0]
META = {messages.VERSION_KEY: MODERN, messages.CAPABILITIES_KEY: {}}
HEADERS = {
    messages.VERSION_HEADER: MODERN,
    messages.METHOD_HEADER: "tools/call",
    messages.NAME_HEADER: "stata_data",
}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
# What some reader of numbers or of text trips over.
LEAVES |= st.sampled_from(
    [10**400, -(10**400), 2**63, 1e308, -0.0, "\ud800", "\0", "\r\n", "\u2028"]
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
METHODS = st.sampled_from(["initialize", "tools/call", "notifications/cancelled"]) | VALUES
PARAMS = st.fixed_dictionaries(
    {},
    optional={
        "_meta": VALUES | st.just(META),
        "name": VALUES | st.just("stata_session"),
        "arguments": VALUES,
        "requestId": VALUES,
    },
)
# Near misses: the right keys with any values.
OBJECTS = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0")},
    optional={"id": VALUES, "method": METHODS, "params": PARAMS | VALUES, "result": VALUES},
)
BODIES = st.binary() | (VALUES | OBJECTS).map(lambda value: json.dumps(value).encode())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of the endpoint over sessions that nobody starts."""
    settings = light_settings(tmp_path_factory.mktemp("fuzz"))
    manager = Manager(settings, ENVIRON)
    yield create_app(settings, manager).test_client()
    manager.shutdown()


def body(**changes: Any) -> bytes:
    message = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "stata_data"}}
    return json.dumps(message | changes).encode()


def modern(**params: Any) -> Call:
    parsed = messages.parse(body(params={"name": "stata_data", "_meta": META, **params}))
    assert isinstance(parsed, Call) and parsed.is_modern
    return parsed


def refused(given: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        messages.parse(given)
    return caught.value


@given(BODIES, st.sampled_from(["", MODERN, "2025-06-18", "nonsense"]), st.text())
def test_any_bytes_are_a_message_or_refused(raw: bytes, version: str, header: str) -> None:
    try:
        parsed = messages.parse(raw, version)
        if isinstance(parsed, Call):
            assert messages.is_id(parsed.id)
            messages.check_headers(parsed, lambda name: header)
    except Refused as error:
        assert json.loads(messages.encoded(messages.error(error)))["error"]["code"] == error.code
    else:
        assert parsed is None or isinstance(parsed.params, dict)


@given(BODIES, st.sampled_from(["", MODERN, "nonsense"]))
def test_any_bytes_get_an_answer_of_the_protocol(
    client: FlaskClient, raw: bytes, version: str
) -> None:
    answer = client.post("/mcp", data=raw, headers={messages.VERSION_HEADER: version})
    assert answer.status_code in (200, 202, 400, 404)
    assert answer.status_code == 202 or answer.get_json()["jsonrpc"] == "2.0"


@given(VALUES, st.sampled_from(["stata_session", "stata_run_selection", "stata_data", "nothing"]))
def test_any_arguments_of_a_tool_get_an_answer_of_the_protocol(
    client: FlaskClient, arguments: object, name: str
) -> None:
    # With a session that is not there, so that whatever would run does not.
    given = {"session_id": "nobody"} | arguments if isinstance(arguments, dict) else arguments
    raw = body(params={"name": name, "arguments": given})
    answer = client.post("/mcp", data=raw)
    assert answer.status_code in (200, 400)
    # Whoever takes longer than a moment answers by an event.
    told = answer.get_json(silent=True) or json.loads(answer.text.rpartition("data: ")[2])
    assert told["jsonrpc"] == "2.0" and ("error" in told or told["result"]["isError"])


@pytest.mark.parametrize("depth", [100, 1_000_000])
def test_a_deep_body_is_refused_or_read(depth: int) -> None:
    raw = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + b"[" * depth + b"]" * depth
    if depth == 100:
        assert isinstance(messages.parse(raw + b"}}"), Call)
    else:
        assert refused(raw + b"}}").code == messages.PARSE_ERROR


def test_a_call_and_a_notice_are_told_apart() -> None:
    assert messages.parse(body()) == Call(7, "tools/call", {"name": "stata_data"}, False)
    notice = b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}}'
    parsed = messages.parse(notice)
    assert isinstance(parsed, Notice) and parsed.cancelled == "a"
    assert messages.parse(b'{"jsonrpc":"2.0","id":1,"result":{}}') is None


@pytest.mark.parametrize(
    ("raw", "code", "id"),
    [
        (b"{", messages.PARSE_ERROR, None),
        (b"\xff\xfe", messages.PARSE_ERROR, None),
        (body(params={"a": float("nan")}), messages.PARSE_ERROR, None),
        (b"[" + body() + b"]", messages.INVALID_REQUEST, None),
        (body(jsonrpc="1.0"), messages.INVALID_REQUEST, None),
        (body(method=None), messages.INVALID_REQUEST, 7),
        (body(id=None), messages.INVALID_REQUEST, None),
        (body(id=True), messages.INVALID_REQUEST, None),
        (body(id="x" * 257), messages.INVALID_REQUEST, None),
        (body(params=[1]), messages.INVALID_PARAMS, 7),
    ],
)
def test_what_is_no_message_is_refused(raw: bytes, code: int, id: int | None) -> None:
    error = refused(raw)
    assert (error.code, error.id) == (code, id)


@pytest.mark.parametrize("header", [messages.VERSION_HEADER, messages.METHOD_HEADER])
def test_headers_must_say_what_the_body_says(header: str) -> None:
    messages.check_headers(modern(), HEADERS.get)
    with pytest.raises(Refused) as caught:
        messages.check_headers(modern(), {**HEADERS, header: "other"}.get)
    assert (caught.value.code, caught.value.id) == (messages.HEADER_MISMATCH, 7)


def test_the_name_header_is_needed_for_a_tool() -> None:
    headers = {name: text for name, text in HEADERS.items() if name != messages.NAME_HEADER}
    with pytest.raises(Refused) as caught:
        messages.check_headers(modern(), headers.get)
    assert caught.value.code == messages.HEADER_MISMATCH


def test_an_unknown_version_names_the_known_ones() -> None:
    call = modern(_meta=META | {messages.VERSION_KEY: "2031-01-01"})
    with pytest.raises(Refused) as caught:
        messages.check_headers(call, {**HEADERS, messages.VERSION_HEADER: "2031-01-01"}.get)
    assert caught.value.code == messages.UNSUPPORTED_VERSION
    assert caught.value.data is not None and MODERN in caught.value.data["supported"]


def test_capabilities_are_needed_with_every_request() -> None:
    with pytest.raises(Refused) as caught:
        messages.check_headers(modern(_meta={messages.VERSION_KEY: MODERN}), HEADERS.get)
    assert caught.value.code == messages.INVALID_PARAMS


@pytest.mark.parametrize("asked", [*messages.HANDSHAKE_VERSIONS, "2031-01-01", None, 5, []])
def test_the_handshake_grants_a_version_it_knows(asked: object) -> None:
    call = messages.parse(body(method="initialize", params={"protocolVersion": asked}))
    assert isinstance(call, Call)
    known = asked in messages.HANDSHAKE_VERSIONS
    wanted = asked if known else messages.HANDSHAKE_VERSIONS[0]
    assert messages.initialized(call)["protocolVersion"] == wanted


def test_results_say_more_since_the_modern_era() -> None:
    call = messages.parse(body())
    assert isinstance(call, Call)
    assert messages.result(call, {"a": 1})["result"] == {"a": 1}
    found = messages.result(modern(), {"a": 1, "_meta": {"b": 2}})["result"]
    assert (found["resultType"], found["a"], found["_meta"]["b"]) == ("complete", 1, 2)
    assert found["_meta"][messages.SERVER_KEY]["name"] == "stata-sessions"


@given(st.text())
def test_a_header_carries_any_text(text: str) -> None:
    carried = messages.as_header(text)
    assert carried.isascii() and carried == carried.strip()
    assert messages.header_text(carried) == text


@pytest.mark.parametrize("broken", ["=?base64?%%%?=", "=?base64?/w==?="])
def test_a_broken_header_says_nothing(broken: str) -> None:
    assert messages.header_text(broken) is None
