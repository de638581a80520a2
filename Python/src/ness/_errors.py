"""What can go wrong, as exceptions."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Dict, List, Optional

if TYPE_CHECKING:
    from ._device import Device
    from ._results import Results


class Error(Exception):
    """Whatever Ness cannot do. All other exceptions of the package but ``Interrupted`` are kinds of it."""


@dataclass(frozen=True)
class Fault:
    """One fault of an experiment: where it is, what was found and what was expected."""

    #: The file as it was named; None if the fault is in no file.
    file: Optional[str]
    #: Line, from 1; None if the fault belongs to no line.
    line: Optional[int]
    #: Path of the key, for example ``baths.left.temperature``.
    key: str
    #: What was found.
    found: str
    #: What would be acceptable.
    expected: str
    #: What to do about it, where that is not plain from ``expected``.
    remedy: Optional[str]


class Refused(Error, ValueError):
    """What was asked cannot be done, and nothing was: an experiment with faults, an unknown name, an unfit place.

    >>> import ness
    >>> try:
    ...     ness.Study({"medium": {"kind": "chain", "sites": 0, "pinning": 1.0},
    ...                 "baths": {"left": {"kind": "langevin", "temperature": -2.0, "friction": 1.0}}})
    ... except ness.Refused as refusal:
    ...     for fault in refusal.faults:
    ...         print(fault.key, "|", fault.found, "|", fault.expected)
    medium.sites | 0 | between 1 and 100000 sites
    baths.left.temperature | -2.0 | a temperature >= 0
    """

    def __init__(self, message: str, faults: Optional[List[Fault]] = None) -> None:
        super().__init__(message)
        #: All faults of an experiment at once; empty for another reason.
        self.faults: List[Fault] = faults or []

    def _first(self, name: str) -> Any:
        return getattr(self.faults[0], name) if self.faults else None

    @property
    def file(self) -> Optional[str]:
        """The file of the first fault."""
        return self._first("file")  # type: ignore[no-any-return]

    @property
    def line(self) -> Optional[int]:
        """The line of the first fault."""
        return self._first("line")  # type: ignore[no-any-return]

    @property
    def key(self) -> Optional[str]:
        """The key of the first fault."""
        return self._first("key")  # type: ignore[no-any-return]

    @property
    def found(self) -> Optional[str]:
        """What was found at the first fault."""
        return self._first("found")  # type: ignore[no-any-return]

    @property
    def expected(self) -> Optional[str]:
        """What was expected at the first fault."""
        return self._first("expected")  # type: ignore[no-any-return]

    @property
    def remedy(self) -> Optional[str]:
        """What to do about the first fault."""
        return self._first("remedy")  # type: ignore[no-any-return]


class FileError(Refused):
    """A file has faults, or cannot be read."""

    def naming(self, file: str, name: str) -> "FileError":
        """The same with another name of the file."""
        faults = [replace(fault, file=name if fault.file == file else fault.file) for fault in self.faults]
        return FileError(str(self).replace(file, name), faults)


class UnknownKey(Refused, AttributeError, KeyError):
    """A study has no such key; the message names the one that was probably meant."""

    def __str__(self) -> str:
        # KeyError would show it in quotes.
        return str(self.args[0])


class UnknownName(Refused, KeyError):
    """Results have no such quantity, method or place; the message names those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


class Failed(Error, RuntimeError):
    """The computation failed. What other points have measured is kept in the store."""


class SessionEnded(Error, RuntimeError):
    """The process that computes has ended before its answer. The next call starts another one."""


class ProgramNotFound(Error, FileNotFoundError):
    """There is no program ness to ask."""


class PackageMissing(Error, ImportError):
    """Another package is needed for this; the message says which, and how it is installed."""


class Interrupted(KeyboardInterrupt):
    """A call was ended by Ctrl-C. What was measured is kept: the same call again goes on from there."""

    def __init__(self, message: str, result: Optional["Results"] = None, device: Optional["Device"] = None) -> None:
        super().__init__(message)
        #: What was measured until then; None if there was nothing yet, or a device was asked for.
        self.result = result
        #: What was found of a device until then; None if there was nothing yet, or no device was asked for.
        self.device = device


def error_of(failed: Dict[str, Any]) -> BaseException:
    """The exception for a refusal of the program."""
    message = str(failed["message"])
    if failed["kind"] == "interrupted":
        return Interrupted(message)
    if failed["kind"] == "ended":
        return SessionEnded(message)
    if failed["kind"] == "failed":
        return Failed(message)
    faults = [
        Fault(each.get("file"), each.get("line"), each["key"], each["found"], each["expected"], each.get("remedy"))
        for each in failed.get("faults", [])
    ]
    if any(fault.line is not None or fault.file is not None for fault in faults):
        return FileError(message, faults)
    return Refused(message, faults)


def needed(module: str, purpose: str, extra: str) -> Any:
    """A module of a package that need not be there; where it is missing the exception says what to do about it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.split(".")[0]
        words = f'{purpose} needs {package}: pip install {package}, or pip install "ness-physics[{extra}]"'
        raise PackageMissing(words) from None
