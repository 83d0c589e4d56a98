"""Plots as do-files ask for them: `scatter y x if z, options` to layers and settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np

from stata_sessions.standin.errors import StataError, too_few_variables
from stata_sessions.standin.formats import general
from stata_sessions.standin.graphs import (
    PATTERNS,
    SCHEMES,
    SIZES,
    SYMBOLS,
    Layer,
    bins,
    is_colour,
)
from stata_sessions.standin.labels import title_of
from stata_sessions.standin.legends import legend
from stata_sessions.standin.numlists import numlist
from stata_sessions.standin.quoting import closing, pieces, unquote
from stata_sessions.standin.samples import numeric, one_numeric, sample, some
from stata_sessions.standin.syntax import CommandLine, Options

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

PLOTS = {"scatter": 2, "line": 1, "connected": 3, "lfit": 4, "histogram": 4}
_MOST_BINS = 10_000
_LOOKS = (("mcolor", 3), ("lcolor", 3), ("color", 3), ("msymbol", 2), ("msize", 3), ("lwidth", 3),
          ("lpattern", 3))  # fmt: skip
_STYLES: dict[str, tuple[Collection[str], str]] = {
    "msymbol": (SYMBOLS, "symbol"),
    "msize": (SIZES, "size"),
    "lwidth": (SIZES, "linewidth"),
    "lpattern": (PATTERNS, "linepattern"),
}
_TEXTS = (("title", 3), ("subtitle", 3), ("note", 4), ("xtitle", 3), ("ytitle", 3))
_NUMBERS = (("xlabel", 3), ("ylabel", 3), ("xline", 5), ("yline", 5))


def layers(
    interp: Interpreter, kind: str, line: CommandLine, settings: dict[str, str]
) -> list[Layer]:
    """Return the layers of one plot; options about the whole graph go into `settings`."""
    options = line.options
    looks = {
        name: _style(name, value) for name, short in _LOOKS if (value := options.value(name, short))
    }
    read_settings(interp, options, settings)
    if kind == "histogram":
        found = [_histogram(interp, line, looks, settings)]
    else:
        found = _points(interp, kind, line, looks, settings)
    options.finish()
    line.allow("if in")
    return found


def _style(option: str, name: str) -> str:
    if option in _STYLES:
        known, what = _STYLES[option]
        return _named(name, known, what)
    if not is_colour(name):
        raise StataError(198, f"named style {name} not found in class color")
    return name


def read_settings(interp: Interpreter, options: Options, settings: dict[str, str]) -> None:
    """Take the options about a whole graph.

    Raises:
        StataError: r(198) for a scheme or legend we do not have.
    """
    for name, shortest in _TEXTS:
        if (value := options.value(name, shortest)) is not None:
            text, more = _halves(value)
            settings[name] = unquote(text)
            settings[f"{name} size"] = _named(more.value("size", 3) or "medium", SIZES, "size")
            more.finish()
    for name, shortest in _NUMBERS:
        if (value := options.value(name, shortest)) is not None:
            numbers, more = _halves(value)
            settings[name] = " ".join(str(number) for number in numlist(numbers)) if numbers else ""
            settings[f"{name} angle"] = str(more.number("angle", 3) or 0.0)
            more.finish()
    for name, shortest in (("name", 4), ("scheme", 6), ("legend", 3)):
        if (value := options.value(name, shortest)) is not None:
            settings[name] = value.strip()
    options.flag("nodraw")
    _check(settings)


def _halves(text: str) -> tuple[str, Options]:
    """Split the inside of an option at its comma into what it says and options of its own."""
    comma = next((place for place, character in pieces(text) if character == ","), len(text))
    return text[:comma].strip(), Options(text[comma + 1 :])


def _named(name: str, known: Collection[str], what: str) -> str:
    """Return the name of a style.

    Raises:
        StataError: r(198) for a style we do not have.
    """
    if name not in known:
        raise StataError(198, f"named style {name} not found in class {what}")
    return name


def _check(settings: dict[str, str]) -> None:
    if settings.get("scheme", "stcolor") not in SCHEMES:
        raise StataError(111, f"scheme {settings['scheme']} not found")
    legend(settings.get("legend", ""))


def _points(
    interp: Interpreter, kind: str, line: CommandLine, looks: dict[str, str],
    settings: dict[str, str],
) -> list[Layer]:  # fmt: skip
    ordered = line.options.flag("sort")
    names = numeric(interp, line.arguments)
    if len(names) < 2:
        raise too_few_variables()
    *dependents, across = names
    data = interp.data
    settings.setdefault("xtitle", title_of(data, across))
    for side, name in (("xformat", across), ("yformat", dependents[0])):
        if data.columns[name].format.startswith("%t"):
            settings[side] = data.columns[name].format
    if len(dependents) == 1 and kind != "lfit":
        settings.setdefault("ytitle", title_of(data, dependents[0]))
    found = []
    for name in dependents:
        chosen = some(sample(interp, line, (name, across)))
        x, y = data.numbers(across)[chosen], data.numbers(name)[chosen]
        label = title_of(data, name)
        if kind == "lfit":
            slope, intercept = np.polyfit(x, y, 1)
            x = np.array([x.min(), x.max()])
            y, label = intercept + slope * x, "Fitted values"
        elif ordered:
            order = np.argsort(x, kind="stable")
            x, y = x[order], y[order]
        found.append(Layer("line" if kind == "lfit" else kind, x, y, label, looks))
    return found


def _histogram(
    interp: Interpreter, line: CommandLine, looks: dict[str, str], settings: dict[str, str]
) -> Layer:
    options = line.options
    discrete = options.flag("discrete", 1)
    count, width = options.number("bin"), options.number("width", 1)
    start = options.number("start")
    scales = ("frequency", "percent", "fraction", "density")
    scale = next((word for word in scales if options.flag(word, 4)), "density")
    name = one_numeric(interp, line.arguments)
    values = interp.data.numbers(name)[some(sample(interp, line, (name,)))]
    start = float(values.min()) if start is None else start
    spread = float(values.max()) - start
    if discrete:
        start, width, spread = start - 0.5, 1.0, spread + 1.0
    size = len(values)
    number = int(count or min(size**0.5, 10 * np.log10(size)) or 1)
    if width:
        number = int(np.ceil(spread / width)) or 1
    width = width or (spread / number if spread else 1.0)
    if not 1 <= number <= _MOST_BINS or width < 0:
        raise StataError(198, "bin() or width() out of range")
    options.finish()
    x, y = bins(values, number, start, width)
    if not discrete:
        interp.out.row(f"(bin={number}, start={general(start, 10)}, width={general(width, 10)})")
    y = y / {"frequency": 1.0, "percent": size / 100, "fraction": size}.get(scale, size * width)
    settings.setdefault("xtitle", title_of(interp.data, name))
    settings.setdefault("ytitle", scale.capitalize())
    return Layer("histogram", x, y, scale.capitalize(), looks | {"width": str(width)})


def split_plots(text: str) -> Iterator[str]:
    """Yield the plots of `twoway (scatter y x) (line z x), options` or `scatter ... || line ...`.

    What follows the last parenthesis, the options of the graph, comes last, with its comma.
    """
    text = text.strip()
    while text.startswith("("):
        end = closing(text, 0)
        yield text[1:end].strip()
        text = text[end + 1 :].strip()
    for piece in text.split("||"):
        if piece.strip():
            yield piece.strip()
