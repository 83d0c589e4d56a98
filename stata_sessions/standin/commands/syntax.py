"""syntax: a program reads its arguments as Stata's own commands do."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from stata_sessions.standin.commands import command
from stata_sessions.standin.descriptions import Description, OptionDescription, described
from stata_sessions.standin.errors import (
    StataError,
    already_defined,
    invalid,
    invalid_syntax,
    too_few_variables,
    too_many_variables,
)
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.macros import format_macro, put
from stata_sessions.standin.numlists import numlist
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.scalars import combine
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import new_names

_NAME = re.compile(r"[^\W\d]\w{0,31}$")


@command("syntax")
def syntax(interp: Interpreter, line: CommandLine) -> None:
    """Take apart what the program was given, into macros named after the parts."""
    description = described(line.raw.strip())
    given = CommandLine("syntax", interp.macros.locals.get("0", ""))
    found = _clauses(interp, description, given)
    found |= _weight(description, given)
    found |= _options(interp, description, given)
    macros = interp.macros.locals
    for name, value in found.items():
        put(macros, name, value)


def _clauses(interp: Interpreter, description: Description, given: CommandLine) -> dict[str, str]:
    arguments, expression = given.arguments, ""
    if "exp" in description.allowed and "=" in arguments:
        arguments, _, expression = (text.strip() for text in arguments.partition("="))
    if "everything" in description.list_settings:
        return {"anything": given.raw.split(",", 1)[0].strip()}
    found = _list(interp, description, arguments)
    values = {"if": given.if_, "in": given.in_, "using": given.using, "exp": expression or None}
    for word, value in values.items():
        if value is not None and word not in description.allowed:
            raise StataError(101, f"{word} not allowed")
        if value is None and word in description.required:
            raise StataError(100, f"{word} required")
        if word in description.allowed:
            lead = "" if word in description.bare else ("= " if word == "exp" else f"{word} ")
            quoted = f'"{value}"' if word == "using" and lead else value
            found[word] = lead + quoted if quoted else ""
    return found


def _list(interp: Interpreter, description: Description, text: str) -> dict[str, str]:
    kind = description.list_kind
    if not kind:
        if text:
            raise (
                invalid_syntax()
                if not _NAME.match(text)
                else StataError(101, "varlist not allowed")
            )
        return {}
    settings = description.list_settings
    if kind == "anything":
        if description.list_required and not text:
            raise StataError(100, f"{settings.get('id', 'something')} required".replace('"', ""))
        return {settings.get("name", "anything"): text}
    macro = settings.get("name", "varlist" if kind.endswith(("list", "varname")) else "namelist")
    if kind in ("namelist", "name"):
        return {"namelist" if "name" not in settings else macro: _names(description, text)}
    if kind.startswith("new"):
        return {"varlist": _new_names(interp, description, text)}
    names = _existing(interp, description, text)
    _check_count(description, names)
    _check_types(interp, settings, names)
    return {"varlist": " ".join(names)}


def _names(description: Description, text: str) -> str:
    names = text.split()
    for name in names:
        if not _NAME.match(name):
            raise invalid(name)
    if description.list_required and not names:
        raise invalid_syntax()
    return " ".join(names)


def _new_names(interp: Interpreter, description: Description, text: str) -> str:
    names = new_names(text)
    for name in names:
        if interp.has_data and name in interp.data.variables:
            raise already_defined(name)
    _check_count(description, names)
    return " ".join(names)


def _existing(interp: Interpreter, description: Description, text: str) -> list[str]:
    if text:
        operators = {"fv", "ts"}.intersection(description.list_settings)
        return _with_operators(interp, text) if operators else list(interp.data.expand(text))
    if description.list_required:
        raise StataError(100, "varlist required")
    if description.list_settings.get("default") == "none":
        return []
    return list(interp.data.variables)


def _with_operators(interp: Interpreter, text: str) -> list[str]:
    """Expand a list in which `i.x`, `c.x#c.y` and the like stand as they are."""
    names: list[str] = []
    for word in text.split():
        names.extend([word] if re.search(r"[.#]", word) else interp.data.expand(word))
    return names


def _check_count(description: Description, names: list[str]) -> None:
    settings = description.list_settings
    single = description.list_kind.endswith("name")
    least = int(settings.get("min", 1 if description.list_required else 0))
    most = int(settings.get("max", 1 if single else 10**9))
    if len(names) < least:
        raise too_few_variables()
    if len(names) > most:
        raise too_many_variables()


def _check_types(interp: Interpreter, settings: dict[str, str], names: list[str]) -> None:
    for name in names:
        text = interp.data.storage_type(name).startswith("str")
        if text and "numeric" in settings:
            raise StataError(
                109, f"string variables not allowed in varlist;\n{name} is a string variable"
            )
        if not text and "string" in settings:
            raise StataError(
                109, f"numeric variables not allowed in varlist;\n{name} is a numeric variable"
            )


def _weight(description: Description, given: CommandLine) -> dict[str, str]:
    if given.weight is None:
        return {"weight": "", "exp": ""} if description.weights else {}
    kind = given.weight.kind
    if not description.weights:
        raise StataError(101, "weights not allowed")
    kind = description.weights[0] if kind == "weight" else kind
    if kind not in description.weights:
        raise StataError(101, f"{kind}s not allowed")
    return {"weight": kind, "exp": f"= {given.weight.expression}"}


def _options(interp: Interpreter, description: Description, given: CommandLine) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in description.options:
        key = option.name.removeprefix("no") if option.negated else option.name
        found[key] = _option(interp, option, given)
    if description.collects:
        rest = [
            name if value is None else f"{name}({value})" for name, value in given.options.rest()
        ]
        found["options"] = " ".join(rest)
    given.options.finish()
    return found


def _option(interp: Interpreter, option: OptionDescription, given: CommandLine) -> str:
    if not option.kind:
        given_plain = given.options.flag(option.name, option.shortest)
        if option.required and not given_plain:
            raise StataError(198, f"option {option.name} required")
        return option.name if given_plain else ""
    value = given.options.value(option.name, option.shortest)
    if value is None:
        if option.required and not (option.kind in ("integer", "real") and option.rest):
            raise StataError(198, f"option {option.name}() required")
        return option.rest if option.kind in ("integer", "real") else ""
    return _converted(interp, option, value)


def _converted(interp: Interpreter, option: OptionDescription, value: str) -> str:
    if option.kind in _READERS:
        return _READERS[option.kind](interp, option, value)
    if option.kind == "string" and option.rest == "asis":
        return value
    return unquote(value)


def _wrong(option: OptionDescription) -> StataError:
    return StataError(198, f"option {option.name}() incorrectly specified")


def _number(interp: Interpreter, option: OptionDescription, value: str) -> str:
    try:
        number = interp.evaluate(value)
    except StataError:
        raise _wrong(option) from None
    if isinstance(number, str) or (option.kind == "integer" and number != int(number)):
        raise _wrong(option)
    return format_macro(number)


def _numbers(interp: Interpreter, option: OptionDescription, value: str) -> str:
    numbers = numlist(value)
    for word in split_words(option.rest):
        name, _, bound = word.partition("=")
        if name in _COUNTS:
            holds = _COUNTS[name](len(numbers), int(bound))
        elif found := re.match(r"([<>]=?)(.+)$", word):
            holds = all(combine(found[1], number, float(found[2])) for number in numbers)
        else:
            holds = word != "integer" or all(number == int(number) for number in numbers)
        if not holds:
            raise StataError(125, f"{option.name}() invalid -- invalid numlist")
    return " ".join(format_macro(number) for number in numbers)


_COUNTS: dict[str, Callable[[int, int], bool]] = {"min": operator.ge, "max": operator.le}


def _variables(interp: Interpreter, option: OptionDescription, value: str) -> str:
    names = list(interp.data.expand(value))
    if option.kind == "varname" and len(names) > 1:
        raise too_many_variables()
    _check_types(interp, dict.fromkeys(option.rest.split(), "yes"), names)
    return " ".join(names)


def _name(interp: Interpreter, option: OptionDescription, value: str) -> str:
    if not _NAME.match(value):
        raise invalid(value)
    return value


_READERS: dict[str, Callable[[Interpreter, OptionDescription, str], str]] = {
    "integer": _number,
    "real": _number,
    "numlist": _numbers,
    "varlist": _variables,
    "varname": _variables,
    "name": _name,
    "passthru": lambda interp, option, value: f"{option.name}({value})",
}
