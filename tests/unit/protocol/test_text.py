"""Terminal bytes become the same clean text, however they are cut."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.protocol.text import ESCAPE_LIMIT, TerminalText
from tests.unit.protocol.cuts import SIZES, in_sizes

PIECES = st.sampled_from(
    [
        b"a",
        b"row",
        b" ",
        b"   ",
        b"\r",
        b"\n",
        b"\r\n",
        b"\r\r\n",
        b"\0",
        b"\t",
        b"\a",
        b"\b",
        b"\x7f",
        b"--more--\r        \r",
        b"\x1b",
        b"\x1b[",
        b"\x1b[0;1m",
        b"\x1b[K",
        b"\x1b=",
        b"\x1b(B",
        b"\x1b]0;title\x07",
        b"\x1b]0;title\x1b\\",
        b"\x1b]0;open",
        b"m",
        b"\\",
        "é日🙂".encode(),
        b"\xc3",
        b"\xe6\x97",
        b"\xff",
        b"\xf0\x9f",
        b". ",
        b"> ",
    ]
)
STREAMS = st.lists(PIECES, max_size=40).map(b"".join)


def clean(data: bytes, sizes: list[int] | None = None) -> str:
    """Return the clean text of all bytes."""
    decoder = TerminalText()
    pieces = in_sizes(sizes)(data) if sizes else [data]
    return "".join(decoder.receive(piece) for piece in pieces) + decoder.flush()


@given(data=STREAMS | st.binary(max_size=60), sizes=SIZES)
def test_cuts_do_not_matter(data: bytes, sizes: list[int]) -> None:
    assert clean(data, sizes) == clean(data)


@given(data=STREAMS, sizes=SIZES)
def test_only_text_is_left(data: bytes, sizes: list[int]) -> None:
    text = clean(data, sizes)
    assert not [character for character in text if character < " " and character not in "\t\n"]
    assert "\x7f" not in text


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n")))
def test_plain_text_passes_whole(text: str) -> None:
    assert clean(text.replace("\n", "\r\n").encode()) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\r\nb", "a\nb"),
        (b"a\r\r\nb", "a\nb"),
        (b"a\nb", "a\nb"),
        (b"old\rnew", "old\nnew"),
        (b"rows\r\n--more--\r        \rmore rows", "rows\n--more--\nmore rows"),
        (b"\r. ", ". "),
        (b"a\r\n\r. ", "a\n. "),
        (b"a\0b\ac\bd\x7f", "abcd"),
        (b"a\tb", "a\tb"),
        (b"\x1b[1;33mcolour\x1b[0m", "colour"),
        (b"\x1b=\x1b[?1h\x1b(B\x1b[m. ", ". "),
        (b"\x1b]0;Stata\x07. ", ". "),
        (b"\x1b]0;Stata\x1b\\. ", ". "),
        (b"\x1b]0;never ended\r\nrow\r\n. ", "]0;never ended\nrow\n. "),
        ("é日🙂".encode(), "é日🙂"),
        (b"a\xffb", "a\N{REPLACEMENT CHARACTER}b"),
        (b"a\xc3", "a\N{REPLACEMENT CHARACTER}"),
        (b"end\x1b", "end"),
        (b"end\x1b[", "end"),
        (b"end\x1b[0;3", "end"),
        (b"end\r", "end\n"),
    ],
)
def test_what_a_terminal_understands_is_cleaned(data: bytes, text: str) -> None:
    assert clean(data) == text


def test_an_endless_escape_sequence_holds_nothing_back_for_ever() -> None:
    decoder = TerminalText()
    shown = decoder.receive(b"\x1b]0;" + b"t" * 10 * ESCAPE_LIMIT)
    assert len(shown) > 8 * ESCAPE_LIMIT


def test_an_unfinished_sequence_is_held_until_it_is_finished() -> None:
    decoder = TerminalText()
    assert [decoder.receive(piece) for piece in (b"a\x1b", b"[1", b"mb\r", b"\n")] == [
        "a",
        "",
        "b",
        "\n",
    ]


# One that is read again from each of its signs would take a minute.
AT_ONCE_S = 2.0


@pytest.mark.parametrize("ending", ["", "x", "\r\n", "\x1b[3"])
@pytest.mark.parametrize("unit", ["\r", " \r", "\x1b[6n", "\x1b]\x1b\\", "\x1b", "\r\x1b[K"])
def test_much_of_what_shows_nothing_is_read_in_linear_time(unit: str, ending: str) -> None:
    text, much = TerminalText(), (unit * 60_000 + ending).encode()
    began = time.process_time()
    for at in range(0, len(much), 4095):
        text.receive(much[at : at + 4095])
    text.receive(much)
    text.flush()
    assert time.process_time() - began < AT_ONCE_S
