"""A licence for so many consoles at once, whoever starts them."""

import fcntl
import os

from tests.consoles.vices import Vices

ASKED = "asked"


def take_seat(vices: Vices) -> bool:
    """Take a seat until this process ends; False if none is free. Notes that it was asked."""
    folder = vices.text("licence-folder", "/nowhere")
    with open(os.path.join(folder, ASKED), "a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    return any(
        lock_seat(folder, number) is not None for number in range(vices.number("licence-seats", 1))
    )


def lock_seat(folder: str, number: int) -> int | None:
    """Return a descriptor that holds the seat until it is closed; None if somebody else does."""
    path = os.path.join(folder, f"seat-{number}")
    seat = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(seat)
        return None
    return seat
