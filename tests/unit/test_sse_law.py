"""Whatever is sent as an event, a client reads back, and nothing else."""

from __future__ import annotations

import io
import json
import re
from http.client import HTTPResponse
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.client.stream import ServerEvent, events
from stata_sessions.sse import HEARTBEAT, event
from stata_sessions.web.lines import line

NAMES = st.sampled_from(["", "end", "output", "session"])
IDS = st.none() | st.integers(0, 2**63)
# Text as consoles print it; surrogates cannot leave a server, which sends UTF-8.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ROWS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"))


def read(stream: str) -> list[ServerEvent]:
    """Read a stream as our client does, up to its end."""
    found = []
    response = cast(HTTPResponse, io.BytesIO(stream.encode()))
    with pytest.raises(ConnectionError, match="ended early"):
        for each in events(response):
            found.append(each)
    return found


def by_the_standard(stream: bytes) -> list[ServerEvent]:
    """Read a stream as the standard has browsers do: three line ends, one blank, last id stays."""
    found, last_id, name, data = [], "", "", ""
    for row in re.split("\r\n|\n|\r", stream.decode("utf-8-sig")):
        field, _, value = row.partition(":")
        value = value.removeprefix(" ")
        if not row:
            if data:
                found.append(ServerEvent(name, last_id, data.removesuffix("\n")))
            name = data = ""
        elif field == "data":
            data += value + "\n"
        elif field == "event":
            name = value
        elif field == "id" and "\0" not in value:
            last_id = value
        else:
            assert field == "", f"a forged field: {row!r}"
    return found


# Everything that ends a line somewhere, and what begins a field.
FORGERIES = st.sampled_from(
    ["\r", "\n", "\r\n", "\n\r", "\0", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\ufeff", ":"]
    + ["data: x", "id: 9", "event: end", "retry: 1", " ", "\n\n", "\r\r"]
)
ANYTHING = st.lists(TEXTS | FORGERIES, max_size=8).map("".join)


@given(st.lists(st.tuples(ANYTHING, st.integers(0, 2**63), NAMES), max_size=6))
def test_any_text_is_one_event_by_the_standard(sent: list[tuple[str, int, str]]) -> None:
    stream = "".join(event(text, id=id, name=name) + HEARTBEAT for text, id, name in sent)
    assert by_the_standard(stream.encode()) == [
        ServerEvent(name, str(id), text.replace("\r\n", "\n").replace("\r", "\n"))
        for text, id, name in sent
    ]


@given(ANYTHING)
def test_a_line_for_older_clients_is_one_event_by_the_standard(text: str) -> None:
    [found] = by_the_standard(line(text).encode())
    assert (found.name, found.id) == ("", "")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert found.data.replace("\\\\", "\\") == plain


@given(st.lists(st.tuples(TEXTS, IDS, NAMES), max_size=8), st.booleans())
def test_what_is_sent_is_read_back(
    sent: list[tuple[str, int | None, str]], with_heartbeats: bool
) -> None:
    beat = HEARTBEAT if with_heartbeats else ""
    datas = [json.dumps({"text": text}) for text, _, _ in sent]
    stream = "".join(
        event(data, id=id, name=name) + beat
        for data, (_, id, name) in zip(datas, sent, strict=True)
    )
    assert read(stream) == [
        ServerEvent(name, "" if id is None else str(id), data)
        for data, (_, id, name) in zip(datas, sent, strict=True)
    ]


@given(st.lists(ROWS, min_size=1, max_size=6), IDS, NAMES)
def test_data_of_many_rows_forges_no_field(rows: list[str], id: int | None, name: str) -> None:
    data = "\n".join(rows)
    assert read(event(data, id=id, name=name)) == [
        ServerEvent(name, "" if id is None else str(id), data)
    ]
