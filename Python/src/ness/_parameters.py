"""Parts of a study by their keys."""

from __future__ import annotations

import copy
import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence

from . import _catalogue
from ._errors import Refused, UnknownKey

if TYPE_CHECKING:
    from ._keys import Keys


@dataclass(frozen=True)
class Parameter:
    """A number of a study."""

    #: Its path, for example ``baths.left.temperature``.
    path: str
    #: Its symbol; None if it has none.
    symbol: Optional[str]
    #: Its dimension in words, for example ``energy``.
    unit: str
    #: What it is.
    meaning: str
    #: Its value; None if it is left to Ness, or has several.
    value: Optional[float]

    @staticmethod
    def all_of(tree: Mapping[str, Any]) -> "List[Parameter]":
        """The numbers of medium and baths, in the order of the file."""
        owners = {"medium": tree["medium"], **{f"baths.{name}": bath for name, bath in tree["baths"].items()}}
        found: Dict[str, Parameter] = {}
        for owner, branch in owners.items():
            for each in _catalogue.kinds(branch["kind"])["parameters"]:
                if each["type"] == "word":
                    continue
                path, value = f"{owner}.{each['key']}", branch.get(each["key"])
                if not applies(each, branch) or (has_other_form(each) and value is not None and not is_number(value)):
                    continue
                unit = "1" if each["dimension"] == "word" else each["dimension"]
                if isinstance(value, Mapping):
                    for end, number in value.items():
                        if is_number(number):
                            found[f"{path}.{end}"] = Parameter(
                                f"{path}.{end}", each.get("symbol"), unit, each["meaning"], number
                            )
                    continue
                if each["type"] == "structure" and not is_number(value):
                    continue
                number = value if is_number(value) else None
                found.setdefault(path, Parameter(path, each.get("symbol"), unit, each["meaning"], number))
        return list(found.values())


class Section:
    """A part of a study: its keys are attributes, and items too."""

    _study: "Keys"
    _path: str

    def __init__(self, study: "Keys", path: str) -> None:
        object.__setattr__(self, "_study", study)
        object.__setattr__(self, "_path", path)

    @staticmethod
    def at(study: "Keys", path: str) -> "Section":
        """The part at a path."""
        branch: Any = study._tree
        walked: List[str] = []
        for key in path.split("."):
            if not isinstance(branch, Mapping) or (key not in branch and path != "run"):
                owner = ".".join(walked) or "a study"
                known = list(branch) if isinstance(branch, Mapping) else []
                raise UnknownKey(f"{owner} has no key {key}{closest(key, known)}: there are {', '.join(known)}")
            branch = branch.get(key, {})
            walked.append(key)
        return Section(study, path)

    @property
    def _tree(self) -> Dict[str, Any]:
        branch = leaf(self._study._tree, self._path)
        return branch if isinstance(branch, dict) else {}

    def _known(self) -> List[str]:
        """The keys that there can be, where those are fixed."""
        if self._path == "run":
            known = list(_catalogue.about()["runKeys"])
        else:
            known = _catalogue.parameter_keys(str(self._tree.get("kind", "")))
            if self._path.startswith("baths."):
                known += ["site", "sites"]
        return list(dict.fromkeys([*self._tree, *known]))

    def __getitem__(self, key: str) -> Any:
        if key in self._tree:
            value = self._tree[key]
            return Section(self._study, f"{self._path}.{key}") if isinstance(value, Mapping) else copy.deepcopy(value)
        known = self._known()
        if key not in known:
            raise UnknownKey(f"{self._path} has no key {key}{closest(key, known)}")
        return None

    def __setitem__(self, key: str, value: Any) -> None:
        if self._path != "baths" and not in_structure(self._study._tree, self._path) and key not in self._known():
            raise UnknownKey(f"{self._path} has no key {key}{closest(key, self._known())}")
        if key == "kind" and value != self._tree.get("kind"):
            raise Refused(
                f"{self._path}.kind: found {value}, expected {self._tree.get('kind')} (another kind has other keys: assign "
                f"{self._path} as a whole, a dict with its kind)"
            )
        self._study.update({f"{self._path}.{key}": value})

    def __delitem__(self, key: str) -> None:
        self._study.update({f"{self._path}.{key}": None})

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]

    def __setattr__(self, key: str, value: Any) -> None:
        self[key] = value

    def __delattr__(self, key: str) -> None:
        del self[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __len__(self) -> int:
        return len(self._tree)

    def __contains__(self, key: object) -> bool:
        return key in self._tree

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == (other.to_dict() if isinstance(other, Section) else other)

    __hash__ = None  # type: ignore[assignment]

    def keys(self) -> List[str]:
        """The keys that have a value."""
        return list(self._tree)

    def to_dict(self) -> Dict[str, Any]:
        """The keys and their values."""
        return copy.deepcopy(self._tree)

    def __dir__(self) -> List[str]:
        return [*self._known(), "keys", "to_dict"]

    def __repr__(self) -> str:
        return f"<{self._path}: {', '.join(f'{key} {value}' for key, value in self._tree.items())}>"


def leaf(tree: Any, path: str) -> Any:
    """What stands at a path; None if there is nothing."""
    for key in path.split("."):
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(key)
    return tree


def is_number(value: Any) -> bool:
    """Whether a value is a number; a flag is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def in_structure(tree: Mapping[str, Any], path: str) -> bool:
    """Whether a path leads to, or into, a value with keys of its own, such as named numbers: which there may be says the program."""
    keys = path.split(".")
    length = {"medium": 1, "baths": 2}.get(keys[0], len(keys))
    kind = leaf(tree, ".".join([*keys[:length], "kind"]))
    if len(keys) <= length or kind is None:
        return False
    value = leaf(tree, ".".join(keys[: length + 1]))
    return any(
        each["key"] == keys[length] and (each["type"] == "structure" or (has_other_form(each) and not is_number(value)))
        for each in _catalogue.kinds(kind)["parameters"]
    )


def has_other_form(parameter: Mapping[str, Any]) -> bool:
    """Whether a number can be a list, a mapping or a text as well."""
    return parameter["type"] == "number" and "choices" in parameter


def applies(parameter: Mapping[str, Any], branch: Mapping[str, Any]) -> bool:
    """Whether there is a parameter beside the others of a medium or bath."""
    when = parameter.get("when")
    return when is None or (branch.get(when["key"]) == when["word"]) == when["holds"]


def without_excluded(branch: Dict[str, Any], given: "set[str]") -> None:
    """Takes out what cannot stand beside the other values of a medium or bath, but for the keys that were given just now."""
    if branch.get("kind") not in _catalogue.kinds():
        return
    forms: Dict[str, List[bool]] = {}
    for each in _catalogue.kinds(branch["kind"])["parameters"]:
        forms.setdefault(each["key"], []).append(applies(each, branch))
    for key, ones in forms.items():
        if not any(ones) and key not in given:
            branch.pop(key, None)


def closest(word: str, known: Sequence[str]) -> str:
    """The word that was probably meant, as the end of a message."""
    lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.replace("_", "").lower(), list(lower), n=1, cutoff=0.7)
    return f" (did you mean {lower[found[0]]}?)" if found else ""


def plain(value: Any) -> Any:
    """A value as JSON knows it: numbers of NumPy as numbers, arrays as lists, parts of a study as mappings."""
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(f"found {value}, expected a finite number")
    if isinstance(value, Section):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (list, tuple, range, set, frozenset)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if hasattr(value, "__float__"):
        return float(value)
    raise Refused(f"found {value!r}, expected a number, a text, a list or a mapping")
