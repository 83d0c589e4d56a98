"""Nothing is passed over in silence: what a command does not have, it refuses as Stata does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stata_sessions.standin import commands
from tests.standin.inside import Inside

BEFORE = """
clear all
sysuse auto
keep make weight
rename weight heavy
save other, replace
export delimited using other, replace
capture mkdir empty
sysuse auto, clear
generate touse = 1
regress price mpg
estimates store model
scatter price mpg
"""

# An example of each command and the clauses it takes, of `if in weight using`.
TAKES: dict[str, tuple[str, str]] = {
    "about": ("about", "nothing"),
    "assert": ("assert price > 0", "if in"),
    "clear": ("clear", ""),
    "cls": ("cls", "nothing"),
    "collapse": ("collapse price", "if in weight"),
    "compress": ("compress", ""),
    "confirm": ("confirm variable price", ""),
    "copy": ("copy other.csv more.csv", ""),
    "correlate": ("correlate price mpg", "if in weight"),
    "count": ("count", "if in"),
    "creturn": ("creturn list", ""),
    "decode": ("decode foreign, generate(q)", "if in"),
    "describe": ("describe", "using"),
    "destring": ("destring make, replace", ""),
    "dir": ("dir", ""),
    "discard": ("discard", "nothing"),
    "drop": ("drop if mpg > 30", "if in"),
    "duplicates": ("duplicates report", "if in"),
    "egen": ("egen q = mean(price)", "if in"),
    "encode": ("encode make, generate(q)", "if in"),
    "erase": ("erase other.csv", ""),
    "export": ("export delimited using q", "if in using"),
    "format": ("format price %9.0g", ""),
    "generate": ("generate q = 1", "if in"),
    "gsort": ("gsort -price", ""),
    "histogram": ("histogram price", "if in"),
    "import": ("import delimited using other.csv, clear", "using"),
    "isid": ("isid make", ""),
    "keep": ("keep if mpg > 30", "if in"),
    "levelsof": ("levelsof foreign", "if in"),
    "lincom": ("lincom mpg", ""),
    "line": ("line price mpg", "if in"),
    "list": ("list price", "if in"),
    "logistic": ("logistic foreign mpg", "if in weight"),
    "logit": ("logit foreign mpg", "if in weight"),
    "ls": ("ls", ""),
    "markout": ("markout touse price", ""),
    "merge": ("merge m:1 make using other", "using"),
    "mkdir": ("mkdir new", ""),
    "more": ("more", "nothing"),
    "order": ("order price", ""),
    "predict": ("predict q", "if in"),
    "preserve": ("preserve", ""),
    "probit": ("probit foreign mpg", "if in weight"),
    "pwcorr": ("pwcorr price mpg", "if in weight"),
    "pwd": ("pwd", "nothing"),
    "query": ("query", "nothing"),
    "recode": ("recode rep78 (1=2)", "if in"),
    "regress": ("regress price mpg", "if in weight"),
    "rename": ("rename price cost", ""),
    "replace": ("replace price = 1", "if in"),
    "restore": ("preserve\nrestore", ""),
    "rm": ("rm other.csv", ""),
    "rmdir": ("rmdir empty", ""),
    "save": ("save new", ""),
    "scatter": ("scatter price mpg", "if in"),
    "set": ("set linesize 80", ""),
    "sort": ("sort price", ""),
    "summarize": ("summarize price", "if in weight"),
    "sysuse": ("sysuse auto, clear", ""),
    "tabstat": ("tabstat price", "if in weight"),
    "tabulate": ("tabulate foreign", "if in weight"),
    "testparm": ("testparm mpg", ""),
    "timer": ("timer on 1", ""),
    "tostring": ("tostring mpg, replace", ""),
    "ttest": ("ttest price, by(foreign)", "if in"),
    "twoway": ("twoway scatter price mpg", "if in"),
    "use": ("use make using other, clear", "if in using"),
    "which": ("which use", ""),
}
# The word behind these decides; each of their examples is refused in the same way.
SUBCOMMANDS = {
    "estimates": ["estimates store m", "estimates dir", "estimates table model", "estimates clear"],
    "graph": ["graph dir", "graph export q.svg", "graph drop _all"],
    "label": ["label define a 1 x", "label values mpg origin", "label list", "label drop origin"],
}
# These read their text themselves: prefixes, blocks, names, expressions, text to show, a path.
FREE = set(
    ["_return", "append", "args", "by", "bysort", "capture", "cd", "continue", "display"]
    + ["do", "else", "ereturn", "error", "exit", "foreach", "forvalues", "gettoken"]
    + ["global", "help", "if", "include", "input", "local", "log", "macro", "marksample"]
    + ["mata", "matrix", "nobreak", "noisily", "notes", "pause", "program", "python"]
    + ["quietly", "return", "review", "run", "scalar", "shell", "sleep", "sreturn"]
    + ["syntax", "tempfile", "tempname", "tempvar", "test", "tokenize", "version", "while"]
)
CLAUSES = {
    "if": (" if 1", "r(101);", "if not allowed"),
    "in": (" in 1/2", "r(101);", "in not allowed"),
    "weight": (" [fweight=mpg]", "r(101);", "weights not allowed"),
    "using": (" using nowhere", "r(101);", "using not allowed"),
}
EXAMPLES = [
    *TAKES.values(),
    *((example, "") for examples in SUBCOMMANDS.values() for example in examples),
]


def shown_by(code: str, folder: Path) -> str:
    inside = Inside()
    inside.run(BEFORE, str(folder))
    return inside.run(code, str(folder))


def with_clause(example: str, clause: str) -> str:
    before, comma, options = example.partition(",")
    return f"{before}{clause}{comma}{options}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_is_in_one_of_the_tables() -> None:
    tables = [set(TAKES), set(SUBCOMMANDS), FREE]
    assert set.union(*tables) == set(commands.names())
    assert sum(map(len, tables)) == len(commands.names())


@pytest.mark.parametrize("example", [example for example, _ in EXAMPLES])
def test_an_example_runs(example: str, folder: Path) -> None:
    assert not re.search(r"^r\(\d+\);", shown_by(example, folder), re.MULTILINE)


@pytest.mark.parametrize("example", [example for example, _ in EXAMPLES])
def test_an_unknown_option_is_refused(example: str, folder: Path) -> None:
    line = f"{example} xyzzy" if "," in example else f"{example}, xyzzy"
    assert shown_by(line, folder).endswith("option xyzzy not allowed\nr(198);\n")
    shown = shown_by(line.replace("xyzzy", "xyzzy(3)"), folder)
    assert shown.endswith("option xyzzy() not allowed\nr(198);\n")


@pytest.mark.parametrize(
    ("example", "takes", "clause"),
    [
        (example, takes, clause)
        for example, takes in EXAMPLES
        for clause in CLAUSES
        if f" {clause} " not in f" {example} "
    ],
)
def test_a_clause_is_taken_or_refused(example: str, takes: str, clause: str, folder: Path) -> None:
    text, code, message = CLAUSES[clause]
    shown = shown_by(with_clause(example, text), folder)
    if takes == "nothing":
        assert shown == "invalid syntax\nr(198);\n"
    elif clause in takes.split():
        assert "not allowed" not in shown
    else:
        assert shown.endswith(f"{message}\n{code}\n")


@pytest.mark.parametrize(
    ("line", "message", "code"),
    [
        ("frobnicate price", "command frobnicate is unrecognized", 199),
        ("display frobnicate(1)", "unknown function frobnicate()", 133),
        ("egen q = frobnicate(price)", "unknown egen function frobnicate()", 133),
        ("sysuse frobnicate, clear", 'file "frobnicate.dta" not found', 601),
        *(
            (line, "factor-variable and time-series operators not allowed", 101)
            for line in ("list i.rep78", "summarize L.price", "generate q = price - L.price",
                         "display L.price", "regress price L.mpg", "tabulate foreign#rep78")
        ),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(line: str, message: str, code: int, folder: Path) -> None:
    assert shown_by(line, folder).endswith(f"{message}\nr({code});\n")
