"""encode, decode, destring, tostring: between strings and numbers."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.dataset import Variable, strings
from stata_sessions.standin.errors import StataError, already_defined, option_required
from stata_sessions.standin.formats import format_value, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import counted
from stata_sessions.standin.missing import SYSTEM, is_missing, missing_name
from stata_sessions.standin.quoting import unquote
from stata_sessions.standin.samples import sample
from stata_sessions.standin.storage import Numbers, default_format, smallest_type
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.text_functions import real

# [R] limits: entries of a value label.
_MOST_CODES = 65_536


_SPACE = {" ": "space"}


def _new_name(interp: Interpreter, line: CommandLine) -> str:
    name = line.options.value("generate", 1)
    if name is None:
        raise option_required("generate()")
    if name in interp.data.columns:
        raise already_defined(name)
    return name


@command("encode", shortest=2, takes="if in")
def encode(interp: Interpreter, line: CommandLine) -> None:
    """Turn strings into labelled numbers."""
    new = _new_name(interp, line)
    label = line.options.value("label", 1) or new
    line.options.finish()
    data = interp.data
    name = data.single(line.arguments)
    if not data.columns[name].is_text:
        raise StataError(107, "not possible with numeric variable")
    chosen = sample(interp, line, [name])
    values = data.columns[name].values
    texts = data.value_labels.get(label, {})
    codes = {text: value for value, text in texts.items()}
    new_texts = sorted(set(values[chosen]) - codes.keys())
    if len(codes) + len(new_texts) > _MOST_CODES:
        raise StataError(134, "too many values")
    first = int(max(codes.values(), default=0.0)) + 1
    codes |= {text: float(code) for code, text in enumerate(new_texts, first)}
    found = [codes[text] if use else SYSTEM for text, use in zip(values, chosen, strict=True)]
    width = min(80, max([8, *(len(text) for text in codes)]))
    data.value_labels[label] = {value: text for text, value in codes.items()}
    data.add(
        new, np.array(found), "long", format=f"%{width}.0g", value_label=label,
        label=data.columns[name].label,
    )  # fmt: skip


@command("decode", shortest=3, takes="if in")
def decode(interp: Interpreter, line: CommandLine) -> None:
    """Turn labelled numbers into strings."""
    new = _new_name(interp, line)
    longest = line.options.number("maxlength", 4)
    line.options.finish()
    data = interp.data
    name = data.single(line.arguments)
    variable = data.columns[name]
    if variable.is_text or not variable.value_label:
        raise StataError(182, f"{name} not labeled")
    texts, chosen = data.texts(name), sample(interp, line)
    found = [
        texts.get(float(value), "")[: int(longest or 32000)] if use else ""
        for value, use in zip(variable.values, chosen, strict=True)
    ]
    data.add(new, strings(found), label=variable.label)


def _targets(interp: Interpreter, line: CommandLine) -> dict[str, str]:
    """Return the new name for each variable: its own with `replace`."""
    replace, generate = line.options.flag("replace"), line.options.value("generate", 3)
    names = interp.data.expand(line.arguments) if line.arguments else interp.data.variables
    if replace == (generate is not None):
        raise StataError(198, "must specify either generate or replace option")
    if replace:
        return {name: name for name in names}
    new = (generate or "").split()
    if len(new) != len(names):
        raise StataError(198, "number of variables in varlist must equal number in generate()")
    for name in new:
        if name in interp.data.columns:
            raise already_defined(name)
    return dict(zip(names, new, strict=True))


@command("destring", shortest=5, takes="")
def destring(interp: Interpreter, line: CommandLine) -> None:
    """Turn strings that spell numbers into numbers."""
    targets = _targets(interp, line)
    ignored = unquote(line.options.value("ignore", 1) or "")
    wrong = "characters not specified in ignore()" if ignored else "nonnumeric characters"
    force, percent = line.options.flag("force"), line.options.flag("percent")
    as_float = line.options.flag("float")
    line.options.finish()
    for name, new in targets.items():
        variable = interp.data.columns[name]
        if not variable.is_text:
            interp.out.row(f"{name} already numeric; no {_verb(name, new)}")
            continue
        values, seen, bad = _numbers(variable, ignored + "%" * percent, force=force)
        if bad and not force:
            interp.out.row(f"{name}: contains {wrong}; no {_verb(name, new)}")
            continue
        if percent:
            values = np.where(values < SYSTEM, values / 100, values)
        kind = smallest_type(values, whole_only=True)
        kind = "float" if as_float and kind == "double" else kind
        _put(interp, name, new, Variable(kind, values, default_format(kind), variable.label))
        done = f"replaced as {kind}" if name == new else f"{new} generated as {kind}"
        what = _left_out([each for each in ignored if each in seen])
        interp.out.row(f"{name}: {f'contains {wrong}' if bad else what}; {done}")
        absent = int(np.count_nonzero(values >= SYSTEM))
        if absent:
            interp.out.row(f"({counted(absent, 'missing value')} generated)")


def _left_out(characters: list[str]) -> str:
    if not characters:
        return "all characters numeric"
    names = [_SPACE.get(each, each) for each in characters]
    return f"character{'s' * (len(names) > 1)} {' '.join(names)} removed"


def _verb(name: str, new: str) -> str:
    return "replace" if name == new else "generate"


def _numbers(variable: Variable, ignored: str, *, force: bool) -> tuple[Numbers, list[str], bool]:
    """Return the numbers, the characters left out, and whether some text was no number."""
    found, seen, bad = [], [], False
    for text in variable.values:
        left_out = [character for character in text if character in ignored]
        seen += [character for character in left_out if character not in seen]
        kept = "".join(character for character in text if character not in ignored).strip()
        value = real(kept)
        bad = bad or (is_missing(value) and not re.fullmatch(r"|\.[a-z]?", kept))
        found.append(value)
    return np.array(found, dtype=np.float64), seen, bad


def _put(interp: Interpreter, name: str, new: str, variable: Variable) -> None:
    data = interp.data
    if name == new:
        data.columns[name] = variable
        data.forget_order(name)
    else:
        position = data.variables.index(name) + 1
        items = list(data.columns.items())
        data.columns = dict([*items[:position], (new, variable), *items[position:]])
    data.changed = True


@command("tostring", shortest=5, takes="")
def tostring(interp: Interpreter, line: CommandLine) -> None:
    """Turn numbers into strings."""
    targets = _targets(interp, line)
    fmt = unquote(line.options.value("format", 1) or "")
    force, labelled = line.options.flag("force"), line.options.flag("usedisplayformat", 1)
    line.options.finish()
    for name, new in targets.items():
        variable = interp.data.columns[name]
        if variable.is_text:
            interp.out.row(f"{name} already string; no {_verb(name, new)}")
            continue
        chosen = fmt or (variable.format if labelled else "")
        values = [_text(float(value), chosen) for value in variable.values]
        lost = any(real(t) != v for t, v in zip(values, variable.values, strict=True))
        if lost and not force:
            interp.out.paragraph(f"{name} cannot be converted reversibly; no {_verb(name, new)}")
            continue
        kind = smallest_type(strings(values))
        _put(
            interp, name, new, Variable(kind, strings(values), default_format(kind), variable.label)
        )
        was = f"{name} was {variable.type} now {kind}"
        interp.out.row(was if name == new else f"{new} generated as {kind}")


def _text(value: float, fmt: str) -> str:
    if is_missing(value):
        return missing_name(value)
    return format_value(value, fmt).strip() if fmt else general(value, 12)
