"""How long a silence has to last before it means something."""

from __future__ import annotations

from stata_sessions.protocol.probes import Probes
from stata_sessions.protocol.tails import AT_PROMPT, LEFT_OPEN, Tail

# Seconds. A prompt right behind an error code or a break is almost certainly the final one; a bare
# ". " may as well be the echo of a do-file's empty line, so it gets time to be overwritten. Asking
# too early costs nothing but a line typed ahead; asking too late is felt at every error.
AFTER_BREAK = 0.01
AFTER_ERROR = 0.02
BARE_PROMPT = 0.3
FIRST_PROMPT = 0.005
CLOSING_PROMPT = 0.02
CLOSING_SILENCE = 1.0
LEARNING = 0.002
MORE = 0.05
HEAD = 0.05
# Where lines are known to be echoed, the rest of an echo that has begun is worth waiting for.
ECHO = 1.0
STRAY = 0.05
OTHER_PROMPT = 0.5
# Between two sentinels that were not answered; doubled each time.
UNANSWERED = 0.5
# Some consoles flush their input when they set up the terminal, so the first one may be lost.
UNANSWERED_START = 0.25


class Patience:
    """The seconds of silence that the dialogue waits for in its present state."""

    def __init__(self, probes: Probes) -> None:
        self.seconds: float | None = None
        self._probes = probes

    def clear(self) -> None:
        """Wait for nothing until something new is known."""
        self.seconds = None

    def judge_echo(self, *, waits: bool, known: bool) -> None:
        """Set how long the rest of an echo is waited for, where that is not all there."""
        self.seconds = (ECHO if known else HEAD) if waits else None

    def judge(self, phase: str, tail: Tail, broke: bool, *, known: bool = False) -> None:
        """Set the silence that would mean something, given what the terminal shows.

        Less will do in an exchange of ``known`` content, where a mistake costs nothing.
        """
        self._judge(phase, tail, broke)
        in_exchange = known and not self._probes.unanswered and phase in ("running", "closing")
        if in_exchange and tail in AT_PROMPT and self.seconds is not None:
            self.seconds = min(self.seconds, LEARNING)

    def _judge(self, phase: str, tail: Tail, broke: bool) -> None:
        if phase == "ready":
            self.seconds = STRAY
        elif tail is Tail.MORE:
            self.seconds = MORE
        elif tail in AT_PROMPT:
            self.seconds = _at_prompt(phase, tail, broke, self._probes.unanswered)
        elif tail in LEFT_OPEN or tail is Tail.PAUSE or (broke and tail is Tail.NO_PROMPT):
            self.seconds = OTHER_PROMPT
        else:
            closing_s = CLOSING_SILENCE * 2.0 ** min(self._probes.typed, 6)
            self.seconds = closing_s if phase == "closing" else None


def _at_prompt(phase: str, tail: Tail, broke: bool, unanswered: int) -> float:
    if tail is Tail.HIDDEN and not unanswered:
        return OTHER_PROMPT
    if unanswered:
        first = UNANSWERED_START if phase == "starting" else UNANSWERED
        return first * 2.0 ** min(unanswered - 1, 6)
    if phase == "starting":
        return FIRST_PROMPT
    if phase == "closing":
        return AFTER_BREAK if broke else CLOSING_PROMPT
    if broke:
        return AFTER_BREAK if tail is Tail.ERROR else BARE_PROMPT
    return AFTER_ERROR if tail is Tail.ERROR else BARE_PROMPT
