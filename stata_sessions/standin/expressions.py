"""Expressions: a Pratt parser to frozen trees, and their evaluation.

The walk asks an `Environment` for names, functions and stored results, and an `Arithmetic` for
the operators. The scalar pair below loads no numpy; the data side brings one that works on whole
columns (`vectors.py`) and hands it to the same `evaluate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from stata_sessions.standin.errors import invalid_syntax, operators_not_allowed
from stata_sessions.standin.lexer import Cursor, Token
from stata_sessions.standin.missing import extended


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, missing value or string as written."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or scalar, `_n`, `_N`, `_pi`, `_rc` included."""

    name: str


@dataclass(frozen=True, slots=True)
class Subscript:
    """A name with one index (an observation) or two (a matrix element)."""

    name: str
    indexes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """`_b[what]` or `_se[what]`: the store and the text in its brackets."""

    store: str
    what: str


@dataclass(frozen=True, slots=True)
class Stored:
    """`r(x)`, `e(x)`, `s(x)` or `c(x)`."""

    store: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MatrixCall:
    """A function of matrices that gives a number; its arguments as written."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`-`, `+` or `!` before an operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands; the operators' spellings are the canonical ones."""

    operator: str
    left: Node
    right: Node


Node = Constant | Name | Subscript | Coefficient | Stored | Call | MatrixCall | Unary | Binary


class Environment(Protocol):
    """What an expression may refer to. A value is a float, a str or a whole column of either."""

    def name(self, node: Name) -> Any:
        """Return what a name stands for."""

    def subscript(self, node: Subscript, indexes: list[Any]) -> Any:
        """Return the value of a name at an index, already evaluated."""

    def coefficient(self, node: Coefficient) -> Any:
        """Return a coefficient or standard error of the last estimation."""

    def stored(self, node: Stored) -> Any:
        """Return a stored result."""

    def call(self, node: Call, arguments: list[Any]) -> Any:
        """Return a function's value; arguments are evaluated."""

    def matrix_call(self, node: MatrixCall) -> Any:
        """Return the value of a function of matrices."""

    def unary(self, operator: str, value: Any) -> Any:
        """Apply `-`, `+` or `!`."""

    def binary(self, operator: str, left: Any, right: Any) -> Any:
        """Apply an operator, with Stata's rules for missing values and strings."""


def evaluate(node: Node, environment: Environment) -> Any:
    """Return an expression's value in an environment."""
    match node:
        case Constant(value):
            return value
        case Name():
            return environment.name(node)
        case Binary(operator, left, right):
            return environment.binary(
                operator, evaluate(left, environment), evaluate(right, environment)
            )
        case Unary(operator, operand):
            return environment.unary(operator, evaluate(operand, environment))
        case Call():
            return environment.call(node, [evaluate(a, environment) for a in node.arguments])
    return _evaluate_reference(node, environment)


def _evaluate_reference(node: Node, environment: Environment) -> Any:
    match node:
        case Stored():
            return environment.stored(node)
        case Subscript():
            return environment.subscript(node, [evaluate(i, environment) for i in node.indexes])
        case Coefficient():
            return environment.coefficient(node)
        case MatrixCall():
            return environment.matrix_call(node)
    raise TypeError(node)


def names(node: Node) -> frozenset[str]:
    """Return all names an expression refers to, subscripted ones included."""
    match node:
        case Name(name):
            return frozenset({name})
        case Subscript(name, indexes):
            return frozenset({name}).union(*(names(index) for index in indexes))
        case Binary(_, left, right):
            return names(left) | names(right)
        case Unary(_, operand):
            return names(operand)
        case Call(_, arguments):
            return frozenset[str]().union(*(names(argument) for argument in arguments))
    return frozenset()


# Binding strengths as in [U] 13.2; negation stands between * / and power.
_STRENGTH = {
    operator: strength
    for strength, operators in enumerate(("|", "&", "== != > < >= <=", "+ -", "* /", "", "^"), 1)
    for operator in operators.split()
}
_PREFIX_STRENGTH = 6
_CANONICAL = {"~=": "!=", "&&": "&", "||": "|"}
_STORES = frozenset("resc")
_MATRIX_FUNCTIONS = frozenset(
    {"colnumb", "colsof", "det", "el", "issymmetric", "matmissing", "rownumb", "rowsof", "trace"}
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Read an expression.

    Raises:
        StataError: r(198), r(132) if the text is none.
    """
    parser = _Parser(text)
    node = parser.expression()
    if parser.here.kind != "end":
        raise invalid_syntax()
    return node


def parse_first(text: str) -> tuple[Node, int]:
    """Read the expression at the start of a text; return it and the place where it ends."""
    parser = _Parser(text, strict=False)
    node = parser.expression()
    return node, parser.here.place


class _Parser(Cursor):
    def expression(self, strength: int = 0) -> Node:
        left = self._operand()
        while self.here.kind == "operator":
            operator = _CANONICAL.get(self.here.text, self.here.text)
            binding = _STRENGTH.get(operator, 0)
            if binding <= strength:
                break
            self.take()
            left = Binary(operator, left, self.expression(binding))
        return left

    def _operand(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Constant(float(token.text.replace("d", "e").replace("D", "e")))
        if token.kind == "missing":
            return Constant(extended(token.text[1:]))
        if token.kind == "text":
            return Constant(token.text)
        if token.kind == "date":
            function, _, written = token.text.partition("(")
            return Call(function, (Constant(written.rstrip(")").strip()),))
        return self._named(token) if token.kind == "name" else self._compound(token)

    def _compound(self, token: Token) -> Node:
        if token.text in ("-", "+", "!", "~"):
            operator = "!" if token.text == "~" else token.text
            return Unary(operator, self.expression(_PREFIX_STRENGTH))
        if token.text != "(":
            raise invalid_syntax()
        node = self.expression()
        self.expect(")")
        return node

    def _named(self, token: Token) -> Node:
        name = token.text
        if self.at(".") and self.here.place == token.place + len(name):
            raise operators_not_allowed()
        if self.at("("):
            return self._called(name, self.take())
        if self.at("["):
            opened = self.take()
            if name in ("_b", "_se", "_coef"):
                return Coefficient("_se" if name == "_se" else "_b", self.up_to(opened, "]"))
            return Subscript(name, tuple(self._list("]")))
        return Name(name)

    def _called(self, name: str, opened: Token) -> Node:
        if name in _STORES and self.here.kind == "name":
            stored = self.take().text
            self.expect(")")
            return Stored(name, stored)
        if name == "scalar" and self.here.kind == "name":
            scalar = self.take().text
            self.expect(")")
            return Call("scalar", (Constant(scalar),))
        if name in _MATRIX_FUNCTIONS:
            return MatrixCall(name, self.up_to(opened, ")"))
        return Call(name, tuple(self._list(")")))

    def _list(self, closer: str) -> list[Node]:
        found: list[Node] = []
        while not self.at(closer):
            if found:
                self.expect(",")
            found.append(self.expression())
        self.take()
        return found
