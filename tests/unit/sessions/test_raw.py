"""The newest bytes of a console, within their bound."""

from __future__ import annotations

from stata_sessions.sessions.raw import RawBytes


def test_the_newest_bytes_are_kept() -> None:
    raw = RawBytes(30)
    for number in range(1000):
        raw.append(b"%03d" % number)
    assert bytes(raw).endswith(b"997998999")
    assert 30 <= len(bytes(raw)) <= 60


def test_with_a_limit_of_0_nothing_is_kept() -> None:
    raw = RawBytes(0)
    raw.append(b"something")
    assert bytes(raw) == b""
