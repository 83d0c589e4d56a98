"""generate and replace: variables from expressions."""

from __future__ import annotations

import re
from dataclasses import replace as change

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import (
    already_defined,
    invalid_syntax,
    type_mismatch,
)
from stata_sessions.standin.expressions import Node, Subscript, evaluate, parse
from stata_sessions.standin.expressions import names as names_in
from stata_sessions.standin.functions import Rows
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import counted
from stata_sessions.standin.ordering import by_rows
from stata_sessions.standin.samples import sample
from stata_sessions.standin.storage import (
    Mask,
    Values,
    blank,
    check_type,
    is_text,
    missing_in,
    promoted,
    settled,
    smallest_type,
)
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import check_name
from stata_sessions.standin.vectors import OneRow, column

_NEW = re.compile(
    r"(?:(?P<type>byte|int|long|float|double|str\d*|strL)\s+)?(?P<name>[^\s=:]+)"
    r"(?:\s*:\s*(?P<label>\w+))?\s*=(?!=)\s*(?P<expression>.+)$",
    re.DOTALL,
)
_OLD = re.compile(r"(?P<name>[^\s=]+)\s*=(?!=)\s*(?P<expression>.+)$", re.DOTALL)


@command("generate", shortest=1, takes="if in")
def generate(interp: Interpreter, line: CommandLine) -> None:
    """Create a variable from an expression."""
    place = _place_option(line)
    line.options.finish()
    found = _NEW.match(line.arguments)
    if found is None:
        raise invalid_syntax()
    data, name = interp.data, check_name(found["name"])
    if name in data.columns:
        raise already_defined(name)
    kind = check_type(found["type"]) if found["type"] else ""
    rows = by_rows(data, line.by)
    chosen = sample(interp, line, rows=rows)
    values = column(interp, found["expression"], change(rows, chosen=chosen))
    add_new(interp, name, values, chosen, kind)
    if found["label"]:
        data.columns[name].value_label = found["label"]
    if place:
        _move(interp, name, *place)


def add_new(
    interp: Interpreter, name: str, values: Values, chosen: Mask, kind: str, verbose: bool = True
) -> None:
    """Add a variable with values where `chosen`, missing elsewhere, and say how many are missing.

    Raises:
        StataError: r(109) if the type does not fit the values.
    """
    text = is_text(values)
    if kind and kind.startswith("str") != text:
        raise type_mismatch()
    if kind in ("", "str"):
        kind = smallest_type(values[chosen]) if text else interp.settings.type
    full = np.where(chosen, values, blank(len(values), kind))
    if text and kind != "strL":
        width = int(kind[3:])
        full = np.array([each.encode()[:width].decode("utf-8", "ignore") for each in full], object)
    variable = interp.data.add(name, full, kind)
    absent = int(np.count_nonzero(missing_in(variable.values)))
    if absent and verbose:
        interp.out.row(f"({counted(absent, 'missing value')} generated)")


def _place_option(line: CommandLine) -> tuple[str, int] | None:
    for word, offset in (("before", 0), ("after", 1)):
        name = line.options.value(word, 1)
        if name:
            return name, offset
    return None


def _move(interp: Interpreter, name: str, beside: str, offset: int) -> None:
    data = interp.data
    names = [each for each in data.variables if each != name]
    names.insert(names.index(data.single(beside)) + offset, name)
    data.columns = {each: data.columns[each] for each in names}


@command("replace", takes="if in")
def replace(interp: Interpreter, line: CommandLine) -> None:
    """Change a variable's values by an expression."""
    keep_type = line.options.flag("nopromote")
    line.options.finish()
    found = _OLD.match(line.arguments)
    if found is None:
        raise invalid_syntax()
    data = interp.data
    name = data.single(found["name"])
    rows = by_rows(data, line.by)
    chosen = sample(interp, line, rows=rows)
    node = parse(found["expression"].strip())
    if _leans_on_itself(node, name):
        values = _one_by_one(interp, name, node, chosen, rows)
    else:
        values = column(interp, found["expression"], change(rows, chosen=chosen))
    put(interp, name, values, chosen, promote=not keep_type)


def put(
    interp: Interpreter, name: str, values: Values, chosen: Mask, *, promote: bool = True
) -> None:
    """Give a variable new values where `chosen`, and say what changed.

    Raises:
        StataError: r(109) if strings meet numbers.
    """
    data = interp.data
    before = data.columns[name]
    if is_text(values) != before.is_text:
        raise type_mismatch()
    full = np.where(chosen, values, before.values)
    if not before.is_text and before.type in ("float", "double"):
        full = settled(full, before.type)
    if promote and promoted(before.type, full) != before.type:
        interp.out.row(f"variable {name} was {before.type} now {promoted(before.type, full)}")
    data.replace(name, full, promote=promote)
    after = data.columns[name].values
    changed = after != before.values
    count = int(np.count_nonzero(changed))
    lost = int(np.count_nonzero(changed & missing_in(after)))
    ending = f", {lost:,} to missing" if lost and not before.is_text else ""
    interp.out.row(f"({counted(count, 'real change')} made{ending})")


def _leans_on_itself(node: Node, name: str) -> bool:
    """Tell whether an expression subscripts the variable that it changes."""
    if isinstance(node, Subscript):
        return node.name == name or any(name in names_in(index) for index in node.indexes)
    children = [getattr(node, part, None) for part in ("left", "right", "operand")]
    children += list(getattr(node, "arguments", ()))
    return any(_leans_on_itself(child, name) for child in children if child is not None)


def _one_by_one(interp: Interpreter, name: str, node: Node, chosen: Mask, rows: Rows) -> Values:
    """Return new values computed in order, each seeing those before it."""
    variable = interp.data.columns[name]
    variable.values = variable.values.copy()
    before, environment = variable.values.copy(), OneRow(interp, rows)
    for row in np.flatnonzero(chosen):
        if not row % 1000:
            interp.poll()
        environment.row = int(row)
        value = evaluate(node, environment)
        if isinstance(value, str) != variable.is_text:
            raise type_mismatch()
        variable.values[row] = value
    values, variable.values = variable.values, before
    return values


@command("drop", takes="if in")
def drop(interp: Interpreter, line: CommandLine) -> None:
    """Drop variables or observations."""
    _thin(interp, line, keep=False)


@command("keep", takes="if in")
def keep(interp: Interpreter, line: CommandLine) -> None:
    """Keep variables or observations."""
    _thin(interp, line, keep=True)


def _thin(interp: Interpreter, line: CommandLine, *, keep: bool) -> None:
    line.options.finish()
    data = interp.data
    if line.if_ is None and line.in_ is None:
        if not line.arguments:
            raise invalid_syntax()
        names = data.expand(line.arguments)
        chosen = [name for name in data.variables if (name in names) != keep]
        if chosen:
            data.drop(chosen)
        return
    if line.arguments:
        raise invalid_syntax()
    chosen_rows = sample(interp, line, rows=by_rows(data, line.by))
    staying = chosen_rows if keep else ~chosen_rows
    count = int(np.count_nonzero(~staying))
    if count:
        data.take(staying)
    interp.out.row(f"({counted(count, 'observation')} deleted)")
