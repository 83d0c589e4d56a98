"""The transcript keeps all output by offset, within its bounds of memory and disk."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.errors import OutputDiscarded
from stata_sessions.sessions import whole_characters
from stata_sessions.sessions.transcript import DISK_FULL_FACTOR, Transcript

MEMORY = 100


def _transcript(folder: Path, *, limit: int = 10**9) -> Transcript:
    return Transcript("one", folder / "spill", memory_bytes=MEMORY, limit_bytes=limit)


@given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=80), max_size=20))
def test_everything_is_kept_in_order(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    transcript = _transcript(tmp_path_factory.mktemp("t"))
    for text in texts:
        transcript.append(text)
    whole = "".join(texts).encode()
    assert transcript.end == len(whole)
    assert transcript.read(0, len(whole) + 1) == whole
    for offset in range(0, len(whole), 7):
        assert transcript.read(offset, 5) == whole[offset : offset + 5]
    transcript.close()


def test_memory_is_bounded_and_the_rest_is_private(tmp_path: Path) -> None:
    transcript = _transcript(tmp_path)
    for _ in range(50):
        transcript.append("x" * 30)
    (file, *_) = files = list((tmp_path / "spill").iterdir())
    spilled = sum(each.stat().st_size for each in files)
    assert spilled >= 50 * 30 - MEMORY
    assert (file.stat().st_mode & 0o777, (tmp_path / "spill").stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    assert transcript.read(0, 10**6) == b"x" * 1500
    transcript.close()
    assert not list((tmp_path / "spill").iterdir())
    assert transcript.oldest > 0
    assert transcript.read(transcript.oldest, 10**6)


def test_beyond_the_limit_the_oldest_goes(tmp_path: Path) -> None:
    transcript = _transcript(tmp_path, limit=1000)
    for number in range(500):
        transcript.append(f"{number:09}\n")
    assert 3900 <= transcript.oldest < transcript.end == 5000
    kept = transcript.read(transcript.oldest, 10**6)
    assert kept.endswith(b"000000499\n")
    assert len(kept) == transcript.end - transcript.oldest >= 900
    assert sum(each.stat().st_size for each in (tmp_path / "spill").iterdir()) <= 1500
    with pytest.raises(OutputDiscarded) as raised:
        transcript.read(0, 10)
    assert raised.value.facts["oldest"] == transcript.oldest
    transcript.close()


def test_a_folder_that_makes_way_for_a_file_takes_nothing_with_it(tmp_path: Path) -> None:
    transcript = _transcript(tmp_path, limit=1000)
    for _ in range(90):
        transcript.append("x" * 10)
    (tmp_path / "spill").rename(tmp_path / "elsewhere")
    (tmp_path / "spill").write_text("no folder")
    for _ in range(90):
        transcript.append("y" * 10)
    assert transcript.read(transcript.end - 20, 20) == b"y" * 20
    transcript.close()


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond a few bytes, which is how a full disk shows.

    The limit holds for the whole process, so nothing else may be written meanwhile.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_costs_only_the_oldest(tmp_path: Path) -> None:
    transcript = _transcript(tmp_path)
    with full_disk():
        for number in range(20):
            transcript.append(f"{number:09}\n")
    assert transcript.oldest == 0
    assert transcript.read(0, 1000) == b"".join(b"%09d\n" % number for number in range(20))
    with full_disk():
        for number in range(20, 20 * DISK_FULL_FACTOR):
            transcript.append(f"{number:09}\n")
    kept = transcript.read(transcript.oldest, 10**6)
    assert kept.endswith(b"%09d\n" % (20 * DISK_FULL_FACTOR - 1))
    assert 0 < len(kept) <= MEMORY * DISK_FULL_FACTOR + MEMORY
    assert transcript.end == 200 * DISK_FULL_FACTOR
    transcript.close()


def test_where_no_file_can_be_made_memory_has_to_do(tmp_path: Path) -> None:
    (tmp_path / "spill").write_text("a file where the folder should be")
    transcript = _transcript(tmp_path)
    transcript.append("x" * 3 * MEMORY)
    transcript.append("y")
    assert transcript.read(0, 10**6) == b"x" * 3 * MEMORY + b"y"
    transcript.close()


def test_readers_and_the_writer_do_not_disturb_each_other(tmp_path: Path) -> None:
    transcript = _transcript(tmp_path)
    wrong: list[bytes] = []

    def look() -> None:
        offset = 0
        while offset < 20_000:
            piece = transcript.read(offset, 333)
            expected = bytes(b"0123456789"[at % 10] for at in range(offset, offset + len(piece)))
            if piece != expected:
                wrong.append(piece)
                return
            offset += len(piece)

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(2000):
        transcript.append("0123456789")
    for reader in readers:
        reader.join(20)
    assert not any(reader.is_alive() for reader in readers)
    assert wrong == []
    transcript.close()


@given(text=st.text(st.characters(codec="utf-8"), max_size=20), cut=st.integers(0, 80))
def test_a_cut_never_halves_a_character(text: str, cut: int) -> None:
    data = text.encode()[:cut]
    shown, taken = whole_characters(data)
    assert shown == data[:taken].decode("utf-8")
    assert text.startswith(shown)
    assert len(data) - taken < 4


@given(text=st.text(st.characters(codec="utf-8"), max_size=20), start=st.integers(0, 80))
def test_pages_from_anywhere_come_to_the_end(text: str, start: int) -> None:
    data = text.encode()
    at = min(start, len(data))
    while at < len(data):
        _, taken = whole_characters(data[at : at + 4])
        assert taken
        at += taken


@pytest.mark.parametrize("data", [b"\xff\xfe\xfd\xfc\xfb", b"a\x80\x80\x80\x80b", b"\x82\xac\n"])
def test_bytes_that_are_no_text_do_not_stop_a_reader(data: bytes) -> None:
    shown, taken = whole_characters(data)
    assert taken == len(data)
    assert "\N{REPLACEMENT CHARACTER}" in shown
