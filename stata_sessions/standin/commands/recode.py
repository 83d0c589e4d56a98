"""recode: values by rules."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import counted
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.samples import numeric, sample
from stata_sessions.standin.storage import Mask, Numbers
from stata_sessions.standin.syntax import CommandLine

_RULE = re.compile(r"(?P<old>[^=]+)=\s*(?P<new>\S+)(?:\s+(?P<label>[\"`].*))?\s*$", re.DOTALL)
_Rule = tuple[list[str], float, str]


@command("recode", takes="if in")
def recode(interp: Interpreter, line: CommandLine) -> None:
    """Change values by rules, in place or into new variables."""
    new = (line.options.value("generate", 3) or "").split()
    prefix, label = line.options.value("prefix", 3), line.options.value("label", 1)
    line.options.finish()
    words = list(split_words(line.arguments))
    first = next((n for n, w in enumerate(words) if w.startswith("(") or "=" in w), len(words))
    names = numeric(interp, " ".join(words[:first]))
    rules = [_rule(interp, word.strip("()") if "(" in word else word) for word in words[first:]]
    if not rules or not names:
        raise invalid_syntax()
    if prefix:
        new = [prefix + name for name in names]
    if new and len(new) != len(names):
        raise StataError(198, "number of variables in generate() must match the varlist")
    for name in new:
        if name in interp.data.columns:
            raise already_defined(name)
    chosen = sample(interp, line)
    for place, name in enumerate(names):
        values = _recoded(interp.data.numbers(name), chosen, rules)
        _store(interp, name, new[place] if new else "", values, chosen)
        if new and any(text for _, _, text in rules):
            texts = {value: text for _, value, text in rules if text}
            interp.data.value_labels[label or new[place]] = texts
            interp.data.columns[new[place]].value_label = label or new[place]


def _rule(interp: Interpreter, text: str) -> _Rule:
    found = _RULE.match(text)
    if found is None:
        raise StataError(198, f"rule ({text}) invalid")
    value = interp.evaluate(found["new"])
    if isinstance(value, str):
        raise invalid_syntax()
    return found["old"].split(), float(value), unquote(found["label"] or "")


def _recoded(values: Numbers, chosen: Mask, rules: list[_Rule]) -> Numbers:
    result, done = values.copy(), ~chosen
    for items, value, _ in rules:
        for item in items:
            hit = ~done & _hit(values, item, done)
            result[hit] = value
            done |= hit
    return result


def _hit(values: Numbers, item: str, done: Mask) -> Mask:
    known = values < SYSTEM
    if item in ("else", "*"):
        return ~done
    if item in ("missing", "miss", "mis"):
        return ~known
    if item in ("nonmissing", "nonmiss", "nonm"):
        return known
    low, slash, high = item.partition("/")
    ends = [_end(end, values[known]) for end in ((low, high) if slash else (low, low))]
    return np.asarray((values >= ends[0]) & (values <= ends[1]))


def _end(text: str, known: Numbers) -> float:
    from stata_sessions.standin.text_functions import real

    if text in ("min", "max") and known.size:
        return float(known.min() if text == "min" else known.max())
    value = real(text)
    if value >= SYSTEM and not text.startswith("."):
        raise invalid_syntax()
    return value


def _store(interp: Interpreter, name: str, new: str, values: Numbers, chosen: Mask) -> None:
    data, old = interp.data, interp.data.numbers(name)
    count = int(np.count_nonzero(values != old))
    if not new:
        data.replace(name, values)
        interp.out.row(f"({counted(count, 'change')} made to {name})")
        return
    label = data.columns[name].label or name
    kind = data.columns[name].type
    data.add(new, np.where(chosen, values, old), label=f"RECODE of {name} ({label})")
    if data.columns[new].type == "double" and kind == "float":
        data.columns[new].type = "float"
    interp.out.row(f"({counted(count, 'difference')} between {name} and {new})")
