"""The consoles for tests do what their table of vices says, over a real terminal."""

import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.consoles.exchanges import EXCHANGES, Exchange
from tests.consoles.families import BENIGN, BREAKING, DEADLY, Deadly
from tests.consoles.screen import Screen
from tests.consoles.typist import Typist
from tests.consoles.vices import VICES, NoSuchVice, Vices

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
