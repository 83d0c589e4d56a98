"""How a console elsewhere says hello, and where it is looked for."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.consoles.handshake import PREAMBLE_LIMIT, Greeting, Handshake
from stata_sessions.launchers.finding import looked_for, programs_elsewhere

BEFORE = b"srun: job 66 queued and waiting for resources\r\nmotd \xc3\xbc\r\n"
HELLO = b"\x1e66 n1 4711\r\n"
AFTER = b"\r\n. \x1e1 n9 1\r\n"


def told(handshake: Handshake, pieces: list[bytes]) -> bytes:
    return b"".join(handshake.receive(each) for each in pieces)


@given(st.lists(st.integers(0, len(BEFORE + HELLO + AFTER)), max_size=8))
def test_however_it_is_cut_the_console_begins_after_the_hello(cuts: list[int]) -> None:
    said = BEFORE + HELLO + AFTER
    edges = [0, *sorted(cuts), len(said)]
    handshake = Handshake(Path("/nowhere"))
    pieces = [said[a:b] for a, b in zip(edges, edges[1:], strict=False)]
    assert told(handshake, pieces) == AFTER
    assert handshake.greeting == Greeting("66", "n1", 4711)
    assert handshake.preamble == BEFORE.decode().replace("\r", "")


def test_a_preamble_without_end_is_kept_in_bounds() -> None:
    handshake = Handshake(Path("/nowhere"))
    assert told(handshake, [b"x" * 10_000] * 20) == b""
    assert len(handshake.preamble) == PREAMBLE_LIMIT
    assert told(handshake, [HELLO]) == b"" and handshake.greeting


def test_where_stata_may_be_elsewhere() -> None:
    assert programs_elsewhere("/opt/x", "se") == ["/opt/x", "/opt/x/stata-se"]
    assert programs_elsewhere("my-stata", "") == ["my-stata"]
    usual = programs_elsewhere("", "")
    assert usual[:3] == ["stata-mp", "stata-se", "stata"]
    assert "/usr/local/stata[0-9][0-9]/stata-mp" in usual
    assert looked_for("", "") == (
        "stata-mp, stata-se, stata (in PATH, /usr/local/stata* and /opt/stata*)"
    )
