"""Studies and results as a notebook shows them. Without colours of its own, so that it is legible on light and dark pages."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any, List, Mapping

from ._array import Array
from ._value import Value, text

if TYPE_CHECKING:
    from ._device import Device
    from ._results import Results
    from ._study import Study

_MOST_ROWS = 40


def _table(head: List[str], rows: List[List[str]]) -> str:
    cells = "".join(f"<th>{each}</th>" for each in head)
    lines = "".join(
        "<tr>" + "".join(f'<td style="text-align: left">{each}</td>' for each in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def study(shown: "Study") -> str:
    """A study: its keys with their values."""
    rows: List[List[str]] = []

    def walk(path: str, branch: Any) -> None:
        if isinstance(branch, Mapping):
            for key, value in branch.items():
                walk(f"{path}.{key}" if path else str(key), value)
        else:
            rows.append([f"<code>{html.escape(path)}</code>", html.escape(_short(branch)), units.get(path, "")])

    units = {each.path: html.escape(each.unit) for each in shown.parameters if each.unit != "1"}
    walk("", {key: value for key, value in shown.to_dict().items() if key != "title"})
    title = html.escape(shown.title or "Study")
    return f"<div><strong>{title}</strong>{_table(['key', 'value', 'dimension'], rows)}</div>"


def _short(value: Any) -> str:
    words = str(value)
    return words if len(words) <= 80 else words[:77] + "..."


def results(shown: "Results") -> str:
    """Results: the heat current, or what else was answered first, by point and method, and the verdicts."""
    title = html.escape(shown.title or "Results")
    parts = [f"<strong>{title}</strong>" + (" (interrupted)" if shown.is_interrupted else "")]
    names = [name for name in ("heatCurrent", *shown.quantities) if name in shown]
    if names:
        parts.append(_quantity(shown[names[0]], shown))
    for verdict in shown.verdicts[:6]:
        parts.append(f"<div>{html.escape(str(verdict))}</div>")
    others = [name for name in shown.quantities if name != (names[0] if names else None)]
    if others:
        parts.append(f"<div>also: {', '.join(f'<code>{html.escape(name)}</code>' for name in others)}</div>")
    refusals = [f"{each.method}: {each.reason}" for point in shown.points for each in point.refusals]
    parts += [f"<div>refused: {html.escape(each)}</div>" for each in dict.fromkeys(refusals)]
    return f"<div>{''.join(parts)}</div>"


def device(shown: "Device") -> str:
    """A device: its numbers by point and method, and the verdicts."""
    parts = [f"<strong>{html.escape(shown.title or shown.kind)}</strong>" + (" (interrupted)" if shown.is_interrupted else "")]
    paths = list(dict.fromkeys(path for point in shown.points for path in point.parameters))
    rows = []
    for point in shown.points[:_MOST_ROWS]:
        numbers = [point.values.get(name) for name in shown.names]
        cells = ["" if each is None else text(each.value, each.uncertainty) for each in numbers]
        rows.append([*(f"{point.parameters.get(path, math.nan):g}" for path in paths), html.escape(point.method), *cells])
    more = f"<div>and {len(shown.points) - _MOST_ROWS} more</div>" if len(shown.points) > _MOST_ROWS else ""
    heads = [f"<code>{html.escape(path)}</code>" for path in paths]
    parts.append(_table([*heads, "method", *(html.escape(name) for name in shown.names)], rows) + more)
    parts += [f"<div>{html.escape(str(verdict))}</div>" for verdict in shown.verdicts]
    return f"<div>{''.join(parts)}</div>"


def _quantity(array: Array, shown: "Results") -> str:
    sweep = shown.sweep
    methods = [method for method in array.methods if shown._is_told(method)]
    columns = [_column(array.sel(method=method), len(shown)) for method in methods]
    paths = [f"<code>{html.escape(path)}</code>" for path in sweep]
    rows = []
    for number in range(min(len(shown), _MOST_ROWS)):
        places = [f"{values[number]:g}" for values in sweep.values()]
        rows.append(places + [column[number] for column in columns])
    more = f"<div>and {len(shown) - _MOST_ROWS} more points</div>" if len(shown) > _MOST_ROWS else ""
    unit = "" if array.unit == "1" else f" [{html.escape(array.unit)}]"
    head = f"<div><code>{html.escape(array.quantity)}</code>{unit}</div>"
    return head + _table([*paths, *(html.escape(method) for method in methods)], rows) + more


def _column(chosen: Any, points: int) -> List[str]:
    if isinstance(chosen, Value):
        return [text(chosen.value, chosen.uncertainty)]
    if chosen.size != points:
        return [f"{chosen.size // max(1, points)} values"] * points
    pairs = zip(chosen.values.ravel().tolist(), chosen.uncertainty.ravel().tolist())
    return ["" if math.isnan(value) else text(value, error) for value, error in pairs]
