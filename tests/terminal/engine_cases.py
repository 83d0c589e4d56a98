"""Code of many kinds and what its answer has to be, to the letter; run in this order."""

from __future__ import annotations

from dataclasses import dataclass

LINESIZE = 80


@dataclass(frozen=True, slots=True)
class Case:
    """Code, and its whole output where files are echoed.

    ``printed`` is what the code itself prints, without the echo. ``volume``: it prints very much.
    ``needed``: later cases rely on it.
    """

    name: str
    code: str
    output: str
    printed: str
    return_code: int = 0
    volume: bool = False
    needed: bool = False

    def __str__(self) -> str:
        return self.name


def fold(text: str, width: int = LINESIZE) -> str:
    """Fold one row as Stata does."""
    rows = [text[:width]]
    rest = text[width:]
    while rest:
        rows.append("> " + rest[: width - 2])
        rest = rest[width - 2 :]
    return "\n".join(rows) + "\n"


def line(
    code: str, printed: str = "", return_code: int = 0, *, name: str = "", needed: bool = False
) -> Case:
    """Make a case of one line of code."""
    if return_code:
        printed += f"r({return_code});\n"
    output = f". {code}\n{printed}"
    return Case(name or code, code, output, printed, return_code, needed=needed)


_LONG = "0123456789" * 500
_MANY = 10_000
_NOSUCH = "nosuch not found\nr(111);\n"
_RULE = "-" * LINESIZE + "\n"
_MATA = "-" * 49 + " mata (type end to exit) " + "-" * (LINESIZE - 74) + "\n"

CASES: tuple[Case, ...] = (
    line("display 1", "1\n"),
    line("display nosuch", "nosuch not found\n", 111),
    line("display 2", "2\n", name="after an error"),
    line("* only a comment"),
    Case(
        "loop",
        'foreach i in a b {\ndisplay "`i\'"\n}',
        '. foreach i in a b {\n  2. display "`i\'"\n  3. }\na\nb\n',
        "a\nb\n",
    ),
    line("local kept 5", needed=True),
    line("display `kept'", "5\n", name="a local of the command before"),
    line("global also six", needed=True),
    line('display "$also"', "six\n"),
    line("scalar s = 3", needed=True),
    line("display nosuch + s", "nosuch not found\n", 111),
    line("display s", "3\n", name="a scalar after an error"),
    line("capture error 111", needed=True),
    line("display 7", "7\n"),
    line("display _rc", "111\n", name="_rc of an earlier command"),
    line('display "r(199);"', "r(199);\n"),
    line('display "end of do-file"', "end of do-file\n"),
    line('display ". "', ". \n"),
    line('display "--Break--"', "--Break--\n"),
    line('display "--more--"', "--more--\n"),
    line('display "abc" _continue', "abc\n"),
    line('display ". " _continue', ". \n"),
    line('display "r(1);" _continue', "r(1);\n"),
    line('display "  2. " _continue', "  2. \n"),
    line('display _n(2) ". " _n(2) "after"', "\n\n. \n\nafter\n"),
    line('display "r(7);" _n(2) ". "', "r(7);\n\n. \n", name="an error and a prompt, printed"),
    line('display "@0123456789abcdefghijkl"', "@0123456789abcdefghijkl\n"),
    line('display as error "@" "0123"', "@0123\n"),
    line('display "grüße, 日本語 🙂"', "grüße, 日本語 🙂\n"),
    Case("a tab", 'display "a\tb"', '. display "a      b"\na\tb\n', "a\tb\n"),
    Case("continued", 'display "x" ///\n  "y"', '. display "x" ///\n>   "y"\nxy\n', "xy\n"),
    Case("comment", 'display /* a\nb */ "y"', '. display /* a\n> b */ "y"\ny\n', "y\n"),
    Case("delimiter", "#delimit ;\ndisplay\n 5;", ". #delimit ;\n\n. display\n>  5;\n5\n", "5\n"),
    line("display 8", "8\n", name="after a delimiter"),
    Case(
        "program",
        'program define p\ndisplay "in p"\nend\np',
        '. program define p\n  1. display "in p"\n  2. end\n\n. p\nin p\n',
        "in p\n",
        needed=True,
    ),
    line("p", "in p\n", name="program again"),
    Case("mata", "mata\nx = 1\nend", f". mata\n{_MATA}: x = 1\n\n: end\n{_RULE}", _MATA + _RULE),
    Case(
        "error in the middle",
        "display 1\ndisplay nosuch\ndisplay 2",
        ". display 1\n1\n\n. display nosuch\nnosuch not found\nr(111);\n",
        "1\nnosuch not found\nr(111);\n",
        111,
    ),
    Case(
        "capture",
        "capture noisily summarize nosuch\ndisplay _rc",
        ". capture noisily summarize nosuch\nvariable nosuch not found\n\n. display _rc\n111\n",
        "variable nosuch not found\n111\n",
    ),
    line("error 498", "", 498),
    Case("blank rows", "\n\ndisplay 3\n\n", ". \n. \n. display 3\n3\n\n. \n. \n", "3\n"),
    Case(
        "long line", f'display "{_LONG}"', fold(f'. display "{_LONG}"') + fold(_LONG), fold(_LONG)
    ),
    Case(
        "many lines",
        "\n".join(f"display {n}" for n in range(_MANY)),
        "\n".join(f". display {n}\n{n}\n" for n in range(_MANY)),
        "".join(f"{n}\n" for n in range(_MANY)),
        volume=True,
    ),
    Case("errors alone", "set output error", ". set output error\n", "", needed=True),
    Case("hidden output", 'display "hidden"', "", ""),
    Case("shown all the same", 'display as error "shown"', "shown\n", "shown\n"),
    Case("an error that alone is shown", "display nosuch", *2 * (_NOSUCH,), 111),
    Case("all output again", "set output proc", "", "", needed=True),
    line("clear all", needed=True),
    line("macro drop _all", needed=True),
    line('display "[$also]"', "[]\n", name="a global that was dropped"),
    line("set linesize 40", needed=True),
    Case(
        "narrow",
        f'display "{_LONG[:60]}"',
        fold(f'. display "{_LONG[:60]}"', 40) + fold(_LONG[:60], 40),
        fold(_LONG[:60], 40),
    ),
    line("display nosuch", "nosuch not found\n", 111, name="an error in narrow rows"),
    line("set linesize 80", needed=True),
    line("set rmsg off", needed=True),
    line("display 9", "9\n", name="the last one", needed=True),
)
