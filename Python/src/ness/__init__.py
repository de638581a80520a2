"""Heat currents of nonequilibrium steady states, with honest error bars and exact theory beside them.

>>> import ness
>>> study = ness.Study(ness.examples()["hot-particles"])
>>> study.baths.right.temperature = 8.0
>>> theory = study.theory()
>>> print(theory["heatCurrent"].sel(method="memory", temperature=40.0))
0.05135837 energy/time (memory, approximation)
>>> for verdict in theory.verdicts[:1]:
...     print(verdict.method, verdict.falls)
markov True

A :class:`Study` is read from a file, a text or a mapping, changed by its keys, and asked: ``theory()``, ``run()``. What comes
back are :class:`Results`. The work is done by the program ``ness`` in a process of its own, which is started with the first
call.
"""

from ._array import Array
from ._catalogue import examples, kinds, methods, quantities, version
from ._device import Device, DevicePoint, DeviceVerdict
from ._errors import (
    Error,
    Failed,
    Fault,
    FileError,
    Interrupted,
    PackageMissing,
    ProgramNotFound,
    Refused,
    SessionEnded,
    UnknownKey,
    UnknownName,
)
from ._explorer import Explorer, serve
from ._parameters import Parameter, Section
from ._preview import Preview
from ._results import Point, Refusal, Results, Run, Verdict
from ._series import Series, read_series
from ._session import end_session, program
from ._study import Study
from ._value import Budget, Value

__all__ = [
    "Array",
    "Budget",
    "Device",
    "DevicePoint",
    "DeviceVerdict",
    "Error",
    "Explorer",
    "Failed",
    "Fault",
    "FileError",
    "Interrupted",
    "PackageMissing",
    "Parameter",
    "Point",
    "Preview",
    "ProgramNotFound",
    "Refusal",
    "Refused",
    "Results",
    "Run",
    "Section",
    "Series",
    "SessionEnded",
    "Study",
    "UnknownKey",
    "UnknownName",
    "Value",
    "Verdict",
    "end_session",
    "examples",
    "kinds",
    "methods",
    "program",
    "read_series",
    "quantities",
    "serve",
    "version",
]

for _name in __all__:
    _each = globals()[_name]
    if getattr(_each, "__module__", "").startswith("ness."):
        # What users see in messages and help is the name that they import.
        _each.__module__ = "ness"
del _name, _each
