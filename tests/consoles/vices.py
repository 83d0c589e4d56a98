"""The vices a console can have: one line each, chosen by CONSOLE_VICES or ``--vice``."""

from collections.abc import Iterable

VICES: dict[str, str] = {
    # Start
    "banner": "print a banner although -q was given (quirk 1)",
    "profile": "announce profile.do before the first prompt; value wrapped: over two rows (2, 3)",
    "profile-rows": "profile.do prints rows with '. ' and r(111); at row start (4)",
    "profile-rmsg": "profile.do sets rmsg on (5)",
    "profile-cd": "profile.do changes to the directory given, default / (6)",
    "start-more": "--more-- before the first prompt (7)",
    "start-delay": "stay silent for so many ms before the first byte (8)",
    "start-fails": "print a start failure and exit: licence, edition, seats, library, arch (9-11)",
    "start-status": "exit status of start-fails, default 1 (10)",
    "licence-seats": "at most so many consoles of one licence-folder at once; default 1",
    "licence-folder": "where the consoles of one licence find each other, and note that they asked",
    "start-hangs": "never print anything, never exit; value text: print a row first (12)",
    "start-dies": "print half a banner, then die by the signal given, default 11",
    "start-twice": "after so many ms at the first prompt print a second banner and prompt",
    "start-flush": "print the prompt, and after so many ms drop what was typed (TCSAFLUSH)",
    "start-deaf": "read nothing for so many ms after the first prompt (80)",
    # Terminal strings
    "keypad": "ESC = at start and after each shell escape; value xterm: ESC [?1h ESC = (13)",
    "colour": "colour and underline sequences around every output row (14)",
    "prompt-colour": "the prompt is coloured by ANSI codes; value sgr0: ended by ESC (B ESC [m",
    "paste": "bracketed-paste switches around each prompt",
    "title": "a window title (OSC, ended by BEL) before each prompt",
    "asks-cursor": "asks for the cursor's place (ESC [6n) at start and drops what comes in 100 ms",
    "double-return": "rows end in CR CR LF",
    "nul": "a NUL byte after each row, as padding (71)",
    # Echo
    "echo": "who echoes: stata (default), tty, none, mute (Enter neither), both, redraw (15-17)",
    "echo-space": "a blank after each echoed line",
    "cooked": "while a command runs the terminal echoes, as under readline; ^C shows as ^C",
    "echo-width": "typed echo wraps at this width instead of the terminal's less one (18)",
    "echo-pause": "so many ms of silence after the '. ' of each echoed do-file row (22)",
    "echo-off": "do-files are not echoed at all",
    # Prompt
    "prompt-no-blank": "no blank row before any prompt",
    "prompt-blank": "a blank row before every prompt, also after empty commands (20)",
    "prompt-row": "a row of somebody else's before every prompt, such as a licence daemon's",
    "prompt-delay": "so many ms between the last output row and the prompt (78)",
    "prompt-redraw": "the prompt is drawn twice, the second time after CR",
    "prompt-flush": "what was typed before a prompt is shown is lost",
    "prompt-glued": "a partial row stays and the prompt follows on it",
    "prompt-late": "a background child prints a row so many ms after a prompt",
    "if-prompt": "continuation prompt of a typed if block: numbered (default) or angle",
    "bare-newline": "rows end in LF without CR (onlcr off)",
    # Input
    "type-limit": "a typed line longer than so many bytes is cut there (51)",
    "type-stall": "after so many bytes of one line stop reading for half a second (51)",
    "tab-completes": "a typed tab inserts a variable's name (49)",
    "drain-delay": "wait so many ms before reading each typed line",
    # Codes and rows
    "codes": "exactly so many r(N); rows for an error in nested files (25)",
    "block-codes": "one more r(N); for each if block that an error leaves",
    "code-blank": "a blank row between the r(N); rows",
    "capture-quiet": "no inner r(N); and end rows under capture noisily do (31)",
    "include-end": "what ends an include: none (default), row (end of do-file), dot",
    "end-dot": "'. ' on the row before end of do-file",
    "end-blank": "a blank row after end of do-file before r(N);",
    "rmsg-long": "rmsg rows with t over 1000 (29)",
    "old-words": "message texts of versions before 15",
    "processors": "set processors takes at most so many; 0: it is not known, as in no MP",
    "linesize": "initial linesize (35)",
    # What a file leaves open
    "open-block": "a block open at the end of a file: fails (default), continue",
    "open-mata": "mata or python open at the end of a file: ends (default), continue (54)",
    "open-comment": "an open /* at the end of a file goes on in the files that include it",
    "delimit-persists": "#delimit ; outlives an include; value lost: the open rest is dropped",
    "no-last-line": "a last row without newline is not run",
    "exit-caller": "exit in an included file ends its callers too",
    # More
    "more": "more is on from the start",
    "more-returns": "more is on again after each do-file or include (39)",
    "more-always": "pause at --more-- even after set more off",
    "more-row": "at --more-- a key counts only once Enter is pressed (a canonical terminal)",
    "more-breaks": "control-C at --more-- breaks (default: does nothing, 38)",
    # Break
    "break-delay": "a break is honoured only after so many ms (41)",
    "break-never": "a break is never honoured (42)",
    "break-nth": "only the Nth break is honoured, default 2",
    "break-flush": "a break drops all typed-ahead input (43)",
    "break-eats": "after a break the next N typed bytes are lost, default 2 (44)",
    "break-twice": "--Break-- and r(1); printed twice, value: ms between the pairs (45)",
    "break-extra": "one more r(1); after the usual rows",
    "break-codeless": "--Break-- without r(1);",
    "break-late": "a second --Break--, r(1); and prompt come so many ms after the prompt",
    "break-pages": "forty more rows before a break is honoured (41)",
    "break-kills": "a break kills the process (47)",
    "break-polled": "no ISIG: control-C is a byte, found when the console looks",
    "break-silent": "after a break no prompt until a line is typed",
    "break-unwinds": "a break prints no end of do-file and one code only",
    "break-shell": "a break in a shell child does not break the console",
    "idle-break": "control-C at the prompt: ignored (default), prompt, message, dies (40)",
    # Output
    "one-byte": "every byte is written alone (68)",
    "crawl": "wait so many ms after each write",
    "cut-utf8": "writes end inside multibyte characters (67)",
    "trace-on": "set trace on from the start",
    "graph-note": "svg note of version: new (default) or old (75)",
    # End
    "dies-after": "die by SIGKILL after so many bytes of output (64)",
    "dies-signal": "the signal of dies-after, default 9",
    "exit-delay": "take so many ms to exit",
    "exit-child": "leave a child that holds the terminal for so many ms after exit (61)",
    "exit-never": "say nothing and stay on exit",
    "helper": "start a helper deaf to HUP and TERM: group, session, daemon; add +terminal (76)",
    "helper-life": "the helper's life in ms, default 20000",
    "deaf-term": "SIGTERM is ignored (76)",
    "deaf-hup": "SIGHUP and the loss of the terminal are ignored for 20 s (77)",
    "pid-file": "append a row 'name pid' for each process to this file",
}


class NoSuchVice(Exception):
    """A vice that is not in the table."""


class Vices:
    """The chosen vices with their values; a bare name has the value ''."""

    def __init__(self, chosen: Iterable[str] = ()) -> None:
        self._values: dict[str, str] = {}
        for item in chosen:
            name, _, value = item.strip().partition("=")
            if name and name not in VICES:
                raise NoSuchVice(name)
            self._values[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str, bare: str | None = None) -> str:
        """Return the value of a vice; ``default`` if absent, ``bare`` if given without value."""
        assert name in VICES, name
        if name not in self._values:
            return default
        return self._values[name] or (default if bare is None else bare)

    def number(self, name: str, default: int, bare: int | None = None) -> int:
        """Return the value of a vice as an integer, with the defaults of ``text``."""
        return int(self.text(name, str(default), None if bare is None else str(bare)))

    def seconds(self, name: str, bare_ms: int) -> float:
        """Return a value given in ms as seconds; 0 if the vice is absent."""
        return self.number(name, 0, bare_ms) / 1000


def chosen_vices(environment: str, arguments: list[str]) -> tuple[Vices, list[str]]:
    """Collect vices of the environment and of ``--vice``; return the other arguments too."""
    chosen, rest = environment.split(","), []
    words = iter(arguments)
    for word in words:
        if word == "--vice":
            chosen += next(words, "").split(",")
        elif word.startswith("--vice="):
            chosen += word.removeprefix("--vice=").split(",")
        else:
            rest.append(word)
    return Vices(chosen), rest
