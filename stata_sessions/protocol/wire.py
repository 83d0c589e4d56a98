"""The two directions of a terminal: clean text that comes in, keys that go out."""

from __future__ import annotations

from stata_sessions.protocol.text import TerminalText


class Wire:
    """What was printed, as text, and what has to be typed, as bytes."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._text = TerminalText(encoding)
        self._typed = bytearray()
        self._swallow_row_end = self._unturned = False
        self._page_end = ""

    @property
    def controls_behind_text(self) -> int:
        """How many control sequences came behind the last visible character, as colours do."""
        return self._text.trailing

    def decode(self, data: bytes) -> str:
        """Return what was printed."""
        text = self._text.receive(data)
        self._unturned &= not text.strip(" \n")
        if self._swallow_row_end and text:
            text, self._swallow_row_end = text.removeprefix("\n"), False
        return text

    def flush(self) -> str:
        """Return what was held back; nothing more will come."""
        return self._text.flush()

    def type(self, text: str) -> None:
        """Have ``text`` typed."""
        self._typed += text.encode("ascii" if text.isascii() else self._encoding)

    def turn_page(self, key: str) -> None:
        """Have a key typed that erases the row which asked for it, and the end of that row."""
        self._swallow_row_end = self._unturned = True
        self.type(key + self._page_end)

    def press_enter(self) -> bool:
        """Press Enter if a page was to be turned and was not, and from now on behind each key.

        A console that leaves its terminal as it was gets whole rows only. False if nothing waits.
        """
        if self._unturned:
            self._page_end = "\n"
            self.type("\n")
        waited, self._unturned = self._unturned, False
        return waited

    def take(self) -> bytes:
        """Return what has to be typed now, and forget it."""
        typed, self._typed = bytes(self._typed), bytearray()
        return typed
