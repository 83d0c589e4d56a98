"""What the console reads: typed lines with its own echo and editing keys, and single keys."""

import os
import termios
import time
from collections.abc import Callable

from tests.consoles.interrupts import Interrupts
from tests.consoles.outcomes import TerminalGone
from tests.consoles.screen import Screen
from tests.consoles.vices import Vices

_LFLAG, _OFLAG = 3, 1
ERASE = frozenset({8, 127, 4})
FUNCTION_KEYS = {ord("1"): "help advice", ord("2"): "describe", ord("3"): "describe"}


class Keyboard:
    """The terminal's input side; modes, type-ahead, echo."""

    def __init__(self, handle: int, screen: Screen, interrupts: Interrupts, vices: Vices) -> None:
        self._handle = handle
        self._screen = screen
        self._interrupts = interrupts
        self._vices = vices
        self._ahead = bytearray()
        self._eat = 0
        self.echo = vices.text("echo", "stata")
        self._colour = vices.text("prompt-colour", "", "plain")
        self._cooked = termios.tcgetattr(handle)
        self.on_resize = screen.resized
        self.on_idle_break: Callable[[], None] = lambda: None
        interrupts.on_wait = self._poll

    def take(self, *, flush: bool = False) -> None:
        """Put the terminal in the console's own mode."""
        mode = [*self._cooked]
        local = mode[_LFLAG] | termios.ISIG
        if self.echo != "tty":
            local &= ~(termios.ICANON | termios.ECHO)
        if self.echo == "both":
            local |= termios.ECHO
        if self._interrupts.polled:
            local &= ~termios.ISIG
        # Linux drops queued input on an interrupt unless NOFLSH is set.
        flushing = "break-flush" in self._vices
        mode[_LFLAG] = local & ~termios.NOFLSH if flushing else local | termios.NOFLSH
        if "bare-newline" in self._vices:
            mode[_OFLAG] &= ~termios.ONLCR
        when = termios.TCSAFLUSH if flush else termios.TCSADRAIN
        termios.tcsetattr(self._handle, when, mode)

    def release(self) -> None:
        """Give the terminal back as it was found."""
        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._cooked)

    def _fill(self, seconds: float | None) -> bool:
        ready = self._interrupts.ready([self._handle], seconds)
        if self._handle not in ready:
            return False
        try:
            data = os.read(self._handle, 4096)
        except OSError as error:
            raise TerminalGone from error
        if not data:
            raise TerminalGone
        self._ahead += data
        return True

    def _poll(self) -> None:
        """Find control-C among typed bytes, where it is no signal."""
        if self._interrupts.polled:
            while self._fill(0):
                pass
            if 3 in self._ahead:
                del self._ahead[: self._ahead.rindex(3) + 1]
                self._interrupts.ask()

    def broke(self) -> None:
        """Do to typed input what a break does to it."""
        if "break-flush" in self._vices:
            termios.tcflush(self._handle, termios.TCIFLUSH)
            self._ahead.clear()
        self._eat = self._vices.number("break-eats", 0, 2)

    def next_byte(self, seconds: float | None = None) -> int | None:
        """Return one typed byte, or None after ``seconds`` or at a signal."""
        if not self._ahead and not self._fill(seconds):
            self._interrupts.drain()
            return None
        byte = self._ahead[0]
        del self._ahead[0]
        if self._eat:
            self._eat -= 1
            return None
        return byte

    def read_line(self, prompt: str) -> str:
        """Show a prompt and return what was typed, echoing as the vices say."""
        self.take(flush="prompt-flush" in self._vices)
        if "prompt-flush" in self._vices:
            self._ahead.clear()
        self._show_prompt(prompt)
        self._interrupts.wait(self._vices.seconds("drain-delay", 100), breakable=False)
        line = bytearray()
        limit = self._vices.number("type-limit", 1 << 30, 255)
        while (byte := self._typed_byte()) not in (10, 13):
            if len(line) < limit:
                self._edit(byte, line, prompt)
        self._end_row()
        return line.decode("utf-8", "surrogateescape")

    def _show_prompt(self, prompt: str) -> None:
        if "title" in self._vices:
            self._screen.put("\x1b]0;Stata\a")
        if "paste" in self._vices:
            self._screen.put("\x1b[?2004h")
        if "prompt-redraw" in self._vices:
            self._screen.put(prompt + "\r")
        end = {"": "", "sgr0": "\x1b(B\x1b[m"}.get(self._colour, "\x1b[0m")
        self._screen.put(f"\x1b[1m\x1b[32m{prompt}{end}" if end else prompt)

    def _end_row(self) -> None:
        if "echo-space" in self._vices:
            self._screen.put(" ")
        if "paste" in self._vices:
            self._screen.put("\x1b[?2004l\r")
        if "cooked" in self._vices:
            self.release()
        if self.echo in ("tty", "both", "mute"):
            self._screen.column = 0
        else:
            self._screen.put("\n")

    def _typed_byte(self) -> int:
        while True:
            byte = self.next_byte()
            pressed = byte == 3 and self._interrupts.polled
            if self._interrupts.asked or pressed:
                self._interrupts.forget()
                self.on_idle_break()
            if byte is not None and not pressed:
                return byte

    def _edit(self, byte: int, line: bytearray, prompt: str) -> None:
        if self.echo == "tty" or byte >= 32 and byte != 127:
            line.append(byte)
            self._stall(line)
            self._echo(byte, line, prompt)
        elif byte in (21, 27):
            self._erase(line, len(line))
        elif byte in ERASE:
            self._erase(line, min(len(line), 1))
        elif byte == 9 and "tab-completes" in self._vices:
            self._ahead[:0] = b"price"
        elif byte == 6 and (key := self._typed_byte()) in FUNCTION_KEYS:
            line += FUNCTION_KEYS[key].encode()
            self._ahead[:0] = b"\n"
        else:
            self._screen.put("\a")

    def _erase(self, line: bytearray, count: int) -> None:
        del line[len(line) - count :]
        if self.echo not in ("none", "mute"):
            self._screen.put("\b \b" * count)

    def _stall(self, line: bytearray) -> None:
        if len(line) == self._vices.number("type-stall", 0, 64):
            self._interrupts.wait(0.5, breakable=False)

    def _echo(self, byte: int, line: bytearray, prompt: str) -> None:
        if self.echo == "redraw":
            text = line.decode("utf-8", "replace")
            self._screen.put(f"\r\x1b[K{prompt}{text}\x1b[{len(prompt) + len(text) + 1}G")
        elif self.echo == "stata" or self.echo == "both":
            width = self._vices.number("echo-width", self._screen.width() - 1, 79)
            if self._screen.column >= width:
                self._screen.put("\n> ")
            self._screen.put(bytes([byte]).decode("utf-8", "surrogateescape"))

    def read_key(self) -> int:
        """Return one key, for `--more--`; 3 stands for a control-C that counts."""
        mode = termios.tcgetattr(self._handle)
        by_row = "more-row" in self._vices
        flags = mode[_LFLAG] | termios.ICANON if by_row else mode[_LFLAG] & ~termios.ICANON
        termios.tcsetattr(
            self._handle, termios.TCSADRAIN, [*mode[:_LFLAG], flags, *mode[_LFLAG + 1 :]]
        )
        try:
            key = self._wait_for_key()
            while by_row and key not in (10, 13) and self._wait_for_key() not in (10, 13):
                pass
            return key
        finally:
            termios.tcsetattr(self._handle, termios.TCSADRAIN, mode)

    def _wait_for_key(self) -> int:
        until = time.monotonic() + 3600
        while time.monotonic() < until:
            byte = self.next_byte()
            if byte is not None and byte != 3:
                return byte
            if self._interrupts.asked or byte == 3:
                self._interrupts.forget()
                if "more-breaks" in self._vices:
                    return 3
        raise TerminalGone
