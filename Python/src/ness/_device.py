"""What was found of a device: a diode, a transistor, a conductor, a refrigerator."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Union

from . import _html
from ._errors import UnknownName, needed
from ._value import Value

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class DevicePoint:
    """The numbers of one point of a device by one method."""

    #: The parameters of the sweep, by path.
    parameters: Dict[str, float]
    #: How the numbers were obtained, for example ``simulation``.
    method: str
    #: The numbers by name, for example ``rectification``; one that is not known well enough to be divided by is left out.
    values: Dict[str, Value]
    #: What they say, or why there are none.
    text: str


@dataclass(frozen=True)
class DeviceVerdict:
    """What all points of a device say together, by one method."""

    #: How the numbers were obtained.
    method: str
    #: What they claim to be.
    validity: str
    #: Whether it rectifies, amplifies, conducts anomalously, cools (at 95 %, or beyond the numerical error); None if neither that nor
    #: the contrary can be said.
    is_seen: Optional[bool]
    #: The number it is judged by: rectification, amplification, exponent or coefficient of performance; None if none is known.
    value: Optional[Value]
    #: How sure its difference is from a device that does nothing (rectification 0, amplification 1, exponent 0, heat from the cold bath 0), as for a Gaussian;
    #: None if it was not sampled.
    sigmas: Optional[float]
    #: The statement in words.
    text: str

    def __str__(self) -> str:
        return f"{self.method}: {self.text}"


class Device:
    """What was found of a device: numbers with their errors for every point and method, and a verdict by every method.

    The answer of :meth:`ness.Study.device`, and what results have of a study whose file names a device.
    """

    def __init__(self, told: Union[bytes, str]) -> None:
        self._text = told if isinstance(told, str) else told.decode("utf-8")
        document = json.loads(self._text)
        #: What it is: ``diode``, ``transistor``, ``conductivity`` or ``refrigerator``.
        self.kind: str = document["device"]
        #: The title of the study, if it has one.
        self.title: Optional[str] = document.get("title")
        #: Whether the work was stopped before its end; what is here is complete in itself.
        self.is_interrupted: bool = document["interrupted"]
        #: Method after method, the most trusted first; the points of each in their order.
        self.points: List[DevicePoint] = [_point(each) for each in document["points"]]
        #: Method after method.
        self.verdicts: List[DeviceVerdict] = [_verdict(each) for each in document["verdicts"]]
        #: Choices that were made, refusals and warnings, in plain words.
        self.notes: List[str] = list(document["notes"])

    @property
    def methods(self) -> List[str]:
        """The methods that answered, the most trusted first."""
        return [each.method for each in self.verdicts]

    @property
    def names(self) -> List[str]:
        """The names of the numbers."""
        return list(dict.fromkeys(name for point in self.points for name in point.values))

    def values(self, name: str, method: Optional[str] = None) -> List[Value]:
        """A number at every point where it is known, by one method.

        Args:
            name: for example ``rectification``; ``names`` has all.
            method: its name; None for the most trusted one.

        Raises:
            UnknownName: there is no such number or method.
        """
        if name not in self.names:
            raise UnknownName(f"there is no {name}: there are {', '.join(self.names)}")
        chosen = method if method is not None else next(each.method for each in self.points if name in each.values)
        if chosen not in self.methods:
            raise UnknownName(f"there is no method {chosen}: there are {', '.join(self.methods)}")
        return [each.values[name] for each in self.points if each.method == chosen and name in each.values]

    def to_dataframe(self) -> "pandas.DataFrame":
        """A row for every point and method, each number with its uncertainty. Needs pandas."""
        library = needed("pandas", "to_dataframe()", "pandas")
        rows: List[Dict[str, Any]] = []
        for point in self.points:
            row: Dict[str, Any] = {**point.parameters, "method": point.method}
            for name, value in point.values.items():
                row[name], row[f"{name} uncertainty"] = value.value, value.uncertainty
            rows.append({**row, "verdict": point.text})
        frame: pandas.DataFrame = library.DataFrame(rows)
        return frame

    def to_json(self, file: "Union[str, os.PathLike[str], None]" = None) -> str:
        """What ``ness device --format json`` prints; also into a file, if one is named."""
        if file is not None:
            Path(file).write_text(self._text, encoding="utf-8")
        return self._text

    def __repr__(self) -> str:
        head = f"<ness.Device {self.kind}{f' {self.title!r}' if self.title else ''}>"
        return "\n".join([head, *(f"  {verdict}" for verdict in self.verdicts)])

    def _repr_html_(self) -> str:
        return _html.device(self)


def _value(record: Mapping[str, Any], method: str, validity: str) -> Value:
    return Value(
        record["name"], record["value"], record["uncertainty"], record["dimension"], method, validity, "",
        record.get("effectiveSamples"),
    )  # fmt: skip


def _point(record: Mapping[str, Any]) -> DevicePoint:
    method, validity = record["method"], record["validity"]
    values = {each["name"]: _value(each, method, validity) for each in record["numbers"]}
    return DevicePoint(dict(record["parameters"]), method, values, record["text"])


def _verdict(record: Mapping[str, Any]) -> DeviceVerdict:
    number = record.get("number")
    method, validity = record["method"], record["validity"]
    value = None if number is None else _value(number, method, validity)
    return DeviceVerdict(method, validity, record["isSeen"], value, record.get("sigmas"), record["text"])
