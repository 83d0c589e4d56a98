"""Mata's grammar: text to closures over the variables of a session or function."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stata_sessions.standin.mata_values import (
    OPERATORS,
    Value,
    computed,
    failure,
    number,
    numbers,
    scalar,
    text,
)
from stata_sessions.standin.missing import SYSTEM

Scope = dict[str, Value]
Node = Callable[[Scope], Value]

_TOKEN = re.compile(
    r"[ \t]+|//[^\n]*|/\*.*?\*/"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|\.)"
    r'|(?P<string>"[^"\n]*")|(?P<name>[A-Za-z_]\w*)'
    r"|(?P<op>\+\+|--|&&|\|\||:?(?:==|!=|>=|<=|[*/+\-^<>])|.|\n)",
    re.DOTALL,
)
# From the loosest to the tightest binding, after [M-2] op.
_STRENGTH = {"\\": 2, ",": 3, "|": 4, "||": 4, "&": 5, "&&": 5,
             **dict.fromkeys(["==", "!=", "<", ">", "<=", ">="], 6),
             "+": 7, "-": 7, "*": 8, "/": 8, "#": 8, "^": 10}  # fmt: skip
_ASSIGNMENT, _ARGUMENT, _PREFIX, _POSTFIX = 1, 4, 9, 11
_TWICE = {"||": "|", "&&": "&"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its kind (`number`, `string`, `name`, `op`, `end`) and text."""

    kind: str
    text: str


class Calls(Protocol):
    """Whoever knows the functions."""

    def call(self, name: str, arguments: list[Value], names: list[str], scope: Scope) -> Value:
        """Return a function's value; `names` are arguments that are plain names, or empty."""


def tokens(source: str) -> list[Token]:
    """Split text into words; a newline counts where no bracket is open."""
    found: list[Token] = []
    depth = 0
    for match in _TOKEN.finditer(source):
        kind, word = match.lastgroup, match.group()
        if kind is None or (word == "\n" and depth):
            continue
        depth += (word in ("(", "[")) - (word in (")", "]")) if kind == "op" else 0
        found.append(Token(kind, word))
    return [*found, Token("end", "")]


class Expressions:
    """Reads expressions from words."""

    def __init__(self, words: list[Token], calls: Calls) -> None:
        self.words, self.calls, self.place = words, calls, 0

    @property
    def here(self) -> str:
        """The text of the next word; empty at the end."""
        return self.words[self.place].text

    def take(self, wanted: str = "") -> Token:
        """Return the next word and pass it.

        Raises:
            StataError: r(3000) if it is not the one wanted.
        """
        token = self.words[self.place]
        if token.kind == "end" or (wanted and token.text != wanted):
            raise failure(3000)
        self.place += 1
        return token

    def expression(self, strength: int = _ASSIGNMENT) -> Node:
        """Read an expression whose operators bind at least that tightly."""
        left = self._postfix(self._operand())
        while True:
            word = self.here
            binds = _STRENGTH.get(word.removeprefix(":") if len(word) > 1 else word, 0)
            if binds < max(strength, 2):
                return left
            self.take()
            # A power binds to its right.
            right = self.expression(binds if word == "^" else binds + 1)
            left = _binary(_TWICE.get(word, word), left, right)

    def _operand(self) -> Node:
        token = self.take()
        if token.kind == "number":
            value = SYSTEM if token.text == "." else float(token.text)
            return lambda scope: number(value)
        if token.kind == "string":
            return lambda scope: text(token.text[1:-1])
        if token.kind == "name":
            return self._call(token.text) if self.here == "(" else _variable(token.text)
        if token.text == "(":
            inner = self.expression()
            self.take(")")
            return inner
        if token.text in ("-", "+", "!"):
            return _prefixed(token.text, self.expression(_PREFIX))
        raise failure(3000)

    def _call(self, name: str) -> Node:
        self.take("(")
        arguments: list[Node] = []
        names: list[str] = []
        while self.here != ")":
            first, begin = self.words[self.place], self.place
            arguments.append(self._argument())
            alone = first.kind == "name" and self.place == begin + 1
            names.append(first.text if alone or self.words[begin + 1].text == "=" else "")
            if self.here != ")":
                self.take(",")
        self.take(")")
        calls = self.calls

        def call(scope: Scope) -> Value:
            known = [
                node(scope) if not alone or alone in scope else number(SYSTEM)
                for node, alone in zip(arguments, names, strict=True)
            ]
            return calls.call(name, known, names, scope)

        return call

    def _argument(self) -> Node:
        """Read an argument; in `X=.` it is what X is before a function sets it."""
        if self.words[self.place].kind == "name" and self.words[self.place + 1].text == "=":
            self.place += 2
        return self.expression(_ARGUMENT)

    def _postfix(self, node: Node) -> Node:
        while self.here in ("'", "["):
            if self.take().text == "[":
                node = _element(node, *self.subscripts())
                continue
            node = _transposed(node)
            token = self.words[self.place]
            if token.kind in ("name", "number") or token.text == "(":
                # X'X is a product.
                node = _binary("*", node, self._postfix(self._operand()))
        return node

    def subscripts(self) -> tuple[Node, Node | None]:
        """Read what stands in brackets, the first of which is passed."""
        rows = self.expression(_ARGUMENT)
        columns: Node | None = None
        if self.here == ",":
            self.take()
            columns = self.expression(_ARGUMENT)
        self.take("]")
        return rows, columns


def _variable(name: str) -> Node:
    def get(scope: Scope) -> Value:
        if name not in scope:
            raise failure(3499, f"{name} not found")
        return scope[name]

    return get


def _binary(word: str, left: Node, right: Node) -> Node:
    apply = OPERATORS[word]
    return lambda scope: apply(left(scope), right(scope))


def _prefixed(word: str, node: Node) -> Node:
    if word == "!":
        return lambda scope: number(not scalar(node(scope)))
    return lambda scope: computed(np.negative if word == "-" else np.positive, node(scope))


def _transposed(node: Node) -> Node:
    return lambda scope: node(scope).T


def _element(node: Node, rows: Node, columns: Node | None) -> Node:
    def get(scope: Scope) -> Value:
        value = node(scope)
        return value[places(value, rows(scope), columns and columns(scope))]

    return get


def places(value: Value, rows: Value, columns: Value | None) -> tuple[Value, Value]:
    """Return which elements subscripts name; a period stands for all.

    Raises:
        StataError: r(3301) for what is outside, r(3250) for strings.
    """
    if columns is None:
        # One subscript counts along a vector.
        down = value.shape[0] > 1
        rows, columns = (rows, number(1)) if down else (number(1), rows)
    found = []
    for index, size in zip((rows, columns), value.shape, strict=True):
        chosen = numbers(index).ravel()
        if chosen.size == 1 and chosen[0] >= SYSTEM:
            chosen = np.arange(1, size + 1, dtype=np.float64)
        if ((chosen < 1) | (chosen > size)).any():
            raise failure(3301)
        found.append(chosen.astype(np.intp) - 1)
    return np.ix_(*found)  # type: ignore[return-value]  # two of them
