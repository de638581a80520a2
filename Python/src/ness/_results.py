"""What came out of a study."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import _catalogue, _figures, _html
from ._array import Array, Floats
from ._device import Device
from ._errors import UnknownName, needed
from ._gather import Gathered
from ._value import Value

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure
    import pandas
    import xarray

    from ._study import Study


@dataclass(frozen=True)
class Verdict:
    """Whether more temperature difference gives less heat, along one line of a sweep, or without one at its one point where
    the response of the current to a temperature is asked for."""

    #: Path of the varied temperature.
    parameter: str
    #: Whether the varied bath is ``hotter`` or ``colder`` than the other.
    side: str
    #: What is fixed along the line.
    fixed: Dict[str, float]
    #: How the currents were obtained.
    method: str
    #: What they claim to be.
    validity: Optional[str]
    #: Lowest and highest temperature of the points [energy].
    range: Tuple[float, float]
    #: True: the current falls somewhere (at 95 %, or certain); False: it does not between any points; None: neither can be said.
    falls: Optional[bool]
    #: The statement in words.
    text: str
    #: Temperature at which the current is largest, where it falls beyond [energy].
    peak: Optional[float]
    #: One standard error of ``peak``, or the bound of its numerical error [energy].
    peak_error: Optional[float]
    #: Significance of the fall, one-sided, corrected for the choice among all pairs of points; None for computed currents.
    sigmas: Optional[float]
    #: The largest fall that is not excluded, as a share of the largest current; None if it falls.
    excluded_fall: Optional[float]
    #: dJ/dT at the one point, without a sweep [1/time].
    slope: Optional[float]
    #: One standard error of ``slope``, or the bound of its numerical error [1/time].
    slope_error: Optional[float]

    def __str__(self) -> str:
        return f"{self.method}: {self.text}"


@dataclass(frozen=True)
class Run:
    """How a simulation went: the settings given and those chosen by Ness."""

    #: Seed of all random streams.
    seed: int
    #: Step of the integrator [time]; None where the dynamics has none.
    time_step: Optional[float]
    #: Time per replica thrown away before measuring [time].
    burn_in: float
    #: Measured time per replica [time].
    duration: float
    #: Number of independent copies.
    replicas: int
    #: Why the run ended, in words.
    stop_reason: str


@dataclass(frozen=True)
class Refusal:
    """Why a method does not answer."""

    #: The method.
    method: str
    #: The reason in words.
    reason: str
    #: The quantity that it refuses; None if it answers nothing.
    quantity: Optional[str]


@dataclass(frozen=True)
class Point:
    """What is to be said of one point of a sweep, beside its numbers."""

    #: The swept parameters with their values, by path.
    parameters: Dict[str, float]
    #: Warnings and choices made, in plain words.
    notes: List[str]
    #: Why methods that were asked for, or break down, do not answer.
    refusals: List[Refusal]
    #: How the simulation went; None if there was none.
    run: Optional[Run]
    #: The names of what was answered, each with the methods that did.
    answers: Dict[str, List[str]] = field(repr=False)


class Results:
    """What came out of a study: quantities by name, verdicts, notes, figures.

    >>> import ness
    >>> study = ness.Study(ness.examples()["hot-particles"])
    >>> theory = study.theory(methods=["memory", "markov"])
    >>> theory.methods
    ['memory', 'markov']
    >>> theory["heatFrom.left"].sel(method="memory").values.round(4).tolist()
    [0.0333, 0.0628, 0.0481]
    >>> theory["kineticTemperature"].dims
    ('baths.left.temperature', 'method', 'site')
    >>> print(theory.verdicts[0].falls, round(theory.verdicts[0].peak, 2))
    True 20.35
    """

    def __init__(self, document: bytes, study: "Study", asked: Sequence[str] = ()) -> None:
        # Methods that were asked for by name: formulas as printed are told only then.
        self._asked = asked
        self._bytes = document
        self._document: Dict[str, Any] = json.loads(document)
        self._study = study
        self._gathered: Optional[Gathered] = None

    # What there is

    @property
    def study(self) -> "Study":
        """The study that was asked."""
        return self._study

    @property
    def title(self) -> Optional[str]:
        """The title of the study, if it has one."""
        title: Optional[str] = self._document.get("title")
        return title

    @property
    def is_interrupted(self) -> bool:
        """Whether the run was stopped before its end; what is here is complete in itself."""
        return bool(self._document.get("interrupted", False))

    @property
    def quantities(self) -> List[str]:
        """The names of all that was answered; each is a key of the results."""
        return self._all.quantities

    @property
    def methods(self) -> List[str]:
        """The methods that answered, simulation first, then theories from the best on."""
        return self._all.methods

    @property
    def claims(self) -> Dict[str, str]:
        """What each method claims, in words."""
        return {each["method"]: f"{each['validity']}: {each['words']}" for each in self._document.get("methods", [])}

    @property
    def notes(self) -> List[str]:
        """What is to be said of the whole and of its points, each once."""
        notes = list(self._document.get("notes", []))
        for point in self._document["points"]:
            notes += point.get("notes", [])
        return list(dict.fromkeys(notes))

    @property
    def verdicts(self) -> List[Verdict]:
        """Whether more temperature difference gives less heat, for every line on which a temperature was varied.

        A verdict on a formula as printed is among them if the formula was asked for by name.
        """
        return [
            Verdict(
                each["parameter"], each["side"], each["fixed"], each["method"], each.get("validity"),
                (each["range"][0], each["range"][1]), each["falls"], each["text"], each.get("peak"),
                each.get("peakError"), each.get("sigmas"), each.get("excludedFall"), each.get("slope"),
                each.get("slopeError"),
            )
            for each in self._document.get("verdicts", [])
            if self._is_told(each["method"])
        ]  # fmt: skip

    @property
    def device(self) -> Optional[Device]:
        """What was found of the device that the file names (``device``); None if it names none, or that was not asked."""
        told = self._document.get("device")
        return None if told is None else Device(json.dumps(told, indent=2, ensure_ascii=False) + "\n")

    def _is_told(self, method: str) -> bool:
        claims = [each["validity"] for each in self._document.get("methods", []) if each["method"] == method]
        return method in self._asked or "printed" not in claims

    @property
    def points(self) -> List[Point]:
        """The points of the sweep in order; a single one without a sweep."""
        return [_point(each) for each in self._document["points"]]

    @property
    def sweep(self) -> Dict[str, Floats]:
        """The values of the swept parameters at every point, by path."""
        points = [point["parameters"] for point in self._document["points"]]
        paths = list(points[0]) if points else []
        return {path: np.array([point[path] for point in points]) for path in paths}

    @property
    def _all(self) -> Gathered:
        if self._gathered is None:
            self._gathered = Gathered(self._document, self._study.unit_of)
        return self._gathered

    def __getitem__(self, quantity: str) -> Array:
        """The values of a quantity: ``heatCurrent``, ``heatFrom.left``, ``heatFrom``, ``kineticTemperature[3]``.

        Raises:
            UnknownName: nothing of that name was answered; the message names what was.
        """
        return self._all.array(quantity)

    def __contains__(self, quantity: object) -> bool:
        return isinstance(quantity, str) and self._all.has(quantity)

    def __iter__(self) -> Any:
        return iter(self.quantities)

    def __len__(self) -> int:
        return len(self._document["points"])

    def z(self, quantity: str = "heatCurrent") -> "Union[Floats, float]":
        """Simulation against the best theory at every point: how many of the combined uncertainties they are apart.

        The bias that is known of the simulation is taken off, as in the table of ``ness run``.
        """
        array = self[quantity]
        simulated, theory = array.sel(method="simulation"), array.best(theory=True)
        if isinstance(simulated, Value):
            return simulated.z(theory)
        score: Floats = simulated.z(theory)
        return score

    # Other forms

    def to_json(self, file: Union[str, "os.PathLike[str]", None] = None) -> str:
        """The results as ``ness run --format json`` prints them, byte for byte; also into a file, if one is named."""
        if file is not None:
            Path(file).write_bytes(self._bytes)
        return self._bytes.decode()

    def to_csv(self, file: Union[str, "os.PathLike[str]", None] = None) -> str:
        """The results as ``ness run --csv`` writes them; also into a file, if one is named."""
        table = self._study._ask({"ask": "table", "document": self._bytes.decode()})
        if file is not None:
            Path(file).write_bytes(table)
        return table.decode()

    def to_dataframe(self, quantities: Union[str, Sequence[str], None] = None) -> "pandas.DataFrame":
        """A row for each number: its places, quantity, value, uncertainty, claim; needs pandas.

        Args:
            quantities: those that are wanted; None for all.
        """
        library = needed("pandas", "to_dataframe()", "pandas")
        frames = []
        for name in self._chosen(quantities):
            frame = self[name].to_dataframe()
            frame.insert(list(frame.columns).index("value"), "quantity", name)
            frame["unit"] = self[name].unit
            frames.append(frame)
        table: "pandas.DataFrame" = library.concat(frames, ignore_index=True) if frames else library.DataFrame()
        return table

    def to_xarray(self, quantities: Union[str, Sequence[str], None] = None) -> "xarray.Dataset":
        """A data set of xarray: each quantity, and its uncertainty as ``NAME uncertainty``; needs xarray.

        Args:
            quantities: those that are wanted; None for all.
        """
        library = needed("xarray", "to_xarray()", "xarray")
        variables: Dict[str, Any] = {}
        for name in self._chosen(quantities):
            array = self[name].to_xarray()
            error = array.coords["uncertainty"]
            variables[name] = array.drop_vars("uncertainty")
            variables[f"{name} uncertainty"] = error.drop_vars("uncertainty").assign_attrs(units=self[name].unit)
        attributes = {"title": self.title or "", "ness": self._document.get("ness", "")}
        dataset: "xarray.Dataset" = library.Dataset(variables, attrs=attributes)
        return dataset

    def _chosen(self, quantities: Union[str, Sequence[str], None]) -> Sequence[str]:
        return self.quantities if quantities is None else [quantities] if isinstance(quantities, str) else quantities

    def plot(
        self,
        figure: str = "heatCurrent",
        *,
        methods: Union[str, Sequence[str], None] = None,
        ax: "Optional[matplotlib.axes.Axes]" = None,
        width: float = 8.6,
        logarithmic: Optional[bool] = None,
        point: Optional[int] = None,
    ) -> "matplotlib.figure.Figure":
        """Draws a figure with matplotlib, as ``ness plot`` looks; theory is smooth between the points.

        Symbols are simulation with one standard error, lines are theory. What comes back is a figure like any other: change it
        as you like, ``figure.ness_caption`` says what is to be seen.

        Args:
            figure: a figure of ``ness plot --help``, a quantity, or a family of quantities such as ``heatFrom``.
            methods: the methods to draw; None for all but formulas as printed.
            ax: axes to draw into; without the panel of ratios then.
            width: width on paper [cm].
            logarithmic: whether both axes are logarithmic; None as the sweep is.
            point: the point of a sweep, counted from 1, that ``network`` shows and profiles show alone; None for the first, and
                for some of them.
        """
        wanted = [methods] if isinstance(methods, str) else list(methods) if methods is not None else None
        request = {
            "ask": "figure", "document": self._bytes.decode(), "figure": figure, "methods": wanted,
            "centimetres": width, "logarithmic": logarithmic, "point": point,
        }  # fmt: skip
        drawing: Mapping[str, Any] = json.loads(self._study._ask(request))
        return _figures.draw(drawing, ax, width)

    def __repr__(self) -> str:
        head = f"<ness.Results {self.title or ''}: {len(self)} points, {', '.join(self.methods)}>"
        return "\n".join([head, *(f"  {verdict}" for verdict in self.verdicts)])

    def _repr_html_(self) -> str:
        return _html.results(self)


def _point(record: Mapping[str, Any]) -> Point:
    run = record.get("run")
    answers: Dict[str, List[str]] = {}
    for estimate in record["estimates"]:
        answers.setdefault(estimate["quantity"], []).append(estimate["method"])
    return Point(
        dict(record["parameters"]),
        list(record.get("notes", [])),
        [Refusal(each["method"], each["reason"], each.get("quantity")) for each in record.get("refusals", [])],
        None
        if run is None
        else Run(
            run["seed"], run.get("timeStep"), run["burnIn"], run["duration"], run["replicas"], run["stopReason"]
        ),
        answers,
    )


