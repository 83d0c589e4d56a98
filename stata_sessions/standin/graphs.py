"""Graphs: what was asked for, kept by name, drawn with matplotlib when exported."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from stata_sessions.standin.formats import format_value
from stata_sessions.standin.legends import legend
from stata_sessions.standin.storage import Numbers

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

SYMBOLS = {"circle": "o", "O": "o", "o": "o", "diamond": "D", "D": "D", "d": "D", "triangle": "^",
            "T": "^", "square": "s", "S": "s", "plus": "+", "X": "x", "x": "x", "point": ".",
            "p": ".", "none": "None", "i": "None", "circle_hollow": "o", "Oh": "o"}  # fmt: skip
_HOLLOW = frozenset({"circle_hollow", "Oh"})
PATTERNS = {"solid": "-", "dash": "--", "dot": ":", "dash_dot": "-.", "shortdash": "--",
             "longdash": "--", "blank": "None"}  # fmt: skip
SIZES = {"vtiny": 0.3, "tiny": 0.5, "vsmall": 0.7, "small": 0.85, "medsmall": 0.9, "medium": 1.0,
          "medlarge": 1.2, "large": 1.5, "vlarge": 2.0, "huge": 2.5, "thin": 0.6, "medthin": 0.8,
          "medthick": 1.6, "thick": 2.2, "vthick": 3.0}  # fmt: skip
_COLOURS = {"navy": "#1a476f", "maroon": "#90353b", "forest_green": "#55752f",
            "cranberry": "#c10534",
            "dkorange": "#e37e00", "teal": "#6e8e84", "midblue": "#538ed5", "gs0": "#000000",
            "edkblue": "#2d6d66", "eltblue": "#82c0e9", "ltblue": "#add8e6"}  # fmt: skip
# Background and colours in order.
SCHEMES = {
    "stcolor": ("white", ("#1a85ff", "#d41159", "#00bf7f", "#ffd400", "#404688")),
    "s2color": ("#eaf2f3", ("#1a476f", "#90353b", "#55752f", "#e37e00", "#6e8e84")),
    "s1color": ("white", ("#006000", "#ff4500", "#1a476f", "#a0522d", "#7b92a8")),
    "s2mono": ("#f0f0f0", ("#000000", "#606060", "#909090", "#b0b0b0", "#d0d0d0")),
    "s1mono": ("white", ("#000000", "#606060", "#909090", "#b0b0b0", "#d0d0d0")),
}


@dataclass(frozen=True)
class Layer:
    """One plot: its kind, points and looks. `label` names it in the legend."""

    kind: str
    x: Numbers
    y: Numbers
    label: str
    looks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """Layers in one pair of axes, with titles and the like by option name."""

    layers: tuple[Layer, ...]
    settings: dict[str, str] = field(default_factory=dict)

    def export(self, path: Path, kind: str, *, width: int = 0, height: int = 0) -> None:
        """Draw to a file of a kind matplotlib knows; sizes are in pixels, 0 leaves the default."""
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib.figure import Figure

        background, colours = SCHEMES[self.settings.get("scheme", "stcolor")]
        size = (
            (width or height * 5.5 / 4 or 550) / 100,
            (height or (width or 550) * 4 / 5.5) / 100,
        )
        figure = Figure(figsize=size, dpi=100, facecolor=background, layout="tight")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        for number, layer in enumerate(self.layers):
            _draw(axes, layer, colours[number % len(colours)])
        self._decorate(figure, axes)
        figure.savefig(path, format=kind, dpi=100)

    def _decorate(self, figure: Any, axes: Any) -> None:
        settings = self.settings
        for name, put in (
            ("xtitle", axes.set_xlabel),
            ("ytitle", axes.set_ylabel),
            ("title", axes.set_title),
        ):
            put(settings.get(name, ""), size=11 * SIZES[settings.get(f"{name} size", "medium")])
        if "subtitle" in settings:
            figure.suptitle(settings["subtitle"], fontsize="small")
        if "note" in settings:
            figure.text(0.02, 0.01, settings["note"], fontsize="small")
        self._rule(axes)
        self._legend(axes)

    def _legend(self, axes: Any) -> None:
        wanted = legend(self.settings.get("legend", ""))
        if wanted.shown is False or (len(self.layers) < 2 and not wanted.shown):
            return
        lines, labels = axes.get_legend_handles_labels()
        shown = [n for n in wanted.order or range(1, len(lines) + 1) if n <= len(lines)]
        axes.legend(
            [lines[n - 1] for n in shown], [wanted.texts.get(n, labels[n - 1]) for n in shown],
            ncols=wanted.columns, loc=wanted.place,
        )  # fmt: skip

    def _rule(self, axes: Any) -> None:
        """Draw lines across, put ticks where asked for, and write dates as dates."""
        for name, axis in (("xformat", axes.xaxis), ("yformat", axes.yaxis)):
            if fmt := self.settings.get(name):
                axis.set_major_formatter(lambda value, _, fmt=fmt: format_value(value, fmt).strip())
        for name, draw in (("xline", axes.axvline), ("yline", axes.axhline)):
            for value in self.settings.get(name, "").split():
                draw(float(value), color="#808080", linewidth=0.8)
        for side, ticks in (("x", axes.set_xticks), ("y", axes.set_yticks)):
            if self.settings.get(f"{side}label"):
                ticks([float(value) for value in self.settings[f"{side}label"].split()])
            angle = float(self.settings.get(f"{side}label angle", 0))
            axes.tick_params(axis=side, labelrotation=angle)


def _draw(axes: Any, layer: Layer, colour: str) -> None:
    looks = layer.looks
    colour = _colour(looks.get("mcolor") or looks.get("lcolor") or looks.get("color") or colour)
    width = 1.5 * SIZES.get(looks.get("lwidth", ""), 1.0)
    pattern = PATTERNS.get(looks.get("lpattern", ""), "-")
    size = 6 * SIZES.get(looks.get("msize", ""), 1.0)
    symbol = looks.get("msymbol", "circle")
    marks = {
        "marker": SYMBOLS.get(symbol, "o"),
        "markersize": size,
        "markerfacecolor": "none" if symbol in _HOLLOW else colour,
    }
    if layer.kind in ("histogram", "bar"):
        axes.bar(layer.x, layer.y, width=float(looks["width"]), color=colour, edgecolor="white",
                 label=layer.label)  # fmt: skip
    elif layer.kind == "scatter":
        axes.plot(layer.x, layer.y, linestyle="None", color=colour, label=layer.label, **marks)
    else:
        more = marks if layer.kind == "connected" else {}
        axes.plot(
            layer.x, layer.y, linestyle=pattern, linewidth=width, color=colour, label=layer.label,
            **more,
        )  # fmt: skip


def _colour(name: str) -> str:
    name = name.partition("%")[0]
    return _COLOURS.get(name, name)


def is_colour(name: str) -> bool:
    """Tell whether a name, perhaps with `%` and an intensity behind it, is a colour."""
    from matplotlib.colors import is_color_like

    return is_color_like(_colour(name))


_graphs: WeakKeyDictionary[Interpreter, dict[str, Graph]] = WeakKeyDictionary()


def kept(interp: Interpreter) -> dict[str, Graph]:
    """Return the graphs in memory by name, the last drawn at the end."""
    return _graphs.setdefault(interp, {})


def keep(interp: Interpreter, name: str, graph: Graph) -> None:
    """Keep a graph as the current one."""
    kept(interp).pop(name, None)
    kept(interp)[name] = graph


def bins(values: Numbers, count: int, start: float, width: float) -> tuple[Numbers, Numbers]:
    """Return the middle and the frequency of each bin of a histogram."""
    edges = start + width * np.arange(count + 1)
    # The last value lies on the last edge; rounding must not lose it.
    edges[-1] = max(edges[-1], float(values.max()))
    counts, _ = np.histogram(values, edges)
    middles: Numbers = np.asarray(start + width * (np.arange(count) + 0.5), dtype=np.float64)
    return middles, counts.astype(np.float64)
