"""Families of consoles for parametrised tests: benign, breaking, deadly."""

import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).with_name("light.py")


@dataclass(frozen=True, slots=True)
class Benign:
    """A console under which every answer must be exactly right."""

    name: str
    vices: str
    # Until the first prompt; added to the margin of a test.
    start_s: float = 0.0

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Breaking:
    """A console that takes a break badly.

    ``broken``: repeated breaks end the command with return code 1. ``survives``: the process is
    alive afterwards. ``within_s``: how long the first honoured break may take.
    """

    name: str
    vices: str
    broken: bool = True
    survives: bool = True
    within_s: float = 1.0

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Deadly:
    """A console that never reaches a prompt.

    ``fragment`` must be in the error; ``status`` is the exit status (negative: a signal), None if
    the process stays.
    """

    name: str
    vices: str
    fragment: str
    status: int | None = 1

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Leaving:
    """A console that makes its end hard.

    ``status`` is the exit status after ``exit, clear``, None if it stays; ``helper`` tells that a
    process of its own is left. Nothing lives longer than 20 s.
    """

    name: str
    vices: str
    status: int | None = 0
    helper: bool = False

    def __str__(self) -> str:
        return self.name


def command_line(vices: str = "", *arguments: str) -> list[str]:
    """Return the command that starts a console with these vices."""
    chosen = ["--vice", vices] if vices else []
    return [sys.executable, "-S", "-E", str(PROGRAM), "-q", *chosen, *arguments]


def _join(*vices: str) -> str:
    return ",".join(vice for vice in vices if vice)


ECHOES = ("stata", "tty", "none", "both", "redraw")
INCLUDE_ENDS = ("none", "row", "dot")
CODES = ("", "codes=1", "codes=2", "codes=3")

# Every unknown crossed with every other: who echoes, what ends an include, how many codes.
UNKNOWNS = tuple(
    Benign(
        f"echo {echo}, end {end}, {codes or 'natural codes'}",
        _join(f"echo={echo}", f"include-end={end}", codes),
    )
    for echo, end, codes in itertools.product(ECHOES, INCLUDE_ENDS, CODES)
)

_SINGLE = {
    "plain": "",
    "banner": "banner",
    "profile": "profile",
    "profile over two rows": "profile=wrapped",
    "profile prints prompts and codes": "profile-rows",
    "profile sets rmsg": "profile-rmsg",
    "profile changes directory": "profile-cd=/",
    "keypad": "keypad",
    "keypad of xterm": "keypad=xterm",
    "coloured output": "colour",
    "coloured prompt": "prompt-colour",
    "bracketed paste": "paste",
    "coloured prompt ended by sgr0": "prompt-colour=sgr0",
    "window title": "title",
    "asks for the cursor": "asks-cursor",
    "CR CR LF": "double-return",
    "NUL after each row": "nul",
    "blank after each echo": "echo-space",
    "terminal echoes while a command runs": "cooked",
    "prompt drawn twice": "prompt-redraw",
    "typed-ahead input lost at each prompt": "prompt-flush",
    "slow terminal": "crawl=2",
    "no echo, not even of Enter": "echo=mute",
    "echo wraps at 79": "echo-width=79",
    "echo wraps at 40": "echo-width=40",
    "pause after echoed dot": "echo-pause=150",
    "files not echoed": "echo-off",
    "no blank row before prompts": "prompt-no-blank",
    "blank row before every prompt": "prompt-blank",
    "a row of somebody else's before every prompt": "prompt-row",
    "late prompt": "prompt-delay=150",
    "prompt glued to a partial row": "prompt-glued",
    "LF without CR": "bare-newline",
    "typed lines cut at 255": "type-limit=255",
    "stall after 64 typed bytes": "type-stall=64",
    "stall after 16 typed bytes": "type-stall=16",
    "slow to read": "drain-delay=200",
    "tab completes": "tab-completes",
    "a code for each if block": "block-codes",
    "blank rows between codes": "code-blank",
    "capture hides inner codes": "capture-quiet",
    "dot before end of do-file": "end-dot,include-end=row",
    "blank after end of do-file": "end-blank,include-end=row",
    "long rmsg rows": "profile-rmsg,rmsg-long",
    "old words": "old-words",
    "linesize 40": "linesize=40",
    "linesize 40, echo at 40": "linesize=40,echo-width=39",
    "open blocks go on": "open-block=continue",
    "open mata goes on": "open-mata=continue",
    "open comments go on": "open-comment",
    "delimiter persists": "delimit-persists",
    "delimiter persists, open rest lost": "delimit-persists=lost",
    "last row without newline lost": "no-last-line",
    "exit ends the callers": "exit-caller",
    "more returns after each file": "more-returns",
    "more from the start": "more",
    "one byte at a time": "one-byte",
    "multibyte characters cut": "cut-utf8",
    "trace on": "trace-on",
    "old graph notes": "graph-note=old",
}
_SLOW_START = (
    Benign("more before the first prompt", "start-more"),
    Benign("first byte after 2 s", "start-delay=2000", start_s=2.0),
    Benign("second banner and prompt", "start-twice=1000", start_s=1.0),
    Benign("typed input dropped at start", "start-flush=200", start_s=5.0),
    Benign("deaf for 2 s at start", "start-deaf=2000", start_s=2.0),
)
_COMBINED = {
    "all strings": "keypad=xterm,colour,prompt-colour,paste,echo=redraw",
    "nothing regular": "echo=none,prompt-no-blank,bare-newline,codes=1,include-end=none,echo-off",
    "tty, narrow, late": "echo=tty,linesize=40,prompt-delay=100,include-end=row,codes=3",
    "bytes and colours": "one-byte,prompt-colour,colour,echo=both",
    "rmsg and rows": "profile-rmsg,profile-rows,include-end=row,code-blank,end-blank",
    "glued and bare": "prompt-glued,bare-newline,echo=tty",
    "everything open goes on": "open-block=continue,open-mata=continue,open-comment,"
    "delimit-persists",
}
BENIGN: tuple[Benign, ...] = (
    *(Benign(name, vices) for name, vices in _SINGLE.items()),
    *_SLOW_START,
    *(Benign(name, vices) for name, vices in _COMBINED.items()),
    *UNKNOWNS,
)
# A program in the background prints when it likes: its rows may land in any answer, so that only
# return codes and the command's own rows can be promised.
NOISY = Benign("prints after the prompt", "prompt-late=100")
# One of each kind, for tests that cannot afford them all.
BENIGN_FEW: tuple[Benign, ...] = BENIGN[: len(_SINGLE) + len(_SLOW_START) + len(_COMBINED)]

BREAKING: tuple[Breaking, ...] = (
    Breaking("plain", ""),
    Breaking("flushes typed input", "break-flush"),
    *(Breaking(f"eats {n} bytes", f"break-eats={n}") for n in (1, 2, 3, 4, 12)),
    Breaking("twice at once", "break-twice=0"),
    Breaking("twice, 300 ms apart", "break-twice=300", within_s=1.5),
    Breaking("one code more", "break-extra"),
    Breaking("without a code", "break-codeless"),
    Breaking("again after the prompt", "break-late=200"),
    Breaking("forty rows before", "break-pages"),
    Breaking("one code and no end rows", "break-unwinds"),
    Breaking("no prompt until a line is typed", "break-silent"),
    Breaking("control-C is a byte", "break-polled"),
    Breaking("honoured after 1.5 s", "break-delay=1500", within_s=3.0),
    Breaking("second control-C only", "break-nth=2", within_s=5.0),
    Breaking("idle control-C prints a prompt", "idle-break=prompt"),
    Breaking("idle control-C prints a break", "idle-break=message"),
    Breaking("idle control-C flushes and prompts", "idle-break=prompt,break-flush"),
    Breaking("flush and echo by the tty", "break-flush,echo=tty,include-end=row"),
    Breaking("eats and doubles, redrawn echo", "break-eats=3,break-twice=100,echo=redraw"),
    Breaking("no echo, one code", "break-flush,echo=none,codes=1,prompt-no-blank"),
    Breaking("rmsg on", "profile-rmsg,break-extra,break-eats=2"),
    Breaking("idle control-C kills", "idle-break=dies"),
    Breaking("control-C is echoed", "cooked"),
    Breaking("control-C is echoed and flushes", "cooked,break-flush"),
    Breaking("typed-ahead input lost at each prompt", "prompt-flush"),
    Breaking("never honoured", "break-never", broken=False, survives=False),
    Breaking("kills the process", "break-kills", broken=False, survives=False),
    Breaking("never, and deaf to TERM", "break-never,deaf-term", broken=False, survives=False),
    Breaking(
        "never, deaf to TERM and HUP, with a helper",
        "break-never,deaf-term,deaf-hup,helper=group+terminal",
        broken=False,
        survives=False,
    ),
)

DEADLY: tuple[Deadly, ...] = (
    Deadly("licence", "start-fails=licence", "License not applicable to this Stata"),
    Deadly("no licence file", "start-fails=no-licence", "Cannot find license file"),
    Deadly(
        "no licence file, status 0",
        "start-fails=no-licence,start-status=0",
        "Cannot find license file",
        status=0,
    ),
    Deadly("expired", "start-fails=expired", "License has expired"),
    Deadly("no seat", "start-fails=seats", "no licence seat"),
    Deadly("missing library", "start-fails=library", "libtinfo.so.5", status=127),
    Deadly("architecture", "start-fails=arch", "Exec format error"),
    Deadly("silent exit", "start-fails=silent", ""),
    Deadly("silent exit, status 0", "start-fails=silent,start-status=0", "", status=0),
    Deadly("slow failure", "start-delay=700,start-fails=licence", "License not applicable"),
    Deadly("dies in the banner", "start-dies=11", "", status=-11),
    Deadly("hangs without a byte", "start-hangs", "", status=None),
    Deadly("hangs after a row", "start-hangs=text", "Waiting for the licence server", status=None),
    Deadly("hangs, deaf to TERM", "start-hangs=text,deaf-term", "licence server", status=None),
)

LEAVING: tuple[Leaving, ...] = (
    Leaving("plain", ""),
    Leaving("takes a second", "exit-delay=1000"),
    Leaving("a child holds the terminal", "exit-child", helper=True),
    Leaving("never exits", "exit-never", status=None),
    Leaving("never exits, deaf to TERM", "exit-never,deaf-term", status=None),
    Leaving("deaf to TERM and HUP", "deaf-term,deaf-hup"),
    Leaving("helper in the group", "helper=group", helper=True),
    Leaving("helper in the group with the terminal", "helper=group+terminal", helper=True),
    Leaving("helper in its own session", "helper=session", helper=True),
    Leaving("helper in its own session with the terminal", "helper=session+terminal", helper=True),
    Leaving("daemon", "helper=daemon", helper=True),
    Leaving("daemon with the terminal", "helper=daemon+terminal", helper=True),
)
