"""The state machine that frames commands on a console's terminal: bytes go in, events come out.

What has to be typed is fetched with ``take()``. The owner keeps the time: ``patience`` says after
how long a silence ``receive_quiet()`` wants to be called.
"""

from __future__ import annotations

from collections.abc import Iterator

from stata_sessions.protocol.events import Awaiting, Completed, Event, Output, Ready
from stata_sessions.protocol.exchange import Exchange
from stata_sessions.protocol.files import CommandFiles
from stata_sessions.protocol.frame import Frame
from stata_sessions.protocol.patience import Patience
from stata_sessions.protocol.phase import Phase
from stata_sessions.protocol.probes import Probes
from stata_sessions.protocol.sentinel import TokenSource
from stata_sessions.protocol.tails import AT_PROMPT, HINTS, LEFT_OPEN, Tail, break_keys, classify
from stata_sessions.protocol.wire import Wire

# Text outside of a command that is kept: it explains a failed start, or ends in what is ours.
STRAY_LIMIT = 16384


class Dialogue:
    """One console's side of the conversation, from its first byte to its last."""

    def __init__(self, new_token: TokenSource, *, encoding: str = "utf-8") -> None:
        self.phase = Phase.STARTING
        self.frame = Frame()
        self.exchange: Exchange | None = None  # the command that is under way
        self._wire = Wire(encoding)
        self.press_enter = self._wire.press_enter
        self._probes = Probes(new_token)
        self._patience = Patience(self._probes)
        self._buffer = ""  # what was printed outside of an exchange
        self._result: Completed | None = None
        self.return_code = 0  # of the latest command
        self._expected: str | None = None
        self._controls = 0
        self._must_probe = self._echo_expected = False

    # What the owner asks.

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which ``receive_quiet`` has something to do; None: never."""
        return self._patience.seconds

    @property
    def startup_text(self) -> str:
        """What the console printed before its first prompt, or all that is not yet shown."""
        return self.exchange.tail if self.exchange else self._buffer

    def type_again(self) -> None:
        """Type the line of a command once more, as the console cannot have read it."""
        if self.exchange:
            self.exchange.begin()
            self._wire.type(self.exchange.files.line + "\n")

    def awaiting(self) -> Awaiting | None:
        """Return what the console waits for, judging by its last row."""
        tail = self._tail()
        return Awaiting(tail, HINTS[tail]) if tail in HINTS else None

    def probe_failed(self) -> bool:
        """Ask whether code has failed whose prompt was printed over; False if nothing says so."""
        failed = self.phase is Phase.RUNNING and self.exchange and self.exchange.late_code
        return bool(failed) and self._probe(Tail.HIDDEN)

    def take(self) -> bytes:
        """Return what has to be typed now, and forget it."""
        return self._wire.take()

    # What the owner does.

    def send(self, files: CommandFiles, *, learn_mark: str | None = None) -> None:
        """Begin a command whose files are in place; only when ready.

        With ``learn_mark`` its content is known: it prints just that mark, or fails once if that is
        empty. What the console prints around it is remembered.
        """
        if self.phase is not Phase.READY:
            raise AssertionError(f"a command was sent while {self.phase}")
        self._must_probe, self._buffer = False, ""
        echo = self._echo_expected or bool(learn_mark)  # known content is quick to come
        self.exchange = Exchange(files, learn_mark, self.frame, self._probes, echo=echo)
        self._wire.type(files.line + "\n")
        self.phase = Phase.RUNNING

    def send_break(self, *, waiting: bool = False) -> None:
        """Interrupt whatever runs; one that is ``waiting`` for input first has to get some."""
        tail = self._tail()
        if self.exchange:
            self.exchange.broke = True
        self._must_probe = True
        self._probes.unanswered = 0
        if not (waiting and self.close_left_open()):
            self._wire.type(break_keys(tail, waiting=waiting))
        self._judge_silence()

    def close_left_open(self) -> bool:
        """Type what closes what the code left open (block, Mata, Python); False if at a loss."""
        closer = self.exchange.left_open.next_closer(self._tail()) if self.exchange else None
        if closer is None:
            return False
        self._must_probe = True
        self._wire.type(closer)
        self._judge_silence()
        return True

    def send_input(self, text: str) -> None:
        """Type a line of the user's, as an answer to whatever the console waits for."""
        self._wire.type(text + "\n")
        if self.exchange:
            self.exchange.take_over()
        self._patience.clear()

    # What the console says.

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the terminal; return what they mean, in order."""
        events = list(self._advance(self._wire.decode(data)))
        self._judge_silence()
        return events

    def receive_quiet(self) -> list[Event]:
        """Take note of a silence as long as ``patience`` asked for."""
        self._patience.clear()
        return list(self._quiet())

    def receive_eof(self) -> list[Event]:
        """Take note that nothing more will come; returns what was held back, or what is certain."""
        events = list(self._advance(self._wire.flush()))
        running = self.exchange if self.phase is Phase.RUNNING else None
        held = running.flush() if running and running.mark is None else ""
        return [*events, *([Output(held)] if held else []), *self._outcome()]

    # Text, by phase.

    def _advance(self, text: str) -> Iterator[Event]:
        if self.phase is Phase.RUNNING and self.exchange:
            yield from self.exchange.receive(text)
            yield from self._follow(self.exchange)
            return
        self._buffer += text
        if self.phase is Phase.CLOSING:
            yield from self._advance_closing()
        elif self.phase is Phase.STARTING:
            self._take_answers()
            self._buffer = self._buffer[-STRAY_LIMIT:]
        if self.phase is not Phase.STARTING and len(self._buffer) > 2 * STRAY_LIMIT:
            yield from self._stray(STRAY_LIMIT)

    def _follow(self, exchange: Exchange) -> Iterator[Event]:
        """Act on what the exchange has come to: its end, or a line that got lost."""
        if exchange.must_retype:
            self.type_again()
        elif exchange.ending:
            self.frame = exchange.frame
            self._result = exchange.ending.result
            if not self._result.return_code:
                self._echo_expected = self.frame.echoes and exchange.echo_seen
            self._close(exchange.ending.rest, exchange.ending.expected)
            yield from self._advance_closing()

    # From the sentinel to the prompt.

    def _close(self, rest: str, expected: str | None) -> None:
        self._buffer, self._expected = rest, expected
        self._probes.unanswered = len(self._probes.open)
        self.phase = Phase.CLOSING

    def _take_answers(self) -> None:
        while answer := self._probes.answer(self._buffer):
            self._must_probe = False
            self._close(self._buffer[answer.end :].removeprefix("\n"), self.frame.reply)

    def _advance_closing(self) -> Iterator[Event]:
        self._take_answers()
        settled = not self._probes.open and not self._must_probe
        # A coloured prompt is complete only when its colour has been switched off again.
        settled &= self._wire.controls_behind_text >= self._controls
        if settled and (behind := self.frame.behind(self._buffer, self._expected)) is not None:
            yield from self._finish(behind)

    def _finish(self, behind: str = "") -> Iterator[Event]:
        """Be ready; ``behind`` the prompt somebody in the background has printed already."""
        closing, self._buffer = self._buffer.removesuffix(behind), behind
        yield from self._stray()
        mark = self.exchange.mark if self.exchange else ""
        if mark:
            self.frame = self.frame.learned_closing(closing)
        elif mark == "":
            self.frame = self.frame.learned_reply(closing)
        if mark is not None:
            self._controls = self._wire.controls_behind_text
        self._probes.forget_all()
        self._buffer, self.exchange, self.phase = "", None, Phase.READY
        yield from self._outcome()
        yield Ready()

    def _outcome(self) -> Iterator[Event]:
        if self._result:
            self.return_code = self._result.return_code
            yield self._result
        self._result = None

    # Silence.

    def _tail(self) -> Tail:
        running = self.exchange if self.phase is Phase.RUNNING else None
        return classify(running.tail if running else self._buffer)

    def _in_head(self) -> Exchange | None:
        running = self.exchange if self.phase is Phase.RUNNING else None
        return running if running and running.in_head else None

    @property
    def _broke(self) -> bool:
        return self.exchange is not None and self.exchange.broke

    def _judge_silence(self) -> None:
        if exchange := self._in_head():
            known = self.frame.echoes or exchange.mark is not None
            self._patience.judge_echo(waits=exchange.waits_for_echo, known=known)
        elif self.phase is Phase.READY and not self._buffer:
            self._patience.clear()
        else:
            known = self.exchange is None or self.exchange.mark is not None
            self._patience.judge(self.phase, self._tail(), self._broke, known=known)

    def _quiet(self) -> Iterator[Event]:
        if self.phase is Phase.READY:
            yield from self._stray()
        elif exchange := self._in_head():
            yield from exchange.leave_head()
            yield from self._follow(exchange)
            self._judge_silence()
        else:
            yield from self._quiet_row(self._tail())

    def _quiet_row(self, tail: Tail) -> Iterator[Event]:
        """Act on the row at which the console fell silent."""
        if tail is Tail.MORE:
            self._answer_more()
        elif tail in AT_PROMPT and (self.phase is not Phase.CLOSING or self._must_probe):
            self._probe(tail)
        elif tail is Tail.NO_PROMPT and self._broke:
            self._probe(Tail.ERROR)
        elif self.phase is Phase.CLOSING:
            yield from self._quiet_closing(tail)
        elif self.phase is Phase.STARTING and tail is Tail.PAUSE:
            self._wire.type("end\n")
        elif tail in HINTS:
            yield Awaiting(tail, HINTS[tail])

    def _quiet_closing(self, tail: Tail) -> Iterator[Event]:
        if tail in AT_PROMPT:
            yield from self._finish()
        elif tail in LEFT_OPEN:
            yield Awaiting(tail, HINTS[tail])
        elif (behind := self.frame.behind(self._buffer, self._expected)) is not None:
            yield from self._finish(behind)
        else:
            yield from self._outcome()  # it is certain, even if the prompt takes its time
            self._probe(tail)

    def _answer_more(self) -> None:
        """Turn the page, at the start with an Enter to be sure; the row is no output."""
        if self.exchange and self.phase is Phase.RUNNING:
            self.exchange.drop_last_row()
        else:
            self._buffer = self._buffer[: self._buffer.rfind("\n") + 1]
        key = "q\n" if self.phase is Phase.STARTING else "q" if self._must_probe else " "
        self._wire.turn_page(key)

    def _probe(self, tail: Tail) -> bool:
        """Type a fresh sentinel at what looks like the final prompt; False after too many."""
        if self._probes.exhausted:
            return False
        # A break may have eaten the beginning of what is typed next: an empty line goes first.
        # Others lose what follows it: hence only every other time, and never after an answer.
        doubtful = self._probes.open or (self._must_probe and self.phase is Phase.RUNNING)
        first = doubtful and self._probes.unanswered % 2 == 0
        probe = self._probes.fresh()
        if self.exchange and self.phase is Phase.RUNNING:
            self.exchange.expect_probes(final=self._broke and tail is Tail.ERROR)
        self._wire.type(("\n" if first else "") + probe.line + "\n")
        self._patience.judge(self.phase, tail, self._broke)
        return True

    def _stray(self, kept: int = 0) -> Iterator[Event]:
        """Show what was printed between two commands, such as by a program in the background."""
        end = len(self._buffer) - kept
        text, self._buffer = self._probes.without_stale(self._buffer[:end]), self._buffer[end:]
        if text.strip(". \n") and (self.exchange is None or self.exchange.mark is None):
            yield Output(text)
