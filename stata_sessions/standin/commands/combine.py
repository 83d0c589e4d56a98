"""merge and append."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.combining import Matching, add_labels, append, joined, match
from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.files import data_path, load
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.quoting import split_words
from stata_sessions.standin.storage import missing_in
from stata_sessions.standin.syntax import CommandLine

_KINDS = ("1:1", "m:1", "1:m")
_WORDS = {
    "master": 1, "mas": 1, "1": 1,
    "using": 2, "us": 2, "2": 2,
    "match": 3, "matched": 3, "mat": 3, "3": 3,
}  # fmt: skip
_TEXTS = {1.0: "Master only (1)", 2.0: "Using only (2)", 3.0: "Matched (3)"}


@command("append", shortest=3)
def append_(interp: Interpreter, line: CommandLine) -> None:
    """Add the observations of files."""
    marker = line.options.value("generate", 3)
    keep = line.options.value("keep")
    force = line.options.flag("force")
    bare = line.options.flag("nolabel", 3)
    line.options.flag("nonotes")
    line.options.finish()
    found = re.search(r"\busing\s+(.*)$", line.raw.split(",")[0], re.DOTALL)
    if found is None:
        raise StataError(100, "using required")
    data = interp.data
    source = np.zeros(data.observations)
    for number, word in enumerate(split_words(found[1]), 1):
        other = load(interp, data_path(word))
        if bare:
            other.value_labels = {}
        if keep:
            names = other.expand(keep)
            other.columns = {name: other.columns[name] for name in names}
        if not data.columns:
            data.observations = 0
        append(data, other, interp.out, force=force)
        source = np.concatenate([source, np.full(other.observations, float(number))])
    if marker:
        data.add(marker, source)


@command("merge", shortest=3, takes="using")
def merge(interp: Interpreter, line: CommandLine) -> None:
    """Add the variables of a file, matching observations by key."""
    options, data = line.options, interp.data
    kind, *words = line.words or ("",)
    kinds = {"one:one": "1:1", "many:1": "m:1"}
    kind = kinds.get(kind, kind)
    if kind not in _KINDS or line.using is None:
        raise invalid_syntax()
    bare = options.flag("nogenerate", 5)
    marker = options.value("generate", 3) or "_merge"
    keep, demand = options.value("keep"), options.value("assert")
    chosen, silent = options.value("keepusing"), options.flag("noreport", 5)
    update, replace = options.flag("update"), options.flag("replace")
    unlabelled = options.flag("nolabel", 3)
    options.flag("nonotes")
    options.finish()
    if replace and not update:
        raise StataError(198, "option replace requires option update")
    keys = data.expand(" ".join(words))
    if not keys:
        raise StataError(100, "varlist required")
    if not bare and marker in data.columns:
        raise already_defined(marker)
    other = load(interp, data_path(line.using))
    for key in keys:
        other.one(key)
    names = other.expand(chosen) if chosen else other.variables
    matching = match(data, other, keys, kind)
    result = joined(data, other, keys, [n for n in names if n not in keys], matching, interp.out)
    codes = matching.codes
    if update:
        codes = _update(result, data, other, names, keys, matching, replace=replace)
    if unlabelled:
        other.value_labels = {}
    add_labels(result, other, interp.out)
    _finish(interp, result, codes, keep, demand, marker if not bare else "", silent)


def _finish(
    interp: Interpreter,
    result: Dataset,
    codes: np.ndarray[tuple[int], np.dtype[np.intp]],
    keep: str | None,
    demand: str | None,
    marker: str,
    silent: bool,
) -> None:
    result.sorted_by, result.changed = [], True
    interp.data = result
    if marker:
        column = result.add(marker, codes.astype(np.float64), "byte")
        column.format, column.label = "%23.0g", "Matching result from merge"
        result.value_labels[marker] = dict(_TEXTS)
        column.value_label = marker
    if demand is not None and not np.isin(codes, _codes(demand)).all():
        raise StataError(
            9, "merge:  after merge, not all observations from",
            "        " + _NAMES.get(demand, demand), "        (merged result left in memory)",
        )  # fmt: skip
    if keep is not None:
        staying = np.isin(codes, _codes(keep))
        result.take(staying)
        codes = codes[staying]
    if not silent:
        _report(interp, codes, marker or "_merge")


_NAMES = {"match": "matched", "3": "matched"}


def _codes(text: str) -> list[int]:
    try:
        found = [_WORDS[word] for word in text.split()]
    except KeyError as error:
        raise StataError(198, f"{error.args[0]} not allowed in keep() or assert()") from None
    return [*found, 4, 5] if 3 in found else found


def _update(
    result: Dataset,
    data: Dataset,
    other: Dataset,
    names: list[str],
    keys: list[str],
    matching: Matching,
    *,
    replace: bool,
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Fill missing values of shared variables, with `replace` others too; return the codes."""
    codes = matching.codes.copy()
    both = codes == 3
    for name in names:
        if name in keys or name not in data.columns:
            continue
        theirs = other.columns[name].values[matching.using]
        mine = result.columns[name].values
        gaps = both & missing_in(mine) & ~missing_in(theirs)
        conflict = both & ~missing_in(mine) & ~missing_in(theirs) & (mine != theirs)
        codes[gaps & (codes == 3)] = 4
        codes[conflict] = 5
        taken = gaps | conflict if replace else gaps
        result.columns[name].values = np.where(taken, theirs, mine)
    return codes


def _report(
    interp: Interpreter, codes: np.ndarray[tuple[int], np.dtype[np.intp]], marker: str
) -> None:
    out = interp.out
    counts = {code: int(np.count_nonzero(codes == code)) for code in range(1, 6)}
    rule = "    " + "-" * 41

    def row(text: str, count: int, code: int = 0) -> None:
        out.row(f"    {text:<25}{count:>16,}" + (f"  ({marker}=={code})" if code else ""))

    out.row()
    out.row("    Result                      Number of obs")
    out.row(rule)
    row("Not matched", counts[1] + counts[2])
    if counts[1] + counts[2]:
        row("    from master", counts[1], 1)
        row("    from using", counts[2], 2)
    out.row()
    if counts[4] or counts[5]:
        row("Matched", counts[3] + counts[4] + counts[5])
        row("    not updated", counts[3], 3)
        row("    missing updated", counts[4], 4)
        row("    nonmissing conflict", counts[5], 5)
    else:
        row("Matched", counts[3], 3)
    out.row(rule)
