"""What each vice shows that a console without it does not, as data."""

from dataclasses import dataclass

OUTER = 'include "{d}/outer.do"'


@dataclass(frozen=True, slots=True)
class Exchange:
    """Lines typed at once, files they use, and a pattern that only the vice brings forth.

    ``{d}`` stands for the folder of the files.
    """

    vices: str
    shows: str
    typed: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.vices


def _exchange(vices: str, shows: str, *typed: str, **files: str) -> Exchange:
    named = tuple((f"{name}.do", text) for name, text in files.items())
    return Exchange(vices, shows, typed, named)


_INNER = "not_a_command\n"
_OUTER = 'include "{d}/inner.do"\n'
_LONG = '"' + "a" * 50 + '"'

EXCHANGES: tuple[Exchange, ...] = (
    _exchange("processors=0", r"set processors is not allowed\r\nr\(198\);", "set processors 2"),
    _exchange("banner", "Serial number: 0"),
    _exchange("profile", r"^\r\nRunning /opt/profile\.do \.\.\.\r\n\r\n\r\n\. "),
    _exchange("profile=wrapped", r"Running /opt/a_long\w*[^\r]*\r\n> .*profile\.do \.\.\.\r\n"),
    _exchange("profile-rows", r"r\(111\);\r\n\r\n\. "),
    _exchange("profile-rmsg", r"1\r\nr; t=0\.\d\d \d{1,2}:\d\d:\d\d\r\n", "display 1"),
    _exchange("profile-cd=/usr", r"\r\n/usr\r\n", "pwd"),
    _exchange("keypad", r"^\x1b=(?s:.*)\x1b=\r\n\. ", "!true"),
    _exchange("keypad=xterm", r"^\x1b\[\?1h\x1b="),
    _exchange("colour", r"\x1b\[1;33mhello\x1b\[4m\x1b\[0m\r\n", 'display "hello"'),
    _exchange("prompt-colour", r"\x1b\[32m\. \x1b\[0m"),
    _exchange("paste", r"\x1b\[\?2004h\. display 1\x1b\[\?2004l\r\r\n1", "display 1"),
    _exchange("prompt-colour=sgr0", r"\x1b\[32m\. \x1b\(B\x1b\[m"),
    _exchange("title", r"\x1b\]0;Stata\x07\. "),
    _exchange("asks-cursor", r"^\x1b\[6n"),
    _exchange("double-return", r"5\r\r\n", "display 5"),
    _exchange("nul", r"5\r\n\0", "display 5"),
    _exchange("echo-space", r"\. display 5 \r\n5", "display 5"),
    _exchange("prompt-redraw", r"\. \r\. display", ""),
    _exchange("echo=tty", r"\r\ndisplay 1\r\ndisplay 2\r\n", "sleep 100", "display 1", "display 2"),
    _exchange("echo=none", r"\. \r\n5\r\n", "display 5"),
    _exchange("echo=mute", r"\. 5\r\n", "display 5"),
    _exchange("echo=both", r"(?s)display 77.*display 77", "display 77"),
    _exchange("echo=redraw", r"\r\x1b\[K\. di\x1b\[5G", "display 1"),
    _exchange("echo-width=20", r"\. display .{10}\r\n> aaaa", f"display {_LONG}"),
    _exchange("echo-off", r'f\.do"\r\n5\r\n', 'include "{d}/f.do"', f="display 5\n"),
    _exchange("prompt-no-blank", r"\n5\r\n\. ", "display 5"),
    _exchange("prompt-blank", r"\. \r\n\r\n\. ", ""),
    _exchange("prompt-row", r"5\r\n\r\nwarning: [a-z ]+\r\n\. ", "display 5"),
    _exchange("prompt-glued", r"abc\. ", 'display "abc" _continue'),
    _exchange("prompt-late=30", r"\[1\]\+  Done", "sleep 300"),
    _exchange("if-prompt=angle", r"\r\n> display 5\r\n", "if 1 == 1 {", "display 5", "}"),
    _exchange("bare-newline", r"(?<!\r)\n5(?<!\r)\n", "display 5"),
    _exchange("type-limit=20", "too few quotes", f"display {_LONG}"),
    _exchange(
        "codes=1", r"unrecognized\r\nr\(199\);\r\n\r\n\. ", OUTER, inner=_INNER, outer=_OUTER
    ),
    _exchange("codes=2", r"d\r\n(r\(199\);\r\n){2}\r\n\. ", OUTER, inner=_INNER, outer=_OUTER),
    _exchange("codes=4", r"d\r\n(r\(199\);\r\n){4}\r\n\. ", OUTER, inner=_INNER, outer=_OUTER),
    _exchange("block-codes", r"(r\(199\);\r\n){2}", "if 1 {", "not_a_command", "}"),
    _exchange("tab-completes", r"\. display c\(price", "display c(\t"),
    _exchange("code-blank", r"\);\r\n\r\nr\(199\);", OUTER, inner=_INNER, outer=_OUTER),
    _exchange(
        "capture-quiet", r"unrecognized\r\n\r\n\. ", 'capture noisily do "{d}/f.do"', f=_INNER
    ),
    _exchange("include-end=row", r"5\r\n\r\nend of do-file", 'include "{d}/f.do"', f="display 5\n"),
    _exchange("include-end=dot", r"5\r\n\r\n\. \r\n\r\n\. ", 'include "{d}/f.do"', f="display 5\n"),
    _exchange("end-dot", r"\r\n\. \r\nend of do-file", 'do "{d}/f.do"', f="display 5\n"),
    _exchange("end-blank", r"end of do-file\r\n\r\nr\(199\)", 'do "{d}/f.do"', f=_INNER),
    _exchange("rmsg-long", r"r; t=1106\.30 9:36:33", "set rmsg on", "display 5"),
    _exchange("rmsg-long", r"r\(199\); t=1106\.30 9:36:33", "set rmsg on", "not_a_command"),
    _exchange("old-words", "unrecognized command:  not_a_command", "not_a_command"),
    _exchange("linesize=40", r"\r\na{40}\r\n> a{10}\r\n", f"display {_LONG}"),
    _exchange("linesize=40", r"\. display .{30}\r\n> a+", 'do "{d}/f"', f=f"display {_LONG}\n"),
    _exchange(
        "open-block=continue",
        r"  3\. \}\r\nin\r\nin\r\n",
        'include "{d}/outer.do"',
        "}",
        inner="foreach x in 1 2 {\n",
        outer=_OUTER + 'display "in"\n',
    ),
    _exchange(
        "open-mata=continue",
        r"3499  display not found\r\nr\(3499\);\r\n\r\n: end",
        'include "{d}/outer.do"',
        "end",
        inner="mata\nx = 1\n",
        outer=_OUTER + 'display as error "A" "B"\n',
    ),
    _exchange(
        "open-comment",
        r'> display "swal" "lowed"\r\n(?!swallowed)',
        'include "{d}/outer.do"',
        inner="/* open\n",
        outer=_OUTER + 'display "swal" "lowed"\n',
    ),
    _exchange(
        "delimit-persists",
        r'> "B"\r\nAB\r\n',
        'include "{d}/outer.do"',
        inner="#delimit ;\ndisplay 1;\n",
        outer=_OUTER + 'display "A"\n"B"\n',
    ),
    _exchange(
        "delimit-persists=lost",
        r'> "B"\r\n\r\n\. ',
        'include "{d}/outer.do"',
        inner="#delimit ;\ndisplay 1;\n",
        outer=_OUTER + 'display "A"\n"B"\n',
    ),
    _exchange("no-last-line", r'f\.do"\r\n\r\nend of do-file', 'do "{d}/f.do"', f="display 7"),
    _exchange(
        "exit-caller",
        r'exit\r\n\r\n\. (?!display "after)',
        'include "{d}/outer.do"',
        inner="exit\n",
        outer=_OUTER + 'display "after"\n',
    ),
    _exchange("more", "--more--", "flood 8000"),
    _exchange("more-returns", "--more--", 'include "{d}/f.do"', "flood 8000", f="set more off\n"),
    _exchange("more-always", "--more--", "set more off", "flood 8000"),
    _exchange("trace-on", "- display 5", "program define p", "display 5", "end", "p"),
    _exchange("graph-note=old", "written in SVG format", 'graph export "{d}/a.svg", replace'),
)
