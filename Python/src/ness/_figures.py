"""Draws a figure that the program has decided on, with matplotlib."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence

from ._errors import needed

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

# Shapes and sizes that cover about the same area.
_SHAPES = {
    "disc": ("o", 6.2), "square": ("s", 5.4), "diamond": ("D", 5.2), "triangle": ("^", 6.6), "wedge": ("v", 6.6),
    "pentagon": ("p", 6.8),
}  # fmt: skip
_ORDER = ["guide", "printed", "approximation", "theory", "simulation"]


def draw(
    drawing: Mapping[str, Any], ax: "Optional[matplotlib.axes.Axes]", centimetres: float
) -> "matplotlib.figure.Figure":
    """Draws a figure into new axes, or its main panel into given ones."""
    pyplot = needed("matplotlib.pyplot", "plot()", "plot")
    if drawing.get("picture"):
        return _picture(drawing, ax, centimetres, pyplot)
    panels: Sequence[Mapping[str, Any]] = drawing["panels"]
    # Lines and symbols are as wide as in print: the picture is `width` units wide, and a unit is 0.6 pt.
    point = 0.6
    if ax is not None:
        figure: Any = ax.figure
        axes: List[Any] = [ax]
    else:
        heights = drawing["heights"]
        width = centimetres / 2.54
        letters = 0.55
        height = width * sum(heights) / drawing["width"] + letters
        figure, made = pyplot.subplots(
            len(panels), 1, sharex=True, squeeze=False, figsize=(width, height), layout="constrained",
            gridspec_kw={"height_ratios": heights},
        )  # fmt: skip
        axes = [row[0] for row in made]
    for place, (axis, panel) in enumerate(zip(axes, panels)):
        if place == 1:
            axis.axhline(1, color="#8c8c8c", linewidth=point, zorder=1)
        for curve in sorted(panel["curves"], key=lambda each: _ORDER.index(each["role"])):
            _curve(axis, curve, point)
        _scale(axis, panel["vertical"], "y")
        _scale(axis, drawing["horizontal"], "x")
        words = _words(panel["vertical"]["label"])
        # The panel of ratios is low.
        axis.set_ylabel(words.replace(" / ", " /\n") if place == 1 else words)
        axis.tick_params(which="both", direction="in", top=True, right=True)
    axes[-1].set_xlabel(_words(drawing["horizontal"]["label"]))
    if ax is None:
        figure.align_ylabels(axes)
        _paper(axes, drawing["horizontal"]["unit"] == "1")
    _legend(axes[0], drawing["legend"], point, figure if ax is None else None)
    figure.ness_caption = drawing["caption"]
    drawn: "matplotlib.figure.Figure" = figure
    return drawn


def _picture(
    drawing: Mapping[str, Any], ax: "Optional[matplotlib.axes.Axes]", centimetres: float, pyplot: Any
) -> "matplotlib.figure.Figure":
    """Draws marks that have their places and colours, such as a network."""
    from matplotlib.patches import Circle, Polygon

    picture = drawing["picture"]
    width, height = picture["width"], picture["height"]
    axis: Any = ax
    if axis is None:
        inches = centimetres / 2.54
        made = pyplot.figure(figsize=(inches, inches * height / width))
        axis = made.add_axes((0, 0, 1, 1))
    # A unit of the picture in points, which letters are counted in.
    point = 72 * axis.get_window_extent().width / axis.figure.dpi / width
    for order, mark in enumerate(picture["marks"]):
        places = mark["points"]
        if mark["kind"] == "text":
            words = _words(mark["text"])
            looks = {"ha": mark["alignment"], "va": "center", "color": mark["color"], "fontsize": mark["size"] * point}
            axis.text(*places[0], words, zorder=2 + order, **looks)
        else:
            patch = Circle(places[0], mark["radius"]) if mark["kind"] == "disc" else Polygon(places)
            patch.set(facecolor=mark["color"], linewidth=0, zorder=2 + order)
            axis.add_patch(patch)
    axis.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    axis.set_axis_off()
    axis.figure.ness_caption = drawing["caption"]
    drawn: "matplotlib.figure.Figure" = axis.figure
    return drawn


def _curve(axis: Any, curve: Mapping[str, Any], point: float) -> None:
    nan = float("nan")
    rows = [row or [nan] * 4 for row in curve["points"]]
    x, y, lower, upper = ([row[column] for row in rows] for column in range(4))
    over = 3 + _ORDER.index(curve["role"])
    line, symbol = curve["line"] if "line" in curve else None, curve.get("symbol")
    if line is not None:
        alone = sum(bool(row) for row in curve["points"]) == 1
        style = _line(line, point) if not alone else {"color": line["color"], "marker": "o", "fillstyle": "none"}
        axis.plot(x, y, zorder=over, label=curve["name"], **style)
    if symbol is not None:
        if curve["hasErrorBars"]:
            bars = [[b - a for a, b in zip(lower, y)], [b - a for a, b in zip(y, upper)]]
            axis.errorbar(x, y, bars, fmt="none", ecolor=symbol["color"], elinewidth=1.4 * point, capsize=1.5, zorder=over)
        axis.plot(x, y, zorder=over + 1, **({"label": curve["name"]} if line is None else {}), **_mark(symbol, rimmed=True))


def _line(line: Mapping[str, Any], point: float) -> Dict[str, Any]:
    width = line["width"] * point
    # matplotlib tells dashes in widths of the line.
    dash = (0, [0.45 * each for each in line["dash"]]) if line["dash"] else "-"
    return {"color": line["color"], "linewidth": width, "linestyle": dash, "dash_capstyle": "butt"}


def _mark(symbol: Mapping[str, Any], rimmed: bool = False) -> Dict[str, Any]:
    shape, size = _SHAPES[symbol["shape"]]
    rim = {"markeredgecolor": "white", "markeredgewidth": 0.5} if rimmed else {"markeredgewidth": 0}
    return {"marker": shape, "markersize": 0.8 * size * symbol["scale"], "color": symbol["color"], "linestyle": "none", **rim}


def _scale(axis: Any, told: Mapping[str, Any], which: str) -> None:
    getattr(axis, f"set_{which}scale")("log" if told["isLogarithmic"] else "linear")
    getattr(axis, f"set_{which}lim")(told["lower"], told["upper"])


def _paper(axes: Sequence[Any], is_whole: bool) -> None:
    """Letters of about 8 pt and thin lines, as in print; axes that somebody else has made keep theirs."""
    from matplotlib.ticker import AutoMinorLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    for place, axis in enumerate(axes):
        for scale, which, count in ((axis.get_xscale(), axis.xaxis, 6), (axis.get_yscale(), axis.yaxis, (5, 4)[place])):
            if scale == "linear":
                numbers = which is axis.xaxis and is_whole
                which.set_major_locator(MaxNLocator(count, steps=[1, 2, 5, 10], integer=numbers))
                if not numbers:
                    which.set_minor_locator(AutoMinorLocator(2))
            else:
                lower, upper = which.get_view_interval()
                # Where there are few powers of ten, the numbers between them stand for themselves.
                if 4 < upper / lower < 100:
                    which.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
                    which.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
                    which.set_minor_formatter(NullFormatter())
        for spine in axis.spines.values():
            spine.set(linewidth=0.6, edgecolor="#333333")
        axis.tick_params(which="major", width=0.6, length=3)
        axis.tick_params(which="minor", width=0.5, length=1.5)
        for text in (axis.xaxis.label, axis.yaxis.label):
            text.set_fontsize(8.4)
        axis.tick_params(which="both", labelsize=7.8)
        for text in (axis.xaxis.get_offset_text(), axis.yaxis.get_offset_text()):
            text.set_fontsize(7.8)


def _legend(axis: Any, entries: Sequence[Mapping[str, Any]], point: float, own: Any) -> None:
    """The legend among the curves; a long one below them, in a figure of its own."""
    if not entries:
        return
    from matplotlib.lines import Line2D

    handles = []
    for entry in entries:
        style: Dict[str, Any] = _line(entry["line"], point) if entry.get("line") else {"linestyle": "none"}
        if entry.get("symbol"):
            mark = _mark(entry["symbol"])
            style.update({key: mark[key] for key in ("marker", "markersize", "markeredgewidth")})
            style.setdefault("color", mark["color"])
            style["markerfacecolor"] = mark["color"]
        handles.append(Line2D([], [], label=_words(entry["text"]), **style))
    looks: Dict[str, Any] = {"handles": handles, "frameon": False, "handlelength": 2.6}
    if own is None:
        axis.legend(**looks)
    elif len(entries) <= 4:
        axis.legend(fontsize=7.8, **looks)
    else:
        own.legend(fontsize=7.8, loc="outside lower center", ncols=2, **looks)


def _words(runs: Sequence[Mapping[str, str]]) -> str:
    """A text with symbols in italics and scripts, as matplotlib writes it."""
    return "".join(_run(run["text"], run["kind"]) for run in runs)


def _run(text: str, kind: str) -> str:
    if kind == "upright":
        return text.replace("\\", r"\\").replace("$", r"\$")
    inside = re.sub(r"([\\{}$%#&_^~])", r"\\\1", text).replace(" ", r"\ ")
    form = {"symbol": r"$\mathit{%s}$", "subscript": r"$_{\mathrm{%s}}$", "superscript": r"$^{\mathrm{%s}}$"}[kind]
    return form % inside


