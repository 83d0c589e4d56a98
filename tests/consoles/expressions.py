"""Numbers and strings: a small evaluator, number formatting, and macro expansion."""

import math
import re
from collections.abc import Callable

Value = float | str
MISSING = math.inf

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)
    |(?P<compound>`"(?P<inner>.*?)"')|(?P<string>"[^"]*")
    |(?P<name>[A-Za-z_][A-Za-z0-9_.]*)|(?P<op>==|!=|~=|>=|<=|[-+*/^()<>&|!,.]))""",
    re.VERBOSE | re.DOTALL,
)
_LEVELS: list[dict[str, Callable[[Value, Value], Value]]] = [
    {"|": lambda a, b: float(bool(a) or bool(b))},
    {"&": lambda a, b: float(bool(a) and bool(b))},
    {
        "==": lambda a, b: float(a == b),
        "!=": lambda a, b: float(a != b),
        "~=": lambda a, b: float(a != b),
        ">=": lambda a, b: float(_number(a) >= _number(b)),
        "<=": lambda a, b: float(_number(a) <= _number(b)),
        ">": lambda a, b: float(_number(a) > _number(b)),
        "<": lambda a, b: float(_number(a) < _number(b)),
    },
    {"+": lambda a, b: _plus(a, b), "-": lambda a, b: _number(a) - _number(b)},
    {"*": lambda a, b: _number(a) * _number(b), "/": lambda a, b: _divide(a, b)},
    {"^": lambda a, b: _number(a) ** _number(b)},
]
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": lambda x: abs(_number(x)),
    "int": lambda x: float(int(_number(x))),
    "mod": lambda x, y: _number(x) % _number(y),
    "sqrt": lambda x: math.sqrt(_number(x)) if _number(x) >= 0 else MISSING,
    "length": lambda s: float(len(str(s).encode("utf-8", "surrogateescape"))),
    "strlen": lambda s: float(len(str(s).encode("utf-8", "surrogateescape"))),
    "ustrlen": lambda s: float(len(str(s))),
    "upper": lambda s: str(s).upper(),
    "string": lambda x: format_value(x),
    "char": lambda n: character(int(_number(n))),
}


class InvalidExpression(Exception):
    """An expression that cannot be evaluated: message and return code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def _number(value: Value) -> float:
    if isinstance(value, str):
        raise InvalidExpression("type mismatch", 109)
    return value


def _plus(a: Value, b: Value) -> Value:
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    return _number(a) + _number(b)


def _divide(a: Value, b: Value) -> Value:
    return _number(a) / _number(b) if _number(b) else MISSING


def character(code: int) -> str:
    """Return the byte of a code, kept as it is when written."""
    return bytes([code % 256]).decode("utf-8", "surrogateescape")


class Evaluator:
    """Evaluates one expression by precedence climbing; ``lookup`` knows names and ``c()``."""

    def __init__(self, text: str, lookup: Callable[[str, str | None], Value]) -> None:
        self._tokens = _tokens(text)
        self._lookup = lookup
        self._place = 0

    def value(self) -> Value:
        """Return the value of the whole text."""
        result = self._level(0)
        if self._place < len(self._tokens):
            raise InvalidExpression("invalid syntax", 198)
        return result

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._place += 1
        return token

    def _level(self, level: int) -> Value:
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._peek()[0] == "op" and self._peek()[1] in _LEVELS[level]:
            operation = _LEVELS[level][self._take()[1]]
            left = operation(left, self._level(level + 1))
        return left

    def _unary(self) -> Value:
        kind, text = self._take()
        if kind == "op":
            return self._operator(text)
        if kind == "number":
            return float(text)
        if kind == "string":
            return text
        if kind == "name":
            return self._named(text)
        raise InvalidExpression("invalid syntax", 198)

    def _operator(self, text: str) -> Value:
        if text == "-":
            return -_number(self._unary())
        if text == "!":
            return float(not self._unary())
        if text == ".":
            return MISSING
        if text == "(":
            inner = self._level(0)
            if self._take()[1] == ")":
                return inner
        raise InvalidExpression("invalid syntax", 198)

    def _named(self, name: str) -> Value:
        if self._peek() != ("op", "("):
            return self._lookup(name, None)
        self._take()
        if name not in FUNCTIONS:
            inner = self._take()[1]
            self._take()
            return self._lookup(name, inner)
        arguments = [self._level(0)]
        while self._peek()[1] == ",":
            self._take()
            arguments.append(self._level(0))
        self._take()
        return FUNCTIONS[name](*arguments)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            quoted = text[place:].lstrip()[:1] == '"'
            raise InvalidExpression(
                *(("too few quotes", 132) if quoted else ("invalid syntax", 198))
            )
        place = match.end()
        if match["compound"] is not None:
            tokens.append(("string", match["inner"]))
        elif match["string"] is not None:
            tokens.append(("string", match["string"][1:-1]))
        else:
            kind = match.lastgroup or "op"
            tokens.append((kind, match[kind]))
    return tokens


def format_value(value: Value) -> str:
    """Return a value as ``display`` shows it."""
    if isinstance(value, str):
        return value
    if math.isinf(value) or math.isnan(value):
        return "."
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return re.sub(r"^(-?)0\.", r"\1.", f"{value:.8g}")
