"""What a run records along the time (``run.record``)."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Union

import numpy as np
from numpy.typing import NDArray

from ._errors import Error


class Series(Mapping[str, "NDArray[Any]"]):
    """The series of one point: arrays by name, each of the shape [replicas, samples, numbers], with ``time`` and the names of
    what the numbers are of (``site``, ``bath``, ``bond``, ``particle``)."""

    def __init__(self, file: "Union[str, os.PathLike[str]]") -> None:
        self.file = Path(file)
        try:
            with np.load(self.file) as data:
                #: What the file says of itself: seed, time step, axes, dimension and meaning of every array.
                self.about: Dict[str, Any] = json.loads(data["about.json"])
                self._arrays: Dict[str, NDArray[Any]] = {
                    name: data[name] for name in data.files if name != "about.json"
                }
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise Error(f"{self.file} holds no series of ness run: {error}") from None

    def __getitem__(self, name: str) -> "NDArray[Any]":
        if name not in self._arrays:
            raise KeyError(f"{name}: there are {', '.join(self._arrays)}")
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    @property
    def interval(self) -> float:
        """Time between two samples."""
        return float(self.about["interval"])

    @property
    def point(self) -> Dict[str, float]:
        """The swept parameters with their values."""
        return {each["parameter"]: each["value"] for each in self.about["point"]}

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {list(self._arrays[name].shape)}" for name in self.about["arrays"])
        return f"<ness.Series {self.file.name}: {shapes}>"


def read_series(place: "Union[str, os.PathLike[str]]") -> List[Series]:
    """The series of every file of a folder, ordered by the swept parameters; of a file that one alone.

    >>> import ness, tempfile
    >>> study = ness.Study(ness.examples()["time-series"])
    >>> folder = tempfile.mkdtemp()
    >>> result = study.run(duration=20, record=folder, store=None, progress=False)
    >>> series = ness.read_series(folder)[0]
    >>> series["velocity"].shape[0], series["site"].tolist()
    (4, [1, 8])

    Args:
        place: a file, or the folder that :meth:`Study.run` was given.

    Raises:
        Error: there is none, or it cannot be read.
    """
    path = Path(place)
    if not path.is_dir():
        return [Series(path)]
    return sorted((Series(file) for file in path.glob("*.npz")), key=lambda series: list(series.point.values()))
