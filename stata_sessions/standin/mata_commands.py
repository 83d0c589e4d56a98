"""Mata's commands: blocks, loops, functions and assignments, as closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from stata_sessions.standin.mata_functions import EMPTY
from stata_sessions.standin.mata_parser import Calls, Expressions, Node, Scope, Token, places
from stata_sessions.standin.mata_values import Value, failure, number, scalar, shown

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

Command = Callable[[Scope], None]
TYPES = frozenset(
    ["real", "string", "numeric", "transmorphic", "void", "function", "scalar", "vector", "matrix",
     "rowvector", "colvector", "pointer"]
)  # fmt: skip


class ReturnError(Exception):
    """`return` on its way out of a function."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class LeaveError(Exception):
    """`break` or `continue` on its way to its loop."""

    def __init__(self, *, for_good: bool) -> None:
        super().__init__()
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the user's."""

    parameters: tuple[str, ...]
    body: Command


class Host(Calls, Protocol):
    """The session that commands belong to."""

    interp: Interpreter
    functions: dict[str, Function]


class Commands(Expressions):
    """Reads commands from words."""

    def __init__(self, words: list[Token], host: Host) -> None:
        super().__init__(words, host)
        self.host = host

    def all(self) -> list[Command]:
        """Read all there are."""
        found: list[Command] = []
        while self.words[self.place].kind != "end":
            found.append(self._command())
            self._skip()
        return found

    def _skip(self) -> None:
        while self.here in ("\n", ";"):
            self.take()

    def _command(self) -> Command:
        self._skip()
        word = self.here
        if word == "{":
            return self._block()
        if word in ("if", "while", "for", "break", "continue", "return"):
            self.take()
            return _READERS[word](self)
        if word in TYPES:
            return self._declared()
        return self._simple(shows=True)

    def _block(self) -> Command:
        self.take("{")
        found: list[Command] = []
        self._skip()
        while self.here != "}":
            found.append(self._command())
            self._skip()
        self.take("}")

        def run(scope: Scope) -> None:
            for each in found:
                each(scope)

        return run

    def _declared(self) -> Command:
        """Read a function, or a declaration, which says nothing we need."""
        names: list[str] = []
        while self.words[self.place].kind == "name" or self.here == ",":
            if (word := self.take().text) not in (*TYPES, ","):
                names.append(word)
        if self.here != "(":
            return lambda scope: None
        self.take("(")
        parameters: list[str] = []
        while self.here != ")":
            word = self.take().text
            if word not in (*TYPES, ","):
                parameters.append(word)
        self.take(")")
        self._skip()
        self.host.functions[names[-1]] = Function(tuple(parameters), self._block())
        return lambda scope: None

    def _simple(self, *, shows: bool) -> Command:
        """Read an assignment, a count or an expression whose value is shown."""
        begin, token = self.place, self.take()
        index: tuple[Node, Node | None] | None = None
        if token.kind == "name" and self.here == "[":
            self.take()
            index = self.subscripts()
        if token.kind == "name" and self.here == "=":
            self.take()
            return _assigned(token.text, index, self.expression())
        if token.kind == "name" and self.here in ("++", "--"):
            step = 1 if self.take().text == "++" else -1
            return _counted(token.text, step)
        self.place = begin
        node, out = self.expression(), self.host.interp.out

        def run(scope: Scope) -> None:
            value = node(scope)
            if shows and value is not EMPTY:
                for row in shown(value):
                    out.row(row)

        return run

    def _condition(self) -> Node:
        self.take("(")
        node = self.expression()
        self.take(")")
        return node

    def if_(self) -> Command:
        """Read what follows `if`."""
        holds, then = self._condition(), self._command()
        place = self.place
        self._skip()
        other: Command = lambda scope: None  # noqa: E731 - nothing to do
        if self.here == "else":
            self.take()
            other = self._command()
        else:
            self.place = place
        return lambda scope: (then if scalar(holds(scope)) else other)(scope)

    def while_(self) -> Command:
        """Read what follows `while`."""
        holds, body = self._condition(), self._command()
        return self._loop(lambda scope: None, holds, lambda scope: None, body)

    def for_(self) -> Command:
        """Read what follows `for`."""
        self.take("(")
        first = self._simple(shows=False)
        self.take(";")
        holds = self.expression()
        self.take(";")
        step = self._simple(shows=False)
        self.take(")")
        return self._loop(first, holds, step, self._command())

    def _loop(self, first: Command, holds: Node, step: Command, body: Command) -> Command:
        poll = self.host.interp.poll

        def run(scope: Scope) -> None:
            first(scope)
            while scalar(holds(scope)):
                poll()
                try:
                    body(scope)
                except LeaveError as leave:
                    if leave.for_good:
                        return
                step(scope)

        return run

    def return_(self) -> Command:
        """Read what follows `return`."""
        self.take("(")
        node: Node = lambda scope: EMPTY  # noqa: E731 - nothing to return
        if self.here != ")":
            node = self.expression()
        self.take(")")

        def leave(scope: Scope) -> None:
            raise ReturnError(node(scope))

        return leave


def _leaving(*, for_good: bool) -> Callable[[Commands], Command]:
    def leave(scope: Scope) -> None:
        raise LeaveError(for_good=for_good)

    return lambda parser: leave


_READERS: dict[str, Callable[[Commands], Command]] = {
    "if": Commands.if_,
    "while": Commands.while_,
    "for": Commands.for_,
    "return": Commands.return_,
    "break": _leaving(for_good=True),
    "continue": _leaving(for_good=False),
}


def _assigned(name: str, index: tuple[Node, Node | None] | None, node: Node) -> Command:
    def assign(scope: Scope) -> None:
        value = node(scope)
        if index is not None:
            if name not in scope:
                raise failure(3499, f"{name} not found")
            whole = scope[name].copy()
            rows, columns = index
            chosen = places(whole, rows(scope), columns and columns(scope))
            try:
                whole[chosen] = value
            except ValueError:
                raise failure(3200) from None
            value = whole
        scope[name] = value

    return assign


def _counted(name: str, step: int) -> Command:
    def count(scope: Scope) -> None:
        if name not in scope:
            raise failure(3499, f"{name} not found")
        scope[name] = number(scalar(scope[name]) + step)

    return count
