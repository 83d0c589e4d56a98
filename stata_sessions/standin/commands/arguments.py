"""How a program takes its arguments apart: args, tokenize, gettoken."""

from __future__ import annotations

import re

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.macros import put
from stata_sessions.standin.quoting import closing, end_of_string, unquote
from stata_sessions.standin.syntax import CommandLine

_GETTOKEN = re.compile(
    r"\s*(?P<names>(?:\(\s*(?:local|global)\s+\w+\s*\)|\w+)(?:\s+(?:\(\s*(?:local|global)\s+\w+\s*\)|\w+))?)"
    r"\s*:\s*(?P<source>\(\s*(?:local|global)\s+\w+\s*\)|\w+)\s*(?:,(?P<options>.*))?$"
)


@command("args")
def args(interp: Interpreter, line: CommandLine) -> None:
    """Give the program's arguments names."""
    macros = interp.macros.locals
    for number, name in enumerate(line.raw.split(), 1):
        put(macros, name, macros.get(str(number), ""))


@command("tokenize", shortest=5)
def tokenize(interp: Interpreter, line: CommandLine) -> None:
    """Put the words of a text into the macros 1, 2, ..."""
    parse = line.options.value("parse", 1)
    line.options.finish()
    text = rest = unquote(line.arguments)
    words: list[str] = []
    while rest.strip():
        word, rest = first_token(rest, unquote(parse) if parse else " ")
        words.append(unquote(word))
    macros = interp.macros.locals
    for name in [name for name in macros if name.isdigit() and name != "0"]:
        del macros[name]
    macros.update({str(number): word for number, word in enumerate(words, 1)})
    macros["*"] = text


@command("gettoken")
def gettoken(interp: Interpreter, line: CommandLine) -> None:
    """Take the first token off a macro."""
    found = _GETTOKEN.match(line.raw)
    if found is None:
        raise invalid_syntax()
    options = CommandLine("gettoken", "," + (found["options"] or "")).options
    parse = options.value("parse", 1)
    keep_quotes = options.flag("quotes", 1)
    bind, match = options.flag("bind", 4), options.value("match", 5)
    options.finish()
    store, name = _place(interp, found["source"])
    text = store.get(name, "")
    token, rest = first_token(
        text, unquote(parse) if parse else " ", bind=bind or match is not None
    )
    if match is not None:
        inside = token[1:-1] if token.startswith("(") else token
        _put(interp, match, "(" if token.startswith("(") else "")
        token = inside
    names = re.findall(r"\([^)]*\)|\w+", found["names"])
    _put(interp, names[0], token if keep_quotes else unquote(token))
    if len(names) > 1:
        _put(interp, names[1], rest)


def first_token(text: str, parse: str, *, bind: bool = False) -> tuple[str, str]:
    """Return the first token of a text and what follows it; blanks before it are dropped.

    `parse` holds the characters that separate; those other than blanks are tokens themselves.
    """
    text = text.lstrip(" ") if " " in parse or parse == "" else text
    if not text:
        return "", ""
    if text.startswith(('"', '`"')):
        end = end_of_string(text, 0)
        return text[:end], text[end:]
    if bind and text[0] == "(":
        end = closing(text, 0) + 1
        return text[:end], text[end:]
    if text[0] in parse and text[0] != " ":
        return text[0], text[1:]
    end = 0
    while end < len(text) and text[end] not in parse:
        end = closing(text, end) + 1 if bind and text[end] in "([" else end + 1
    return text[:end], text[end:]


def _place(interp: Interpreter, written: str) -> tuple[dict[str, str], str]:
    words = written.strip("() ").split()
    scope = words[0] if len(words) > 1 else "local"
    return (interp.macros.globals if scope == "global" else interp.macros.locals), words[-1]


def _put(interp: Interpreter, written: str, value: str) -> None:
    store, name = _place(interp, written)
    put(store, name, value)
