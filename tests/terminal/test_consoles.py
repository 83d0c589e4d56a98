"""The consoles for tests do what their table of vices says, over a real terminal."""

import re
import socket
from pathlib import Path

import pytest

from tests.consoles.exchanges import EXCHANGES, Exchange
from tests.consoles.families import BENIGN, BREAKING, DEADLY, LEAVING
from tests.consoles.screen import Screen
from tests.consoles.typist import Typist
from tests.consoles.vices import VICES, NoSuchVice, Vices, chosen_vices

pytestmark = pytest.mark.timeout(60)

DONE = 'display "D" "ONE"'


def _play(exchange: Exchange, folder: Path, typist: Typist, ending: str) -> str:
    for name, text in exchange.files:
        (folder / name).write_text(text.replace("{d}", str(folder)))
    typist.until(r"\. ")
    typist.type(*(line.replace("{d}", str(folder)) for line in exchange.typed), DONE)
    typist.shows(ending)
    return typist.text


@pytest.mark.parametrize("exchange", EXCHANGES, ids=str)
def test_vice_shows(exchange: Exchange, tmp_path: Path) -> None:
    with Typist(exchange.vices) as typist:
        _play(exchange, tmp_path, typist, exchange.shows)


@pytest.mark.parametrize("exchange", EXCHANGES, ids=str)
def test_without_vice_does_not_show(exchange: Exchange, tmp_path: Path) -> None:
    with Typist() as typist:
        text = _play(exchange, tmp_path, typist, r"\nDONE\r\n(r;.*\r\n)?\r\n\. $")
    assert not re.search(exchange.shows, text)


@pytest.mark.parametrize(
    ("vices", "writes"),
    [
        ("one-byte", [b"a", b"\xc3", b"\xa9", b"\n"]),
        ("cut-utf8", [b"a\xc3", b"\xa9\n"]),
        ("", None),
    ],
)
def test_writes_are_cut(vices: str, writes: list[bytes] | None) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        Screen(theirs.fileno(), Vices(vices.split(","))).put("aé\n")
        theirs.close()
        ours.setblocking(False)
        assert [ours.recv(99) for _ in writes or [b""]] == (writes or ["aé\n".encode()])


def test_families_name_known_vices_once() -> None:
    for family in (BENIGN, BREAKING, DEADLY, LEAVING):
        assert len({member.name for member in family}) == len(family)
        for member in family:
            Vices(member.vices.split(","))


def test_every_vice_is_shown() -> None:
    tests = Path(__file__).parent.glob("test_consoles*.py")
    shown = " ".join([*(test.read_text() for test in tests), *map(str, EXCHANGES)])
    shown += " ".join(deadly.vices for deadly in DEADLY)
    assert [vice for vice in VICES if vice not in shown] == []


def test_vices_come_from_the_environment_and_the_command_line() -> None:
    arguments = ["-q", "--vice", "codes=2,banner", "--vice=keypad=xterm", "display"]
    vices, rest = chosen_vices("codes=1,echo=tty", arguments)
    assert [vices.text(name, "?", "bare") for name in ("codes", "echo", "banner", "keypad")] == [
        "2",
        "tty",
        "bare",
        "xterm",
    ]
    assert "paste" not in vices
    assert rest == ["-q", "display"]


def test_unknown_vice_is_refused() -> None:
    with pytest.raises(NoSuchVice):
        Vices(["echoe=none"])
