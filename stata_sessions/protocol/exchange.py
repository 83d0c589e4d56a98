"""One command on its way through the console: from the typed line to the proof of its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stata_sessions.protocol import outcome
from stata_sessions.protocol.events import Completed, Output
from stata_sessions.protocol.files import CommandFiles
from stata_sessions.protocol.frame import Frame
from stata_sessions.protocol.head import Head
from stata_sessions.protocol.hold import Hold
from stata_sessions.protocol.left_open import LeftOpen
from stata_sessions.protocol.probes import Answer, Probes
from stata_sessions.protocol.tails import late_code

# What is remembered of shown text, to recognise a prompt that was shown already, even if somebody
# in the background has printed behind it for a second.
RECENT = 16384
# Text behind a break that still may be our own exchange with the console.
SEALED_LIMIT = 65536


@dataclass(frozen=True, slots=True)
class Ending:
    """How an exchange ended: with what result, how to go on, and what came behind it."""

    result: Completed
    rest: str
    expected: str | None


class Exchange:
    """The text of one command, sorted into the user's output and our own rows.

    ``mark`` is None for the user's code. Otherwise the code is known: it prints just that mark, or
    if the mark is empty fails once; nothing is shown then, and ``frame`` learns from it.
    """

    def __init__(
        self, files: CommandFiles, mark: str | None, frame: Frame, probes: Probes, *, echo: bool
    ) -> None:
        self.files = files
        self.mark = mark
        self.frame = frame
        self.left_open = LeftOpen()
        self.broke = False
        self.user_typed = False
        self.ending: Ending | None = None
        self.must_retype = False
        self._probes = probes
        self._echo_expected = echo
        self._buffer = self._recent = ""
        self._sealed: str | None = None
        self._swallowed = False
        self._hold = Hold((files.sentinel,), frame.own_rows)
        self.begin()
        self._retyped = False

    def begin(self) -> None:
        """Expect the echo of the line, which is about to be typed."""
        self.must_retype, self._retyped = False, True
        self.in_head = True
        self._buffer = ""
        self._head = Head(
            self.files.line,
            self.files.inner_line,
            tuple(self._probes.stale),
            redraws=self.frame.echoes,
            expected=self._echo_expected,
        )

    # What it looks like now.

    @property
    def tail(self) -> str:
        """The end of all that was printed, shown or not."""
        return self._recent + (self._sealed or "") + self._buffer

    @property
    def waits_for_echo(self) -> bool:
        """Whether something came that is neither all echo nor surely output."""
        return self.in_head and bool(self._buffer[self._head.end :].strip("\n"))

    @property
    def line_unheard(self) -> bool:
        """Whether nothing at all came, although this console echoes."""
        return self.in_head and not self._buffer and self._echo_expected and not self._retyped

    @property
    def echo_seen(self) -> bool:
        """Whether the wrapper's own line was echoed, so that the console is known to echo files."""
        return self._head.inner_seen

    @property
    def late_code(self) -> int:
        """The return code that the code seems to have ended with, wherever the prompt may be."""
        return 0 if self.in_head else late_code(self.tail[-RECENT:], self.files.code)

    @property
    def sentinel_swallowed(self) -> bool:
        """Whether our last line was echoed but not obeyed: a block or Mata has taken it."""
        return self.files.sentinel.first in self._recent + self._buffer

    # What comes in.

    def receive(self, text: str) -> Iterator[Output]:
        """Take clean text; yield what of it is the user's output."""
        self._buffer += text
        if self.in_head:
            yield from self._receive_head()
        if not self.in_head:
            yield from self._advance()

    def _receive_head(self) -> Iterator[Output]:
        if self._head.strip(self._buffer) is not None:
            self._leave_head(at_once=False)
        if self.in_head and self.files.sentinel.find(self._buffer):
            self._leave_head(at_once=True)
        if self._head.before:
            yield from self._output(self._head.before)
            self._head.before = ""

    def leave_head(self) -> Iterator[Output]:
        """Wait for no more echo: the console is silent."""
        self._leave_head(at_once=True)
        yield from self._advance()

    def flush(self) -> str:
        """Return what was held back; nothing more will come."""
        if self.in_head:
            if self._head.is_unfinished(self._buffer):
                return ""
            self._leave_head(at_once=True)
        text, self._buffer = (self._sealed or "") + self._buffer, ""
        return text

    def _leave_head(self, *, at_once: bool) -> None:
        text: str | None = self._buffer[self._head.end :]
        if self.mark is None:
            text = self._without_opening(self._buffer[self._head.end :])
        if text is not None or at_once:
            self._buffer = text or ""
            self.in_head = False

    def _without_opening(self, text: str) -> str | None:
        if self._head.inner_seen or not self.frame.echoes:
            return self.frame.without_opening(text)
        # The console echoes files, but not now (set output error): this is the key Enter.
        return text.removeprefix("\n")

    def drop_last_row(self) -> None:
        """Take back the row that asks for a key, as it is no output."""
        self._buffer = self._buffer[: self._buffer.rfind("\n") + 1]

    def expect_probes(self, *, final: bool) -> None:
        """Note that a sentinel is typed. With ``final``, all that follows is ours."""
        self._hold = Hold((self.files.sentinel, *self._probes.open), self.frame.own_rows)
        if final and self._sealed is None:
            self._sealed, self._buffer = self._buffer, ""

    def _advance(self) -> Iterator[Output]:
        if self._swallowed:
            self._buffer = self._without_swallowed(self._buffer)
        found = self.files.sentinel.find(self._buffer)
        if found and self._sealed is None:
            if found[1] < len(self._buffer):
                yield from self._succeed(*found)
            return
        answer = self._probes.answer(self._buffer)
        if answer:
            yield from self._fail(answer)
        elif self._sealed is None:
            yield from self._show(self._shown_end())
        elif len(self._buffer) > SEALED_LIMIT:
            # So much text is no echo of ours: that was not the final prompt.
            self._buffer, self._sealed = self._sealed + self._buffer, None

    def _shown_end(self) -> int:
        """Return where the text ends that may be shown."""
        fresh = self._recent[-1:] in ("", "\n")
        end = self._hold.start(self._buffer, fresh=fresh)
        if self.user_typed or self.files.sentinel.first not in self._buffer:
            return end
        # Our line was echoed, but not obeyed: what follows may be all that it caused.
        ours = self.files.sentinel.echo_start(self._buffer)
        return end if ours < 0 or len(self._buffer) - ours > SEALED_LIMIT else min(end, ours)

    def take_over(self) -> None:
        """Note that the user types: what a block has swallowed is no mark of the end any more."""
        if self.sentinel_swallowed:
            self._swallowed = True
        self.user_typed = True

    def _without_swallowed(self, text: str) -> str:
        token, echo = self.files.sentinel.token, self.files.sentinel.echo
        return echo.sub("", text.replace(f"{token}\n", ""))

    def _show(self, end: int) -> Iterator[Output]:
        if end and self.mark is None:
            text, self._buffer = self._buffer[:end], self._buffer[end:]
            self._recent = (self._recent + text)[-RECENT:]
            yield from self._output(text)

    def _output(self, text: str) -> Iterator[Output]:
        text = self._probes.without_echoes(text)
        if text and self.mark is None:
            yield Output(text)

    # How it ends.

    def _succeed(self, start: int, end: int) -> Iterator[Output]:
        """The wrapper's token came: return code 0, beyond doubt."""
        before, echoed = outcome.without_last_echo(self._buffer[:start], self.files.sentinel)
        if self.mark:
            self.frame = self.frame.learned_ending(before, self.mark, echoed=echoed)
        yield from self._output(self._last_rows(self.frame.without_ending(before)))
        result = Completed(self.left_open.return_code(0), note=self.left_open.note)
        self._end(result, end, self.frame.closing)

    def _fail(self, answer: Answer) -> Iterator[Output]:
        """A typed sentinel was answered: the code has ended, by an error, a break or an exit."""
        text = self._sealed
        if text is None:
            text = outcome.before_probes(self._buffer, answer)
        if self._was_lost(text):
            self.must_retype = True
            return
        output, found = outcome.failed(text, self.files.sentinel, self.frame)
        if not (found or self.left_open or self.sentinel_swallowed):
            found = late_code(self._recent + text, self.files.code)
        if self.mark == "":
            self.frame = self.frame.learned_error(text)
        yield from self._output(self._last_rows(output))
        return_code = found or 1 if self.broke else self.left_open.return_code(found)
        result = Completed(return_code, self.broke and return_code == 1, self.left_open.note)
        self._end(result, answer.end, self.frame.reply)

    def _last_rows(self, text: str) -> str:
        """Return the last of the output, with its last row ended."""
        return text if (self._recent + text)[-1:] in ("", "\n") else text + "\n"

    def _end(self, result: Completed, end: int, expected: str | None) -> None:
        self.ending = Ending(result, self._buffer[end:].removeprefix("\n"), expected)

    def _was_lost(self, text: str) -> bool:
        """Say whether the console never ran our line, so that it can be typed once more."""
        if self._retyped or self.broke or self.left_open or not self._echo_expected:
            return False
        if self._head.inner_seen or self._recent:
            return False
        name = self.files.wrapper_path.rpartition("/")[2]
        return not text.strip(". \n") or (name in text and not self._head.typed_seen)
