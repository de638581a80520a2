"""Numbers with their uncertainties along named axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

from ._errors import UnknownName, needed
from ._value import Value, text

if TYPE_CHECKING:
    import pandas
    import xarray

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[Any]


class Array:
    """The values of a quantity, by point of the sweep, by method, and along the axes of the quantity.

    ``values`` and ``uncertainty`` are NumPy arrays; NaN stands where a method does not answer. Indexing is that of NumPy,
    ``sel`` goes by the names of places. Either gives a smaller array, or in the end a :class:`Value`.

    >>> import ness
    >>> study = ness.Study(ness.examples()["hot-particles"])
    >>> current = study.theory()["heatCurrent"]
    >>> current.dims, current.shape
    (('baths.left.temperature', 'method'), (3, 4))
    >>> current.sel(method="memory").values.round(4).tolist()
    [0.0333, 0.0628, 0.0481]
    >>> print(current.sel(method="memory", temperature=20.0))
    0.0628456 energy/time (memory, approximation)
    """

    def __init__(
        self,
        quantity: str,
        dims: Sequence[str],
        coords: Mapping[str, npt.NDArray[Any]],
        parts: Mapping[str, npt.NDArray[Any]],
        *,
        unit: str,
        symbol: Optional[str],
        words: str,
        units: Mapping[str, str],
        own: Sequence[str] = (),
        beside: Optional[Mapping[str, Tuple[str, npt.NDArray[Any]]]] = None,
        fixed: Optional[Mapping[str, Any]] = None,
    ) -> None:
        #: What was asked, for example ``heatCurrent``.
        self.quantity = quantity
        #: The names of the axes.
        self.dims: Tuple[str, ...] = tuple(dims)
        #: The places along every axis.
        self.coords: Dict[str, npt.NDArray[Any]] = dict(coords)
        #: Dimension in words, for example ``energy/time``.
        self.unit = unit
        #: Symbol in figures, for example ``J``; None if it has none.
        self.symbol = symbol
        #: What it is.
        self.words = words
        self._parts = dict(parts)
        self._units = dict(units)
        # The axes of the quantity itself, of which its name tells the place.
        self._own = tuple(own)
        self._beside = dict(beside or {})
        self._fixed = dict(fixed or {})

    # What there is

    @property
    def values(self) -> Floats:
        """The values."""
        return self._parts["value"]

    @property
    def uncertainty(self) -> Floats:
        """One standard error of a sampled value; a bound on the numerical error of a computed one."""
        return self._parts["uncertainty"]

    @property
    def effective_samples(self) -> Floats:
        """How many independent samples each error bar rests on; NaN where nothing was sampled."""
        return self._parts["effective_samples"]

    @property
    def validity(self) -> Objects:
        """What each value claims to be: ``sampled``, ``exact``, ``approximation`` or ``printed``; None where there is none."""
        return self._parts["validity"]

    @property
    def claim(self) -> Objects:
        """What was computed and, of an approximation, where that holds."""
        return self._parts["claim"]

    @property
    def budget(self) -> Objects:
        """What each error is made of, as :class:`Budget`; None where that is not told apart."""
        return self._parts["budget"]

    @property
    def known_bias(self) -> Floats:
        """Answer less truth, as far as the linear dynamics tells it; 0 where nothing is known."""
        biases = [each.known_bias if each is not None else 0.0 for each in self.budget.flat]
        return np.array(biases, dtype=float).reshape(self.shape)

    @property
    def methods(self) -> List[str]:
        """The methods, simulation first, then theories from the best on."""
        if "method" in self.coords:
            return [str(name) for name in self.coords["method"]]
        return [str(self._fixed["method"])] if "method" in self._fixed else []

    @property
    def shape(self) -> Tuple[int, ...]:
        """The number of places along every axis."""
        return tuple(self.values.shape)

    @property
    def size(self) -> int:
        """The number of values."""
        return int(self.values.size)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return int(self.values.ndim)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> "Iterator[Union[Array, Value]]":
        return (self[place] for place in range(len(self)))

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> Floats:
        return np.array(self.values, dtype=dtype) if copy else np.asarray(self.values, dtype=dtype)

    def unit_of(self, dim: str) -> str:
        """Dimension of the places along an axis; ``1`` for numbers and names."""
        return self._units.get(dim, "1")

    # Choosing

    def __getitem__(self, index: Any) -> "Union[Array, Value]":
        given = index if isinstance(index, tuple) else (index,)
        if Ellipsis in [each for each in given if each is Ellipsis]:
            place = [each is Ellipsis for each in given].index(True)
            gap = self.ndim - (len(given) - 1)
            given = (*given[:place], *([slice(None)] * gap), *given[place + 1 :])
        if len(given) > self.ndim:
            raise IndexError(f"{len(given)} indices for an array with {self.ndim} axes: {', '.join(self.dims)}")
        result: Union[Array, Value] = self
        # One axis at a time, the last first, so that the others keep their places.
        for axis in reversed(range(len(given))):
            assert isinstance(result, Array)
            result = result._taken(axis, given[axis])
        return result

    def _taken(self, axis: int, index: Any) -> "Union[Array, Value]":
        dim = self.dims[axis]
        whole = (slice(None),) * axis + (index,)
        parts = {name: part[whole] for name, part in self._parts.items()}
        places = self.coords[dim][index]
        coords = {name: each for name, each in self.coords.items() if name != dim}
        fixed = dict(self._fixed)
        beside = dict(self._beside)
        for name, (owner, each) in self._beside.items():
            if owner == dim:
                beside[name] = (owner, each[index])
        dims = list(self.dims)
        if np.ndim(places) == 0:
            dims.pop(axis)
            fixed[dim] = places
            for name, (owner, each) in list(beside.items()):
                if owner == dim:
                    fixed[name] = each
                    del beside[name]
        else:
            coords[dim] = places
        array = Array(
            self.quantity, dims, coords, parts, unit=self.unit, symbol=self.symbol, words=self.words,
            units=self._units, own=self._own, beside=beside, fixed=fixed,
        )  # fmt: skip
        return array if dims else array._value()

    def _value(self) -> Value:
        samples = float(self._parts["effective_samples"])
        return Value(
            self._name(),
            float(self._parts["value"]),
            float(self._parts["uncertainty"]),
            self.unit,
            str(self._fixed.get("method", "")),
            str(self._part("validity") or ""),
            str(self._part("claim") or ""),
            None if math.isnan(samples) else samples,
            self._part("budget"),
        )

    def _part(self, name: str) -> Any:
        part: Any = self._parts[name]
        return part.item() if isinstance(part, np.ndarray) else part

    def _name(self) -> str:
        places = [each for dim, each in self._fixed.items() if dim in self._own]
        if not places:
            return self.quantity
        return f"{self.quantity}[{','.join(_short(each) for each in places)}]"

    def sel(self, places: Optional[Mapping[str, Any]] = None, **more: Any) -> "Any":
        """The values at places by their names: ``sel(method="memory")``, ``sel({"baths.left.temperature": 20.0})``.

        The last part of a path is enough where only one axis ends with it: ``sel(temperature=20.0)``. A list chooses several.

        Returns:
            A smaller :class:`Array`, or a :class:`Value` if no axis is left.

        Raises:
            UnknownName: there is no such axis or place; the message names those that there are.
        """
        result: Any = self
        for name, wanted in {**(places or {}), **more}.items():
            dim = self._dim(name)
            if not isinstance(result, Array) or dim not in result.dims:
                raise UnknownName(f"{dim} is chosen already")
            index = result._places(dim, wanted)
            result = result._taken(result.dims.index(dim), index)
        return result

    def _dim(self, name: str) -> str:
        if name in self.dims:
            return name
        ending = [dim for dim in self.dims if dim.rsplit(".", 1)[-1] == name]
        if len(ending) == 1:
            return ending[0]
        reason = f"several axes end with {name}" if ending else f"there is no axis {name}"
        raise UnknownName(f"{reason}: there are {', '.join(self.dims) or 'none'}")

    def _places(self, dim: str, wanted: Any) -> Any:
        if isinstance(wanted, (list, tuple, np.ndarray)):
            return [self._place(dim, each) for each in wanted]
        return self._place(dim, wanted)

    def _place(self, dim: str, wanted: Any) -> int:
        coords = self.coords[dim]
        if coords.dtype.kind in "fiu":
            # A number that went through arithmetic or a text is the same place.
            try:
                near = np.isclose(coords, float(wanted), rtol=1e-9, atol=0)
            except (TypeError, ValueError):
                near = np.zeros(len(coords), dtype=bool)
        else:
            near = coords == wanted
        found = np.flatnonzero(near)
        if len(found) == 0:
            raise UnknownName(f"{self.quantity} has no {dim} {wanted}: there are {_list(coords)}")
        return int(found[0])

    def best(self, theory: bool = False) -> "Any":
        """The values by the best method: simulation if there is one, else the theory that claims most.

        Args:
            theory: whether theories alone are asked.
        """
        for method in self.methods:
            if not (theory and method == "simulation"):
                return self.sel(method=method)
        raise UnknownName(f"{self.quantity} has no {'theory' if theory else 'method'}")

    def z(self, other: "Array") -> Floats:
        """How many of the combined uncertainties the values of two arrays are apart, less the bias that is known.

        NaN where neither was sampled, or one is absent. |z| above 5 is no accident of sampling.

        Args:
            other: an array with the same axes, usually of another method.
        """
        if self.dims != other.dims or self.shape != other.shape:
            raise ValueError(f"axes {self.dims} {self.shape} and {other.dims} {other.shape}: choose what is compared by sel")
        both = np.hypot(self.uncertainty, other.uncertainty)
        is_sampled = ~np.isnan(self.effective_samples) | ~np.isnan(other.effective_samples)
        difference = (self.values - self.known_bias) - (other.values - other.known_bias)
        score = np.full(self.shape, math.nan)
        np.divide(difference, both, out=score, where=is_sampled & (both > 0))
        return score

    # Other forms

    def _rows(self) -> Iterator[Tuple[Dict[str, Any], Tuple[int, ...]]]:
        """The places of all values that there are, each with its names."""
        for index in np.ndindex(*self.shape):
            if math.isnan(self.values[index]):
                continue
            places = dict(self._fixed)
            for dim, number in zip(self.dims, index):
                for name, (owner, each) in self._beside.items():
                    if owner == dim:
                        places[name] = each[number]
                if not (dim == "point" and self._beside):
                    places[dim] = self.coords[dim][number]
            yield places, index

    def to_dataframe(self) -> "pandas.DataFrame":
        """A row for each value, with its places, uncertainty and claim; needs pandas."""
        library = needed("pandas", "to_dataframe()", "pandas")
        rows = [
            {
                **places,
                "value": float(self.values[index]),
                "uncertainty": float(self.uncertainty[index]),
                "effectiveSamples": float(self.effective_samples[index]),
                "validity": self.validity[index],
            }
            for places, index in self._rows()
        ]
        frame: "pandas.DataFrame" = library.DataFrame(rows)
        return frame

    def to_xarray(self) -> "xarray.DataArray":
        """An array of xarray, with the uncertainties as a coordinate of the same shape; needs xarray.

        There ``method`` has a meaning of its own in ``sel``: write ``sel({"method": "memory"})``.
        """
        library = needed("xarray", "to_xarray()", "xarray")
        coords: Dict[str, Any] = {dim: (dim, each) for dim, each in self.coords.items()}
        coords.update({name: (owner, each) for name, (owner, each) in self._beside.items()})
        coords["uncertainty"] = (self.dims, self.uncertainty)
        attributes = {"units": self.unit, "long_name": self.words, **({"symbol": self.symbol} if self.symbol else {})}
        array: "xarray.DataArray" = library.DataArray(self.values, dims=self.dims, coords=coords, name=self.quantity, attrs=attributes)
        for dim in self.dims:
            array.coords[dim].attrs["units"] = self.unit_of(dim)
        return array

    def _line(self, index: Tuple[int, ...]) -> str:
        value = self.values[index]
        return "" if math.isnan(value) else text(float(value), float(self.uncertainty[index]))

    def __repr__(self) -> str:
        axes = ", ".join(f"{dim}: {len(self.coords[dim])}" for dim in self.dims)
        head = f"<ness.Array {self.quantity} [{self.unit}] ({axes})>"
        lines: List[str] = []
        for places, index in self._rows():
            if len(lines) == 12:
                lines.append("  ...")
                break
            names = ", ".join(f"{name} {_short(each)}" for name, each in places.items())
            lines.append(f"  {names}: {self._line(index)}")
        return "\n".join([head, *lines])


def _short(place: Any) -> str:
    return f"{place:g}" if isinstance(place, (float, np.floating)) else str(place)


def _list(places: npt.NDArray[Any]) -> str:
    shown = [_short(each) for each in places[:12]]
    return ", ".join(shown) + (f" and {len(places) - 12} more" if len(places) > 12 else "")
