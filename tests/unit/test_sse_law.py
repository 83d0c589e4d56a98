"""Whatever is sent as an event, a client reads back, and nothing else."""

from __future__ import annotations

import io
import json
from http.client import HTTPResponse
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.client.stream import ServerEvent, events
from stata_sessions.sse import HEARTBEAT, event

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
