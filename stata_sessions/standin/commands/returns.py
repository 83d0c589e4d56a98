"""return, ereturn, sreturn and _return: what programs leave behind."""

from __future__ import annotations

import re

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.macro import assigned
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.formats import format_value
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.results import Matrix, Results
from stata_sessions.standin.syntax import CommandLine

_ASSIGNMENT = re.compile(r"(\w+)\s*(=?)\s*(.*)$", re.DOTALL)


@command("return", shortest=3)
def return_(interp: Interpreter, line: CommandLine) -> None:
    """Save or list r()."""
    word, _, rest = line.raw.strip().partition(" ")
    if _lists(word, rest):
        show(interp, "r", interp.r)
    elif word == "add":
        merged = interp.r.copy()
        merged.scalars |= interp.frame.returned.scalars
        merged.macros |= interp.frame.returned.macros
        merged.matrices |= interp.frame.returned.matrices
        interp.frame.returned.take(merged)
    else:
        _save(interp, interp.frame.returned, word, rest)


@command("ereturn", shortest=3)
def ereturn(interp: Interpreter, line: CommandLine) -> None:
    """Save, list or show e()."""
    word, _, rest = line.raw.strip().partition(" ")
    if _lists(word, rest):
        show(interp, "e", interp.e)
    elif word == "post":
        _post(interp, rest)
    elif word == "display" or word in ("di", "dis"):
        interp.execute("estimates replay")
    else:
        _save(interp, interp.e, word, rest)


@command("sreturn", shortest=3)
def sreturn(interp: Interpreter, line: CommandLine) -> None:
    """Save or list s()."""
    word, _, rest = line.raw.strip().partition(" ")
    if _lists(word, rest):
        show(interp, "s", interp.s)
    else:
        _save(interp, interp.s, word, rest)


def _lists(word: str, rest: str) -> bool:
    return word in ("list", "li", "l", "lis") and rest.strip() in ("", ", all")


def _save(interp: Interpreter, results: Results, word: str, rest: str) -> None:
    if word == "clear":
        results.clear()
        return
    found = _ASSIGNMENT.match(rest.strip())
    if found is None:
        raise invalid_syntax()
    name, text = found[1], found[3]
    if word in ("scalar", "sca", "scal", "scala"):
        results.scalars[name] = _number(interp, text)
    elif word in ("local", "loc", "loca"):
        results.macros[name] = assigned(interp, rest.strip()[len(name) :])
    elif word in ("matrix", "mat", "matr", "matri"):
        results.matrices[name] = _given_matrix(interp, CommandLine("matrix", text))
    else:
        raise invalid_syntax()


def _given_matrix(interp: Interpreter, line: CommandLine) -> Matrix:
    """Take a matrix away from its name, or with `copy` leave it there."""
    copy = line.options.flag("copy")
    line.options.finish()
    matrix = interp.matrices.get(line.arguments)
    if matrix is None:
        raise StataError(111, f"matrix {line.arguments} not found")
    if not copy:
        del interp.matrices[line.arguments]
    return matrix


def _number(interp: Interpreter, text: str) -> float:
    value = interp.evaluate(text)
    if isinstance(value, str):
        raise StataError(109, "type mismatch")
    return float(value)


def _post(interp: Interpreter, text: str) -> None:
    """`ereturn post b V [, obs(#) dof(#) depname(text) esample(name)]`."""
    line = CommandLine("ereturn post", text)
    names = line.arguments.split()
    results = Results()
    for store, name in zip(("b", "V"), names, strict=False):
        if name not in interp.matrices:
            raise StataError(111, f"matrix {name} not found")
        results.matrices[store] = interp.matrices.pop(name)
    for option, scalar in (("obs", "N"), ("dof", "df_r")):
        value = line.options.number(option)
        if value is not None:
            results.scalars[scalar] = value
    depname = line.options.value("depname", 3)
    if depname:
        results.macros["depvar"] = depname
    sample = line.options.value("esample", 1)
    line.options.finish()
    if sample:
        results.sample = interp.data.column(sample)
    interp.e.take(results)


def show(interp: Interpreter, store: str, results: Results) -> None:
    """List a store as return list does."""
    out = interp.out
    blocks = (
        ("scalars", [(n, _listed(v)) for n, v in results.scalars.items()], "="),
        ("macros", [(n, f'"{v}"') for n, v in results.macros.items()], ":"),
        (
            "matrices",
            [(n, f" {len(m.rows)} x {len(m.columns)}") for n, m in results.matrices.items()],
            ":",
        ),
    )
    functions = [("sample", "")] if store == "e" and results.sample is not None else []
    for title, rows, sign in blocks:
        if rows:
            out.row(f"\n{title}:")
            for name, value in rows:
                out.row(f"{f'{store}({name})':>22} {sign} {value.rstrip()}")
    if functions:
        out.row("\nfunctions:")
        out.row(f"{'e(sample)':>22}   ")


def _listed(value: float) -> str:
    return " " + format_value(value, "%18.0g").strip()


@command("_return", shortest=4)
def hold(interp: Interpreter, line: CommandLine) -> None:
    """Put r() aside under a name, and take it back."""
    word, *names = line.arguments.split() or [""]
    keep = line.options.flag("hold")
    line.options.finish()
    if word == "hold" and names:
        interp.held[names[0]] = interp.r.copy()
        interp.r.clear()
    elif word in ("restore", "res") and names:
        if names[0] not in interp.held:
            raise StataError(111, f"{names[0]} not found")
        interp.r.take(interp.held[names[0]] if keep else interp.held.pop(names[0]))
    elif word == "drop" and names:
        interp.held = {} if names[0] == "_all" else interp.held
        interp.held.pop(names[0], None)
    elif word == "dir":
        for name in interp.held:
            interp.out.row(name)
    else:
        raise invalid_syntax()
