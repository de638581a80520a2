"""Puts the numbers of a result document into arrays."""

from __future__ import annotations

import itertools
import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt

from . import _catalogue
from ._array import Array
from ._errors import UnknownName
from ._value import budget_of

_MEMBER = re.compile(r"(?P<family>[^\[]+)\[(?P<places>.+)\]")


class Gathered:
    """The numbers of a document by quantity."""

    def __init__(self, document: Mapping[str, Any], unit_of: Callable[[str], str]) -> None:
        self._document = document
        self._points: List[Mapping[str, Any]] = document["points"]
        self._unit_of = unit_of
        self._order = list(dict.fromkeys(each["method"] for each in document.get("methods", [])))
        names: Dict[str, None] = {}
        for point in self._points:
            for estimate in point["estimates"]:
                names[estimate["quantity"]] = None
                if estimate["method"] not in self._order:
                    self._order.append(estimate["method"])
        self.quantities = list(names)
        self.methods = [name for name in self._order]
        self._sweep = _Sweep([point["parameters"] for point in self._points])
        self._words = {(each["method"], each["validity"]): each["words"] for each in document.get("methods", [])}

    def has(self, quantity: str) -> bool:
        """Whether something of that name was answered."""
        try:
            self.array(quantity)
        except UnknownName:
            return False
        return True

    def array(self, quantity: str) -> Array:
        """The values of a quantity."""
        if quantity in self.quantities:
            return self._array(quantity, {None: quantity})
        member = _MEMBER.fullmatch(quantity)
        if member is not None and member["family"] in self.quantities:
            return self._member(member["family"], member["places"])
        baths: Dict[Optional[str], str] = {each[len(quantity) + 1 :]: each for each in self.quantities if each.startswith(f"{quantity}.")}
        if baths:
            return self._array(quantity, baths)
        raise UnknownName(f"there is no {quantity}: there are {', '.join(self.quantities)}")

    def _member(self, family: str, places: str) -> Array:
        array = self._array(family, {None: family})
        wanted = places.split(",")
        own = array.dims[array.dims.index("method") + 1 :]
        if len(wanted) != len(own):
            raise UnknownName(f"{family} has the axes {', '.join(own)}: name a place on each")
        for dim, place in zip(own, wanted):
            array = array.sel({dim: place.strip()})
        return array

    def _array(self, quantity: str, names: Mapping[Optional[str], str]) -> Array:
        """An array of one quantity, or with an axis of baths of several."""
        found: List[Tuple[int, int, str, Mapping[str, Any]]] = []
        wanted = {name: number for number, name in enumerate(names.values())}
        for number, point in enumerate(self._points):
            for estimate in point["estimates"]:
                if estimate["quantity"] in wanted:
                    found.append((number, wanted[estimate["quantity"]], estimate["method"], estimate))
        methods = [name for name in self._order if any(method == name for _, _, method, _ in found)]
        axes = _Axes([estimate for _, _, _, estimate in found])
        has_baths = None not in names
        lead = self._sweep.shape + (len(methods),) + ((len(names),) if has_baths else ())
        parts = _Parts(lead, axes.shape)
        for number, bath, method, estimate in found:
            place = self._sweep.places[number] + (methods.index(method),) + ((bath,) if has_baths else ())
            parts.put(place, axes, estimate, self._claim(self._points[number], estimate))
        dims = self._sweep.dims + ["method"] + (["bath"] if has_baths else []) + axes.names
        coords: Dict[str, npt.NDArray[Any]] = dict(self._sweep.coords)
        coords["method"] = np.array(methods)
        if has_baths:
            coords["bath"] = np.array(list(names))
        coords.update(axes.coords)
        family = _catalogue.family(quantity)
        units = {path: self._unit_of(path) for path in self._sweep.paths}
        units.update(axes.units)
        return Array(
            quantity, dims, coords, parts.all, unit=family["dimension"], symbol=family.get("symbol"),
            words=family["words"], units=units, own=axes.names, beside=self._sweep.beside,
        )  # fmt: skip

    def _claim(self, point: Mapping[str, Any], estimate: Mapping[str, Any]) -> str:
        own = {(each["method"], each["validity"]): each["words"] for each in point.get("methods", [])}
        key = (estimate["method"], estimate.get("validity"))
        return str(own.get(key) or self._words.get(key) or "")


class _Sweep:
    """The axes of a sweep: one for each parameter where every combination is there, else one for the points."""

    def __init__(self, points: Sequence[Mapping[str, float]]) -> None:
        self.paths = list(points[0]) if points else []
        columns = [np.array([point[path] for point in points], dtype=float) for path in self.paths]
        self.beside: Dict[str, Tuple[str, npt.NDArray[Any]]] = {}
        values = [list(dict.fromkeys(column.tolist())) for column in columns]
        combinations = {place: number for number, place in enumerate(itertools.product(*values))} if _few(values) else {}
        rows = list(zip(*(column.tolist() for column in columns))) if columns else [() for _ in points]
        if len(points) == len(combinations) == len(set(rows)):
            self.dims = list(self.paths)
            self.coords: Dict[str, npt.NDArray[Any]] = {
                path: np.array(each, dtype=float) for path, each in zip(self.paths, values)
            }
            self.shape = tuple(len(each) for each in values)
            self.places = [tuple(each.index(value) for each, value in zip(values, row)) for row in rows]
        else:
            self.dims = ["point"]
            self.coords = {"point": np.arange(1, len(points) + 1)}
            self.shape = (len(points),)
            self.places = [(number,) for number in range(len(points))]
            self.beside = {path: ("point", column) for path, column in zip(self.paths, columns)}


def _few(values: Sequence[Sequence[float]]) -> bool:
    product = 1
    for each in values:
        product *= len(each)
    return product <= 1_000_000


class _Axes:
    """The axes of a quantity: the places of all its entries together, which may differ from point to point."""

    def __init__(self, estimates: Sequence[Mapping[str, Any]]) -> None:
        self.names: List[str] = []
        self.units: Dict[str, str] = {}
        places: List[Dict[Any, None]] = []
        for estimate in estimates:
            for number, axis in enumerate(estimate.get("axes", [])):
                if number == len(self.names):
                    self.names.append(axis["name"])
                    places.append({})
                self.units[axis["name"]] = axis.get("dimension", "1")
                places[number].update(dict.fromkeys(axis.get("values", axis.get("names", []))))
        all_places = [sorted(each) if all(isinstance(one, float) for one in each) else list(each) for each in places]
        self.coords = {name: _places(each, self.units[name]) for name, each in zip(self.names, all_places)}
        self.shape = tuple(len(each) for each in all_places)
        self._numbers = [{one: number for number, one in enumerate(each)} for each in all_places]

    def indices(self, estimate: Mapping[str, Any]) -> Any:
        """Where the values of an entry belong."""
        axes = estimate.get("axes", [])
        return np.ix_(*([self._numbers[n][one] for one in axis.get("values", axis.get("names", []))]
                        for n, axis in enumerate(axes)))  # fmt: skip


def _places(places: Sequence[Any], unit: str) -> npt.NDArray[Any]:
    if unit == "1" and all(isinstance(one, float) and one.is_integer() for one in places):
        return np.array([int(one) for one in places])
    return np.array(places)


class _Parts:
    """What is known of every value, array by array."""

    def __init__(self, lead: Tuple[int, ...], own: Tuple[int, ...]) -> None:
        shape = lead + own
        numbers = ("value", "uncertainty", "effective_samples")
        self.all: Dict[str, npt.NDArray[Any]] = {name: np.full(shape, np.nan) for name in numbers}
        self.all["budget"] = np.full(shape, None, dtype=object)
        # What is claimed is the same along the axes of a quantity.
        self._claims = {name: np.full(lead + (1,) * len(own), None, dtype=object) for name in ("validity", "claim")}
        self.all.update({name: np.broadcast_to(each, shape) for name, each in self._claims.items()})

    def put(self, place: Tuple[int, ...], axes: _Axes, estimate: Mapping[str, Any], claim: str) -> None:
        """Puts an entry in its place."""
        self._claims["validity"][place] = estimate.get("validity")
        self._claims["claim"][place] = claim
        if "axes" not in estimate:
            self.all["value"][place] = estimate["value"]
            self.all["uncertainty"][place] = estimate["uncertainty"]
            self.all["effective_samples"][place] = estimate.get("effectiveSamples", np.nan)
            self.all["budget"][place] = budget_of(estimate.get("budget"))
            return
        indices = axes.indices(estimate)
        self.all["value"][place][indices] = np.array(estimate["values"], dtype=float)
        self.all["uncertainty"][place][indices] = np.array(estimate["uncertainties"], dtype=float)
        if "effectiveSamples" in estimate:
            self.all["effective_samples"][place][indices] = np.array(estimate["effectiveSamples"], dtype=float)
        if "budgets" in estimate:
            budgets = np.empty(len(np.ravel(np.array(estimate["values"], dtype=float))), dtype=object)
            budgets[:] = [budget_of(each) for each in _flat(estimate["budgets"])]
            self.all["budget"][place][indices] = budgets.reshape(np.shape(self.all["budget"][place][indices]))


def _flat(tree: Any) -> List[Any]:
    if isinstance(tree, list):
        return [leaf for branch in tree for leaf in _flat(branch)]
    return [tree]


