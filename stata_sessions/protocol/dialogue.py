"""The state machine that frames commands on a console's terminal.

Bytes go in and events come out; what has to be typed is fetched with ``take()``. There is no clock
in here: ``patience`` says after how long a silence ``receive_quiet()`` wants to be called, and the
owner of the console keeps the time. ``docs/protocol.rst`` tells the story.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stata_sessions.protocol.events import Awaiting, Completed, Event, Output, Ready
from stata_sessions.protocol.files import CommandFiles
from stata_sessions.protocol.frame import Frame
from stata_sessions.protocol.head import Head
from stata_sessions.protocol.hold import Hold
from stata_sessions.protocol.patience import ECHO, Patience
from stata_sessions.protocol.sentinel import Sentinel, TokenSource
from stata_sessions.protocol.tails import (
    AT_PROMPT,
    CLOSERS,
    HINTS,
    LEFT_OPEN,
    PROMPT,
    Tail,
    classify,
    hidden_code,
)
from stata_sessions.protocol.text import TerminalText

# What is remembered of shown text, to recognise a prompt that was shown already.
RECENT = 1024
# Start-up text that is kept to explain a failed start.
STARTUP_LIMIT = 65536
# Sentinels typed for one command at most; a console that answers none of them is left to the
# time limits of its owner.
PROBES_LIMIT = 8
# Stata's own code for a file that ends within a block.
UNEXPECTED_END = 612

# How every line that prints a sentinel begins.
_LINE_BEGINNING = 'display as error "@'


class Phase(StrEnum):
    """Where the dialogue stands."""

    STARTING = "starting"
    READY = "ready"
    HEAD = "head"
    BODY = "body"
    CLOSING = "closing"


class Dialogue:
    """One console's side of the conversation, from its first byte to its last."""

    def __init__(self, new_token: TokenSource, *, encoding: str = "utf-8") -> None:
        self.phase = Phase.STARTING
        self.frame = Frame()
        self._new_token = new_token
        self._terminal_text = TerminalText(encoding)
        self._patience = Patience()
        self._typed = bytearray()
        self._buffer = ""
        self._recent = ""
        self._files: CommandFiles | None = None
        self._mark: str | None = None
        self._head = Head("", "")
        self._probes: list[Sentinel] = []
        self._stale: deque[str] = deque(maxlen=2 * PROBES_LIMIT)
        self._echo_expected = False
        self._begin_command()

    def _begin_command(self) -> None:
        self._result: Completed | None = None
        self._sealed: str | None = None
        self._swallow_row_end = False
        self._broke = self._must_probe = self._retyped = False
        self._unanswered = 0
        self.user_is_typing = False
        self._forced: Tail | None = None
        self._closers: list[str] = []
        self._expected: str | None = None
        self._hold = Hold(())

    # What the owner asks and does.

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which ``receive_quiet`` has something to do; None: never."""
        return self._patience.seconds

    @property
    def startup_text(self) -> str:
        """What the console printed before its first prompt, or all that is not yet shown."""
        return self._buffer

    @property
    def is_closing_left_open(self) -> bool:
        """Whether we are at closing what the code left open."""
        return self._forced is not None

    @property
    def sentinel_swallowed(self) -> bool:
        """Whether our own line was echoed but not obeyed: an open block or Mata has taken it."""
        return self._files is not None and self._files.sentinel.first in self._recent + self._buffer

    def awaiting(self) -> Awaiting | None:
        """Return what the console waits for, judging by its last row."""
        tail = self._tail()
        return Awaiting(tail, HINTS[tail]) if tail in HINTS else None

    def take(self) -> bytes:
        """Return what has to be typed now, and forget it."""
        typed, self._typed = bytes(self._typed), bytearray()
        return typed

    def send(self, files: CommandFiles, *, learn_mark: str | None = None) -> None:
        """Begin a command whose files are in place; only when ready.

        With ``learn_mark`` the command is one of known content, which prints just that mark, or
        with an empty mark, fails once. What the console prints around it is remembered.
        """
        if self.phase is not Phase.READY:
            raise AssertionError(f"a command was sent while {self.phase}")
        self._begin_command()
        self._files, self._mark = files, learn_mark
        self._hold = Hold((files.sentinel,))
        self._buffer = self._recent = ""
        self._type_line()

    def _type_line(self) -> None:
        assert self._files
        self._head = Head(
            self._files.line, self._files.inner_line, tuple(self._stale), self.frame.echoes
        )
        self._type(self._files.line + "\n")
        self.phase = Phase.HEAD

    def send_break(self) -> None:
        """Interrupt whatever runs: the key depends on what the console shows."""
        self._broke = self._must_probe = True
        self._unanswered = 0
        keys = {Tail.MORE: "q", Tail.PAUSE: "BREAK\n"}
        self._type(keys.get(self._tail(), "\x03"))
        self._judge_silence()

    def close_left_open(self) -> bool:
        """Type what closes what the code left open (block, Mata, Python); False if at a loss."""
        tail = self._tail()
        if tail not in LEFT_OPEN:
            return False
        if self._forced is None:
            self._forced, self._must_probe = tail, True
            self._closers = list(CLOSERS[tail])
        if not self._closers:
            return False
        self._type(self._closers.pop(0))
        self._judge_silence()
        return True

    def send_input(self, text: str) -> None:
        """Type a line of the user's, as an answer to whatever the console waits for."""
        self._type(text + "\n")
        self.user_is_typing = True
        self._patience.clear()

    # What the console says.

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the terminal; return what they mean, in order."""
        text = self._terminal_text.receive(data)
        if self._swallow_row_end and text:
            text, self._swallow_row_end = text.removeprefix("\n"), False
        self._buffer += text
        events = list(self._advance())
        self._judge_silence()
        return events

    def receive_quiet(self) -> list[Event]:
        """Take note that the console has been silent for as long as ``patience`` asked for."""
        self._patience.clear()
        return list(self._quiet())

    def receive_eof(self) -> list[Event]:
        """Take note that nothing more will come; returns what was held back."""
        self._buffer += self._terminal_text.flush()
        if self.phase is Phase.HEAD:
            self._leave_head(at_once=True)
        text, self._buffer = (self._sealed or "") + self._buffer, ""
        return [Output(text)] if text and self.phase is not Phase.STARTING else []

    # One step, by phase.

    def _advance(self) -> Iterator[Event]:
        before = None
        while before is not self.phase:
            before = self.phase
            yield from self._step()

    def _step(self) -> Iterator[Event]:
        if self.phase is Phase.HEAD:
            if self._head.strip(self._buffer) is not None:
                self._leave_head()
        elif self.phase is Phase.BODY:
            yield from self._advance_body()
        elif self.phase is Phase.CLOSING:
            yield from self._advance_closing()
        elif self.phase is Phase.STARTING:
            self._advance_start()

    def _advance_start(self) -> None:
        found = self._answered()
        if found:
            self._close(found.end, self.frame.reply)
        self._buffer = self._buffer[-STARTUP_LIMIT:]

    def _leave_head(self, *, at_once: bool = False) -> None:
        text: str | None = self._buffer[self._head.end :]
        if self._head.inner_seen and self._mark is None:
            text = self.frame.without_opening(self._buffer[self._head.end :])
        if text is not None or at_once:
            self._buffer = text or ""
            self.phase = Phase.BODY

    def _advance_body(self) -> Iterator[Event]:
        assert self._files
        found = self._files.sentinel.find(self._buffer)
        if found and self._sealed is None:
            if found[1] < len(self._buffer):
                yield from self._succeed(*found)
            return
        answered = self._answered()
        if answered:
            yield from self._fail(answered)
        elif self._sealed is None:
            yield from self._show(self._hold.start(self._buffer))
        elif len(self._buffer) > STARTUP_LIMIT:
            # So much text is no echo of ours: that was not the final prompt.
            self._buffer, self._sealed = self._sealed + self._buffer, None

    def _show(self, end: int) -> Iterator[Event]:
        if end and self._mark is None:
            text, self._buffer = self._buffer[:end], self._buffer[end:]
            self._recent = (self._recent + text)[-RECENT:]
            yield from self._output(text)

    def _output(self, text: str) -> Iterator[Event]:
        for probe in self._probes:
            if probe.first in text:
                text = probe.echo.sub("", text)
        if text:
            yield Output(text)

    def _answered(self) -> _Answer | None:
        """Find the token of a typed sentinel, once its row is complete."""
        for probe in self._probes:
            found = probe.find(self._buffer)
            if found and found[1] < len(self._buffer):
                first = min(each.first_sign(self._buffer, found[0]) for each in self._probes)
                self._forget(probe)
                return _Answer(first, found[1])
        return None

    def _forget(self, probe: Sentinel) -> None:
        self._probes.remove(probe)
        self._stale.extend((probe.line, probe.token))

    # How a command ends.

    def _succeed(self, start: int, end: int) -> Iterator[Event]:
        """The wrapper's token came: return code 0, beyond doubt."""
        assert self._files
        before, echoed = _without_last_echo(self._buffer[:start], self._files.sentinel)
        if self._mark:
            self.frame = self.frame.learned_ending(before, self._mark, echoed=echoed)
        else:
            yield from self._output(_rows(self.frame.without_ending(before)))
        self._echo_expected = self.frame.echoes and self._head.inner_seen
        left_open = self._forced in (Tail.BLOCK, Tail.CONTINUATION)
        self._result = Completed(UNEXPECTED_END if left_open else 0, note=self._note())
        self._close(end, self.frame.closing)

    def _fail(self, answer: _Answer) -> Iterator[Event]:
        """A typed sentinel was answered: the code has ended, by an error, a break or an exit."""
        text = self._sealed if self._sealed is not None else self._before_probes(answer)
        if self._was_lost(text):
            self._retyped = True
            self._buffer = ""
            self._type_line()
            return
        if self._mark == "":
            self.frame = self.frame.learned_error(text)
        output, return_code = self._judge(text)
        if self._mark is None:
            yield from self._output(_rows(output))
        self._result = Completed(return_code, self._broke and return_code == 1, self._note())
        self._close(answer.end, self.frame.reply)

    def _before_probes(self, answer: _Answer) -> str:
        """Return the text up to and with the prompt at which the first sentinel was typed."""
        row = self._buffer.rfind("\n", 0, answer.first_sign) + 1
        prompt = PROMPT if self._buffer.startswith(PROMPT, row) else ""
        return _without_redraws(self._buffer[:row]) + prompt

    def _judge(self, text: str) -> tuple[str, int]:
        """Find the user's output and the return code in the text up to the final prompt."""
        assert self._files
        ours = self._files.sentinel.echo.search(text)
        # Our line was read but printed nothing: by Mata, or into a block. What it caused there is
        # no answer to the user's code, which had come to its end.
        output, return_code = (text[: ours.start()], 0) if ours else self.frame.verdict(text)
        return_code = return_code or hidden_code(self._recent + text) or 0
        if self._forced in (Tail.BLOCK, Tail.CONTINUATION):
            return output, UNEXPECTED_END
        return output, 1 if self._broke and not return_code else return_code

    def _was_lost(self, text: str) -> bool:
        """Say whether the console never ran our line, so that it can be typed once more."""
        assert self._files
        if self._retyped or self._broke or self._forced or not self._echo_expected:
            return False
        if self._head.inner_seen or self._recent:
            return False
        name = self._files.wrapper_path.rpartition("/")[2]
        return not text.strip(". \n") or (name in text and not self._head.typed_seen)

    def _note(self) -> str:
        if self._forced is None:
            return ""
        return f"the code left a {self._forced} open; it was closed so that the session could go on"

    # From the sentinel to the prompt.

    def _close(self, end: int, expected: str | None) -> None:
        self._buffer = self._buffer[end:].removeprefix("\n")
        self._sealed, self._expected, self._unanswered = None, expected, len(self._probes)
        self.phase = Phase.CLOSING

    def _advance_closing(self) -> Iterator[Event]:
        found = self._answered()
        if found:
            self._must_probe = False
            self._close(found.end, self.frame.reply)
        settled = not self._probes and not self._must_probe
        if settled and self.frame.is_closing(self._buffer, self._expected):
            yield from self._finish()

    def _finish(self) -> Iterator[Event]:
        if self._mark:
            self.frame = self.frame.learned_closing(self._buffer)
        elif self._mark == "" or self._files is None:
            self.frame = self.frame.learned_reply(self._buffer)
        for probe in tuple(self._probes):
            self._forget(probe)
        self._buffer = ""
        self.phase = Phase.READY
        if self._result:
            yield self._result
            self._result = None
        yield Ready()

    # Silence.

    def _tail(self) -> Tail:
        return classify(self._recent + (self._sealed or "") + self._buffer)

    def _judge_silence(self) -> None:
        nothing_new = not self._buffer[self._head.end :] if self.phase is Phase.HEAD else False
        if nothing_new or (self.phase is Phase.READY and not self._buffer):
            self._patience.clear()
        else:
            self._patience.judge(self.phase, self._tail(), self._broke, self._unanswered)
            if self.phase is Phase.HEAD and self.frame.echoes:
                self._patience.seconds = ECHO

    def _quiet(self) -> Iterator[Event]:
        if self.phase is Phase.HEAD:
            self._leave_head(at_once=True)
            yield from self._advance()
            self._judge_silence()
            return
        if self.phase is Phase.READY:
            yield from self._stray()
            return
        tail = self._tail()
        if tail is Tail.MORE:
            self._answer_more()
        elif self.phase is Phase.CLOSING:
            yield from self._quiet_closing(tail)
        elif tail in AT_PROMPT:
            self._probe(tail)
        elif self.phase is Phase.STARTING and tail is Tail.PAUSE:
            self._type("end\n")
        elif tail in HINTS:
            yield Awaiting(tail, HINTS[tail])

    def _quiet_closing(self, tail: Tail) -> Iterator[Event]:
        if tail in AT_PROMPT and not self._must_probe:
            yield from self._finish()
        elif tail in AT_PROMPT:
            self._probe(tail)
        elif tail in LEFT_OPEN:
            yield Awaiting(tail, HINTS[tail])
        elif self._result:
            # The outcome is certain even if the prompt takes its time.
            result, self._result = self._result, None
            yield result

    def _answer_more(self) -> None:
        """Turn the page; the row that asks for it is no output."""
        stop = self._broke or self.phase is Phase.STARTING
        self._buffer = self._buffer[: self._buffer.rfind("\n") + 1]
        self._swallow_row_end = True
        self._type("q" if stop else " ")

    def _probe(self, tail: Tail) -> None:
        """Type a fresh sentinel at what looks like the final prompt."""
        if self._unanswered >= PROBES_LIMIT:
            return
        self._unanswered += 1
        # A break may have eaten the beginning of what is typed next: an empty line goes first.
        again = self._broke or self._probes or self._must_probe
        probe = Sentinel.fresh(self._new_token)
        self._probes.append(probe)
        if self._files:
            self._hold = Hold((self._files.sentinel, *self._probes))
        if self._broke and tail is Tail.ERROR and self.phase is Phase.BODY and not self._sealed:
            self._sealed, self._buffer = self._buffer, ""
        self._type(("\n" if again else "") + probe.line + "\n")
        self._patience.judge(self.phase, tail, self._broke, self._unanswered)

    def _stray(self) -> Iterator[Event]:
        """Show what was printed between two commands, such as by a program in the background."""
        text, self._buffer = self._buffer, ""
        for own in self._stale:
            text = text.replace(own, "")
        if text.strip(". \n"):
            yield Output(text)

    def _type(self, text: str) -> None:
        self._typed += text.encode("ascii" if text.isascii() else "utf-8")


@dataclass(frozen=True, slots=True)
class _Answer:
    """Where the token of a typed sentinel ends, and the first trace of any that was typed."""

    first_sign: int
    end: int


def _without_last_echo(text: str, sentinel: Sentinel) -> tuple[str, bool]:
    """Cut the echo of the sentinel's line off the end of ``text``; say whether it was there."""
    if sentinel.first not in text.replace("\n> ", ""):
        return text, False
    echoes = list(sentinel.echo.finditer(text))
    if not echoes:
        return text, False
    return text[: echoes[-1].start()], True


def _without_redraws(text: str) -> str:
    """Drop the rows that an empty line of ours, or an editor drawing its row anew, left behind."""
    while True:
        row = text.rfind("\n", 0, len(text) - 1) + 1
        typed = text[row:-1].removeprefix(PROMPT)[: len(_LINE_BEGINNING)]
        if not text.startswith(PROMPT, row) or not _LINE_BEGINNING.startswith(typed):
            return text
        text = text[:row]


def _rows(text: str) -> str:
    """Return ``text`` with its last row ended."""
    return text if not text or text.endswith("\n") else text + "\n"
