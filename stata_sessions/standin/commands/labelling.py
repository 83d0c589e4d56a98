"""label and notes: what data, variables and values are called."""

from __future__ import annotations

import re

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.formats import format_value
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.syntax import CommandLine

_LONGEST = 80


@command("label", shortest=2, takes="")
def label(interp: Interpreter, line: CommandLine) -> None:
    """Label the data, variables or values, or list value labels."""
    word, part = line.split()
    for name, shortest, function in _PIECES:
        if len(word) >= shortest and name.startswith(word):
            function(interp, part)
            return
    raise invalid_syntax()


def _data(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    interp.data.label = unquote(line.arguments)[:_LONGEST]
    interp.data.changed = True


def _variable(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    words = list(split_words(line.raw.strip()))
    if not words:
        raise invalid_syntax()
    name = interp.data.single(words[0])
    interp.data.columns[name].label = unquote(" ".join(words[1:]))[:_LONGEST]
    interp.data.changed = True


def _define(interp: Interpreter, line: CommandLine) -> None:
    add, modify = line.options.flag("add"), line.options.flag("modify")
    replace = line.options.flag("replace")
    line.options.flag("nofix")
    line.options.finish()
    words = list(split_words(line.arguments))
    if len(words) < 3 or not len(words) % 2:
        raise invalid_syntax()
    name, known = words[0], interp.data.value_labels
    if name in known and not (add or modify or replace):
        raise already_defined(name, "label")
    texts: dict[float, str] = {} if replace else dict(known.get(name, {}))
    for number, text in zip(words[1::2], words[2::2], strict=True):
        value = interp.evaluate(number)
        if isinstance(value, str):
            raise invalid_syntax()
        if add and value in texts:
            raise StataError(180, "invalid attempt to modify label")
        texts[float(value)] = unquote(text)
    known[name] = {value: texts[value] for value in sorted(texts) if texts[value]}
    interp.data.changed = True


def _values(interp: Interpreter, line: CommandLine) -> None:
    line.options.flag("nofix")
    line.options.finish()
    *names, label_name = line.arguments.split() or [""]
    if not names:
        names, label_name = [label_name], "."
    for name in interp.data.expand(" ".join(names)):
        if interp.data.columns[name].is_text:
            raise StataError(181, "may not label strings")
        interp.data.columns[name].value_label = "" if label_name == "." else label_name
    interp.data.changed = True


def _known(interp: Interpreter, text: str) -> list[str]:
    labels = interp.data.value_labels
    names = list(labels) if text in ("", "_all") else text.split()
    for name in names:
        if name not in labels:
            raise StataError(111, f"value label {name} not found")
    return names


def _list(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    for name in _known(interp, line.arguments):
        interp.out.row(f"{name}:")
        for value, text in interp.data.value_labels[name].items():
            interp.out.row(f"{format_value(value, '%12.0g')} {text}")


def _directory(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    for name in interp.data.value_labels:
        interp.out.row(name)


def _drop(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    for name in _known(interp, line.arguments):
        del interp.data.value_labels[name]
    interp.data.changed = True


def _copy(interp: Interpreter, line: CommandLine) -> None:
    replace = line.options.flag("replace")
    line.options.finish()
    old, new = line.arguments.split()
    _known(interp, old)
    if new in interp.data.value_labels and not replace:
        raise already_defined(new, "label")
    interp.data.value_labels[new] = dict(interp.data.value_labels[old])


_PIECES = (
    ("data", 2, _data),
    ("variable", 3, _variable),
    ("define", 2, _define),
    ("values", 3, _values),
    ("list", 1, _list),
    ("dir", 3, _directory),
    ("drop", 4, _drop),
    ("copy", 4, _copy),
)
_NOTE = re.compile(r"\s*(\w*)\s*:\s*(.+)$", re.DOTALL)


@command("notes", shortest=4)
def notes(interp: Interpreter, line: CommandLine) -> None:
    """Attach a note to the data or a variable, list or drop notes."""
    data = interp.data
    words = line.raw.split()
    if words[:1] == ["drop"]:
        for owner in ["_dta"] if words[1:2] == ["_dta"] else data.expand(" ".join(words[1:2])):
            data.notes.pop(owner, None)
        return
    found = _NOTE.match(line.raw)
    if found:
        owner = found[1] if found[1] in ("", "_dta") else data.single(found[1])
        data.notes.setdefault(owner or "_dta", []).append(found[2].strip())
        data.changed = True
        return
    owners = [w for w in words if w not in ("list", "_dta")]
    wanted = data.expand(" ".join(owners)) if owners else ["_dta", *data.variables]
    for owner in ["_dta"] if words == ["_dta"] else wanted:
        if data.notes.get(owner):
            interp.out.row()
            interp.out.row(f"{owner}:")
            for number, text in enumerate(data.notes[owner], 1):
                interp.out.paragraph(f"{number:>3}.  {text}", indent=6)
