"""Switches: what is not known of the real console, and vices on order.

`STATA_SESSIONS_STANDIN=echo=tty,include_eof=yes,break_delay=3` sets them;
`python -m stata_sessions.standin --faults` lists them. A name alone means `yes`.
"""

from __future__ import annotations

from dataclasses import dataclass

VARIABLE = "STATA_SESSIONS_STANDIN"


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch: its name, its value when nothing is said, and what it does."""

    name: str
    default: str
    help: str


SWITCHES = (
    # Unknowns of the real console.
    Switch("echo", "stata", "who echoes typed lines: stata (wraps at columns-1), tty, none"),
    Switch("include_eof", "no", "include prints `end of do-file` too, after success and error"),
    Switch("include_tail", "yes", "include echoes an empty `. ` row at its end"),
    Switch("shell_break", "yes", "an interrupt during a shell escape breaks the do-file too"),
    Switch("codes", "1", "how many r(N); rows the prompt prints for one error"),
    Switch("inner_codes", "yes", "`capture noisily do f` shows the do-file's own r(N); rows"),
    Switch("open_end", "ends", "a do-file that ends inside a block, mata or program: ends, asks"),
    Switch("if_prompt", "numbered", "prompt inside a typed if/capture block: numbered, >, dot"),
    Switch("slash_comments", "yes", "`//` begins a comment at the prompt"),
    Switch("last_line", "yes", "a do-file's last line runs though it lacks a newline"),
    Switch("keypad", "auto", "terminal string at start and after shell: auto, none, vt100, xterm"),
    Switch("paste", "no", "switch bracketed paste on before each prompt, off after"),
    Switch("more", "no", "`set more on` from the start, as before version 15"),
    Switch("graph_note", "new", "note after graph export: new, old (up to 16)"),
    Switch("graph_png", "yes", "graph export knows png"),
    Switch("dumb_edits", "yes", "line editing stays on under TERM=dumb"),
    # Starting.
    Switch(
        "start",
        "ready",
        "how it starts: ready, silent, license, expired, seats, no_license, loader",
    ),
    Switch("start_delay", "0", "seconds before the first byte"),
    Switch("start_status", "1", "exit status of a start that fails"),
    Switch("start_more", "no", "a --more-- stands before the first prompt"),
    Switch("banner", "no", "the banner shows even with -q"),
    # Breaks.
    Switch("break", "heed", "what an interrupt does: heed, deaf, die"),
    Switch("break_delay", "0", "seconds before an interrupt is noticed"),
    Switch("break_rows", "1", "how many --Break-- r(1); pairs one interrupt prints"),
    Switch(
        "typeahead", "flush", "typed-ahead input after an interrupt: flush, keep, or N bytes eaten"
    ),
    # Output.
    Switch("one_byte", "no", "write one byte at a time"),
    Switch("half", "no", "cut writes inside characters of several bytes"),
    Switch("latin1", "no", "write Latin-1, which is not UTF-8"),
    Switch("nul", "no", "a NUL stands before every row"),
    Switch("colour", "no", "colour and underline sequences around every row"),
    Switch("prompt_delay", "0", "seconds between the last output row and the prompt"),
    Switch("echo_pause", "0", "seconds of silence after every echoed do-file row"),
    Switch("die_after", "0", "kill itself with SIGKILL after so many bytes of output"),
    # Input.
    Switch("typed_limit", "0", "typed lines are cut after so many bytes"),
    Switch("stall_after", "0", "stop reading for ever after so many bytes of input"),
    Switch("drain_delay", "0", "seconds before each read of typed input"),
    # Processes.
    Switch("sigterm", "heed", "SIGTERM: heed, ignore"),
    Switch("sighup", "heed", "the terminal's end: heed, ignore (the process lingers)"),
    Switch("helper", "no", "a child in the process group that holds the terminal open"),
)
_DEFAULTS = {switch.name: switch.default for switch in SWITCHES}


class Faults:
    """The switches as set. Reading a name that is not in the table is a mistake of ours."""

    def __init__(self, text: str = "") -> None:
        """Read `name=value,name=value`.

        Raises:
            ValueError: for a name that is not in the table.
        """
        self._values = dict(_DEFAULTS)
        for item in filter(None, (piece.strip() for piece in text.split(","))):
            name, _, value = item.partition("=")
            if name not in _DEFAULTS:
                raise ValueError(f"{VARIABLE}: no switch is called {name!r}")
            self._values[name] = value or "yes"

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def on(self, name: str) -> bool:
        """Tell whether a yes/no switch is on."""
        return self._values[name] == "yes"

    def seconds(self, name: str) -> float:
        """Return a switch that holds seconds."""
        return float(self._values[name])

    def count(self, name: str) -> int:
        """Return a switch that holds a whole number."""
        return int(self._values[name])


def listing() -> str:
    """Return the table of switches as text for a person."""
    return "".join(f"{s.name}={s.default:<10}  {s.help}\n" for s in SWITCHES)
