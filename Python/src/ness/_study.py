"""A study: an experiment that can be changed and asked."""

from __future__ import annotations

import copy
import json
import os
import shlex
import sys
import warnings
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from . import _html, _session
from ._device import Device
from ._errors import Interrupted, Refused
from ._keys import Keys, Names
from ._parameters import Parameter, plain
from ._preview import Preview
from ._progress import Progress
from ._results import Results


class Study(Keys):
    """An experiment that can be changed and asked: a medium between baths, how to simulate it, what takes several values.

    A study is always valid: a change that would make it impossible is refused with :class:`Refused`, and nothing
    is changed then. Keys are those of experiment files (``ness.kinds("chain")`` tells those of a chain).

    >>> import ness
    >>> study = ness.Study({
    ...     "medium": {"kind": "chain", "sites": 8, "pinning": 1.0},
    ...     "baths": {"left": {"kind": "langevin", "temperature": 2.0, "friction": 1.0},
    ...               "right": {"kind": "langevin", "temperature": 1.0, "friction": 1.0}}})
    >>> study.medium.sites = 4
    >>> study.baths.left.temperature = 3
    >>> study.sweep("baths.left.temperature", [1.5, 2.0, 3.0])
    >>> study.theory()["heatCurrent"].best().values.round(4).tolist()
    [0.0952, 0.1905, 0.381]
    >>> study.medium.sits = 3
    Traceback (most recent call last):
        ...
    ness.UnknownKey: medium has no key sits (did you mean sites?)

    Args:
        source: an experiment file, its text, or the keys of a file as a mapping.
    """

    def sweep(
        self,
        parameter: Union[str, Mapping[str, Sequence[float]], None],
        values: Optional[Sequence[float]] = None,
        *,
        start: Optional[float] = None,
        stop: Optional[float] = None,
        points: Optional[int] = None,
        log: bool = False,
        paired: bool = False,
    ) -> None:
        """Lets a parameter take several values, in place of any sweep that there was.

        >>> import ness
        >>> study = ness.Study(ness.examples()["hot-particles"])
        >>> study.sweep("baths.left.temperature", start=12, stop=96, points=4, log=True)
        >>> study.theory(methods="memory")["heatCurrent"].coords["baths.left.temperature"].tolist()
        [12.0, 24.0, 48.0, 96.0]
        >>> study.sweep({"baths.left.temperature": [20, 40], "baths.right.temperature": [5, 10, 15]})
        >>> study.theory(methods="memory")["heatCurrent"].shape
        (2, 3, 1)
        >>> study.sweep(None)

        Args:
            parameter: path of a number, for example ``baths.left.temperature``; a mapping of several paths to their values for a
                grid; None for no sweep.
            values: its values; or instead of them
            start: the first value,
            stop: the last value, and
            points: the number of values.
            log: whether they lie in equal ratios, and not equally far apart.
            paired: whether several parameters change together, and not as a grid.

        Raises:
            Refused: there is no such parameter, or a value is impossible.
        """
        if parameter is None:
            return self.update({"sweep": None})
        if isinstance(parameter, Mapping):
            axes = [{"parameter": path, "values": _floats(each)} for path, each in parameter.items()]
            return self.update({"sweep": {"paired": axes} if paired else axes if len(axes) != 1 else axes[0]})
        if values is not None:
            if not (start is None and stop is None and points is None):
                raise Refused("give values, or start, stop and points")
            return self.update({"sweep": {"parameter": parameter, "values": _floats(values)}})
        if start is None or stop is None or points is None:
            raise Refused("give values, or start, stop and points")
        scale = "log" if log else "linear"
        axis = {"parameter": parameter, "from": float(start), "to": float(stop), "points": points, "scale": scale}
        self.update({"sweep": axis})

    @property
    def parameters(self) -> List[Parameter]:
        """Every number of medium and baths: path, symbol, dimension, meaning, value."""
        return Parameter.all_of(self._tree)

    def unit_of(self, path: str) -> str:
        """Dimension of a parameter in words, for example ``energy``; ``1`` if it has none."""
        return next((each.unit for each in self.parameters if each.path == path), "1")

    # Other forms

    def to_yaml(self) -> str:
        """The experiment as a file: every parameter, defaults too."""
        if self._yaml is None:
            self._yaml = json.loads(self._ask({"ask": "open"}))[1]["yaml"]
        return str(self._yaml)

    def to_dict(self) -> Dict[str, Any]:
        """The experiment as the keys of a file: every parameter, defaults too."""
        return copy.deepcopy(self._tree)

    def save(self, file: "Union[str, os.PathLike[str]]") -> None:
        """Writes the experiment into a file, for the commands of ``ness``."""
        Path(file).write_text(self.to_yaml(), encoding="utf-8")

    # Answers

    def check(
        self, *, store: "Union[str, os.PathLike[str], None]" = ".ness", threads: Optional[int] = None
    ) -> Preview:
        """What a run would do, without running: points, time, error, settings, refusals; as ``ness check`` tells.

        >>> import ness
        >>> look = ness.Study(ness.examples()["hot-particles"]).check(store=None)
        >>> look.points, look.simulated, look.finished
        (3, 3, 0)
        >>> look.theories[0].method
        'memory'

        Args:
            store: the folder of the store in which finished points are looked up; None for none.
            threads: threads of the run.

        Raises:
            Refused: a point that cannot be run at all.
        """
        request = {"ask": "preview", "store": _folder(store), "threads": threads}
        body = self._ask({key: value for key, value in request.items() if value is not None}, lambda line, body: None)
        return Preview(json.loads(body))

    def theory(
        self,
        quantities: Names = None,
        methods: Names = None,
        *,
        threads: Optional[int] = None,
        progress: "Union[bool, Callable[[str, float], None], None]" = None,
    ) -> Results:
        """Exact and approximate theory at every point, at once.

        Args:
            quantities: what is asked, for example ``kineticTemperature`` or ``heatFrom.left``, or ``all`` alone, however
                long that takes; None for what the study asks, else what costs little.
            methods: the methods that are asked; None for all that apply.
            threads: threads; the results do not depend on it.
            progress: whether to show how far it is; None where somebody looks, and only what takes longer than a second.

        Raises:
            Refused: an unknown method or quantity, or no point can be answered.
        """
        request = {"ask": "theory", "quantities": _names(quantities), "methods": _names(methods), "threads": threads}
        return self._answered(request, progress)

    def run(
        self,
        *,
        target_error: Optional[float] = None,
        duration: Optional[float] = None,
        replicas: Optional[int] = None,
        seed: Optional[int] = None,
        burn_in: Optional[float] = None,
        time_step: Optional[float] = None,
        time_limit: Optional[float] = None,
        record: "Union[str, os.PathLike[str], None]" = None,
        store: "Union[str, os.PathLike[str], None]" = ".ness",
        threads: Optional[int] = None,
        progress: "Union[bool, Callable[[str, float], None], None]" = None,
        on_point: "Optional[Callable[[int, Results], None]]" = None,
    ) -> Results:
        """Simulation beside theory at every point: the same numbers, in the same store, as ``ness run`` gives.

        Points that the store holds are not computed again, and work that was stopped goes on. Ctrl-C ends the run within a
        second and keeps what was measured, which is ``result`` of the exception.

        >>> import ness
        >>> study = ness.Study(ness.examples()["hot-particles"])
        >>> result = study.run(duration=20, replicas=8, store=None, progress=False)
        >>> result.methods[0], result.points[0].run.seed
        ('simulation', 1)
        >>> bool(abs(result.z("heatCurrent")).max() < 5)
        True

        Args:
            target_error: relative standard error of the heat current at which the run stops.
            duration: simulated time per replica after the burn-in [time]; with a target error the limit.
            replicas: number of independent copies.
            seed: seed of all random streams.
            burn_in: simulated time that is thrown away before [time].
            time_step: step of the integrator [time].
            time_limit: time for all of it [s]; what was measured until then is kept.
            record: folder for the series along the time that ``settings.record`` asks for, a file for every point, which
                :func:`read_series` reads; None records nothing.
            store: folder where finished points and unfinished work are kept and looked up; None for nowhere.
            threads: threads; the results do not depend on it.
            progress: whether to show how far it is, or a function that is told what is done and the part of the whole, 0 to 1;
                None where somebody looks, and only what takes longer than a second.
            on_point: told the place and the results of each point as it is finished.

        Raises:
            Refused: the study cannot be simulated, or no point can be answered.
            Failed: a point failed; the others are kept.
            Interrupted: Ctrl-C was pressed.
        """
        given = {
            "run.targetError": target_error, "run.duration": duration, "run.replicas": replicas, "run.seed": seed,
            "run.burnIn": burn_in, "run.timeStep": time_step,
        }  # fmt: skip
        changes = {path: value for path, value in given.items() if value is not None}
        study = self
        if changes:
            study = self.copy()
            study.update(changes)
        request = {
            "ask": "run", "store": _folder(store), "threads": threads, "recordings": _folder(record), "timeLimit": time_limit, "command": _command(),
            "points": on_point is not None,
        }  # fmt: skip
        return study._answered(request, progress, on_point)

    def device(
        self,
        kind: Optional[str] = None,
        *,
        base: Optional[str] = None,
        emitter: Optional[str] = None,
        collector: Optional[str] = None,
        theory: bool = False,
        target_error: Optional[float] = None,
        time_limit: Optional[float] = None,
        store: "Union[str, os.PathLike[str], None]" = ".ness",
        threads: Optional[int] = None,
        progress: "Union[bool, Callable[[str, float], None], None]" = None,
    ) -> Device:
        """The study as a device, with an error for every number and a verdict by every method; as ``ness device`` gives it.

        A ``diode`` has two baths, whose temperatures are exchanged at every point: rectification, 0 without and 1 or -1 if no heat
        passes one way. A ``transistor`` has three: amplification along the temperature of its base. ``conductivity`` is computed
        along the size of the medium, with the exponent of its growth. A ``refrigerator`` has three baths: heat out of the coldest,
        driven by the hottest, and the coefficient of performance beside the Carnot bound.

        >>> import ness
        >>> study = ness.Study({
        ...     "medium": {"kind": "box", "length": 1.0},
        ...     "baths": {"left": {"kind": "maxwell", "temperature": 4.0},
        ...               "right": {"kind": "metropolis", "temperature": 1.0, "proposal": "speed", "width": 1.0}}})
        >>> diode = study.device("diode", theory=True)
        >>> round(diode.values("rectification")[0].value, 3), diode.verdicts[0].is_seen
        (0.533, True)

        Args:
            kind: ``diode``, ``transistor``, ``conductivity`` or ``refrigerator``.
            base: of a transistor the bath whose temperature is varied; None for the one that is named base, gate or middle.
            emitter: None for the one that is named emitter or source, else the hotter of the others.
            collector: None for the one that is named collector or drain, else the colder of the others.
            theory: theory alone, at once.
            target_error: relative standard error of the heat current at which each run stops.
            time_limit: time for all of it [s]; what was measured until then is judged.
            store: folder where finished points and unfinished work are kept and looked up; None for nowhere.
            threads: threads; the results do not depend on it.
            progress: whether to show how far it is, or a function that is told; as in :meth:`run`.

        Raises:
            Refused: the study is no such device, or no point can be answered.
            Failed: a point failed; the others are kept.
            Interrupted: Ctrl-C was pressed.
        """
        study = self
        if target_error is not None:
            study = self.copy()
            study.update({"run.targetError": target_error})
        roles = {"kind": kind, "base": base, "emitter": emitter, "collector": collector}
        request = {
            "ask": "device", "device": {key: value for key, value in roles.items() if value is not None}, "theoryAlone": theory,
            "store": None if theory else _folder(store), "threads": threads, "timeLimit": time_limit, "command": _command(),
        }  # fmt: skip
        try:
            found = Device(study._told(request, progress))
        except _Stopped as stopped:
            raise Interrupted(stopped.message, device=Device(stopped.told) if stopped.told else None) from None
        if not found.verdicts:
            raise Refused("\n".join(["no point can be answered", *found.notes]))
        return found

    def stored(self, store: "Union[str, os.PathLike[str]]" = ".ness", *, threads: Optional[int] = None) -> Results:
        """What a store holds of this study, beside theory. Nothing is simulated.

        Raises:
            Error: there is no store, or it cannot be read.
        """
        return self._answered({"ask": "stored", "store": _folder(store), "threads": threads}, None)

    def _answered(
        self,
        request: Dict[str, Any],
        progress: "Union[bool, Callable[[str, float], None], None]",
        on_point: "Optional[Callable[[int, Results], None]]" = None,
    ) -> Results:
        study = self.copy()
        asked = request.get("methods") or ()
        tell = None if on_point is None else lambda place, body: on_point(place, Results(body, study, asked))
        try:
            result = Results(study._told(request, progress, tell), study, asked)
        except _Stopped as stopped:
            raise Interrupted(stopped.message, Results(stopped.told, study, asked) if stopped.told else None) from None
        if all(not point.answers for point in result.points):
            reasons = [f"{each.method}: {each.reason}" for point in result.points for each in point.refusals]
            raise Refused("\n".join(["no point can be answered", *dict.fromkeys(reasons)]))
        return result

    def _told(
        self,
        request: Dict[str, Any],
        progress: "Union[bool, Callable[[str, float], None], None]",
        on_point: "Optional[Callable[[int, bytes], None]]" = None,
    ) -> bytes:
        """What the program answers, its progress and notes being shown."""
        with Progress(progress) as shown:

            def listen(line: Dict[str, Any], body: bytes) -> None:
                if "fraction" in line:
                    shown.show(line["doing"], line["fraction"])
                elif "note" in line:
                    note = line["note"]
                    if note.startswith("warning: "):
                        warnings.warn(note[len("warning: ") :], RuntimeWarning, stacklevel=2)
                    else:
                        shown.note(note)
                elif "point" in line and on_point is not None:
                    on_point(line["point"], body)

            try:
                return self._ask({key: value for key, value in request.items() if value is not None}, listen)
            except KeyboardInterrupt as interruption:
                measured = "what was measured is kept" if request.get("store") else "nothing was kept without a store"
                raise _Stopped(f"interrupted; {measured}", _session.cancelled(interruption)) from None

    def __repr__(self) -> str:
        return f"<ness.Study {self.title or ''}>\n{self.to_yaml()}".rstrip()

    def _repr_html_(self) -> str:
        return _html.study(self)

    def __dir__(self) -> List[str]:
        return [name for name in super().__dir__() if not name.startswith("_") or name.startswith("__")]


class _Stopped(BaseException):
    """A call was ended by Ctrl-C; with what the program told of it."""

    def __init__(self, message: str, told: Optional[bytes]) -> None:
        super().__init__(message)
        self.message = message
        self.told = told


def _floats(values: Any) -> List[float]:
    return [float(value) for value in plain(values)]


def _names(names: Names) -> Optional[List[str]]:
    return [names] if isinstance(names, str) else None if names is None else [str(name) for name in names]


def _folder(store: "Union[str, os.PathLike[str], None]") -> Optional[str]:
    return None if store is None else os.path.abspath(os.fspath(store))


def _command() -> str:
    script = sys.argv[0] if sys.argv else ""
    return shlex.join(["python", *sys.argv]) if script.endswith(".py") else "import ness (Python)"


