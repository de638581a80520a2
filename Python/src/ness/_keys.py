"""The keys of a study: reading and changing them."""

from __future__ import annotations

import copy
import json
import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, TypeVar, Union

from . import _session
from ._errors import FileError, Refused, UnknownKey
from ._parameters import Section, closest, in_structure, is_number, leaf, plain, without_excluded

Source = Union[str, "os.PathLike[str]", Mapping[str, Any]]
Names = Union[str, Sequence[str], None]
Self = TypeVar("Self", bound="Keys")

#: Keys that a study may lack, and that are no parts with keys of their own.
_OPTIONAL = ("title", "drive", "quantities", "device", "transient", "sweep")


class Keys:
    """An experiment by its keys. It is always valid; what it holds is never changed, only replaced."""

    def __init__(self, source: Source) -> None:
        self._directory = os.getcwd()
        self._name: Optional[str] = None
        if isinstance(source, Mapping):
            tree = plain(source)
            self._read({"text": json.dumps(tree), "directory": self._directory})
            self._text = json.dumps(self._tree)
        elif isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
            self._name = "study"
            self._text = source
            self._read({"text": source, "name": self._name, "directory": self._directory})
        else:
            self._name = os.fspath(source)
            self._directory = os.path.dirname(os.path.abspath(self._name))
            place = os.path.abspath(self._name)
            try:
                self._text = self._read({"file": place})
            except FileError as error:
                # The process that reads it may stand in another folder; messages name it as it was named.
                raise error.naming(place, self._name) from None
        self._changes: Dict[str, float] = {}

    def _read(self, request: Dict[str, Any]) -> str:
        """Has a text read: its complete tree is kept, its text comes back."""
        tree, texts = json.loads(_session.ask({"ask": "open", **request}))
        self._tree: Dict[str, Any] = tree
        self._yaml: Optional[str] = texts["yaml"]
        return str(texts["text"])

    # What the program is told

    def _ask(self, request: Dict[str, Any], listener: "Optional[_session.Listener]" = None) -> bytes:
        return _session.ask({**self._request(), **request}, listener)

    def _request(self) -> Dict[str, Any]:
        request: Dict[str, Any] = {"text": self._text, "directory": self._directory}
        if self._name is not None:
            request["name"] = self._name
        if self._changes:
            request["changes"] = [[path, value] for path, value in self._changes.items()]
        return request

    def copy(self: Self) -> Self:
        """The same study, to be changed apart from this one."""
        return copy.copy(self)

    # Keys

    @property
    def medium(self) -> Section:
        """The medium."""
        return Section(self, "medium")

    @medium.setter
    def medium(self, value: Mapping[str, Any]) -> None:
        self["medium"] = value

    @property
    def baths(self) -> Section:
        """The baths by name."""
        return Section(self, "baths")

    @baths.setter
    def baths(self, value: Mapping[str, Any]) -> None:
        self["baths"] = value

    @property
    def settings(self) -> Section:
        """How it is simulated: ``run`` of a file. (``study.run`` runs it.)"""
        return Section(self, "run")

    @settings.setter
    def settings(self, value: Mapping[str, Any]) -> None:
        self["run"] = value

    @property
    def title(self) -> Optional[str]:
        """The title, if it has one."""
        title: Optional[str] = self._tree.get("title")
        return title

    @title.setter
    def title(self, value: Optional[str]) -> None:
        self.update({"title": value})

    @property
    def drive(self) -> Optional[Dict[str, Any]]:
        """What changes with the time: formulas of ``t`` by path; None for nothing."""
        drive: Optional[Dict[str, Any]] = copy.deepcopy(self._tree.get("drive"))
        return drive

    @drive.setter
    def drive(self, value: Optional[Mapping[str, Any]]) -> None:
        self.update({"drive": value})

    @property
    def quantities(self) -> Optional[List[str]]:
        """What is asked of it; None for what costs little."""
        asked = self._tree.get("quantities")
        return None if asked is None else list(asked) if isinstance(asked, list) else [asked]

    @quantities.setter
    def quantities(self, value: Names) -> None:
        self.update({"quantities": [value] if isinstance(value, str) and value != "all" else value})

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and not isinstance(getattr(type(self), name, None), property):
            known = ["medium", "baths", "drive", "settings", "title", "quantities"]
            raise UnknownKey(f"a study has no key {name}{closest(name, known)}: there are {', '.join(known)}")
        super().__setattr__(name, value)

    def __getitem__(self, path: str) -> Any:
        """A value by its path, ``study["baths.left.temperature"]``; None where it is left to Ness."""
        owner, _, key = path.rpartition(".")
        if owner:
            return Section.at(self, owner)[key]
        if key not in self._tree and key not in _OPTIONAL:
            known = list(dict.fromkeys([*self._tree, *_OPTIONAL]))
            raise UnknownKey(f"a study has no key {key}{closest(key, known)}: there are {', '.join(known)}")
        value = self._tree.get(key)
        return Section(self, key) if isinstance(value, Mapping) and key not in _OPTIONAL else copy.deepcopy(value)

    def __setitem__(self, path: str, value: Any) -> None:
        self.update({path: value})

    def __delitem__(self, path: str) -> None:
        self.update({path: None})

    def update(self, changes: Mapping[str, Any]) -> None:
        """Changes several values by their paths together: what they must fulfil, they must fulfil in the end.

        >>> import ness
        >>> study = ness.Study(ness.examples()["hot-particles"])
        >>> study.update({"medium.sites": 6, "baths.right.temperature": 8.0, "run.seed": 7})
        >>> study.medium.sites, study["run.seed"]
        (6, 7)

        Args:
            changes: values by path; None leaves a key out.

        Raises:
            Refused: there is no such key, or the values are impossible; nothing is changed then.
        """
        values = {path: _plain(path, value) for path, value in changes.items()}
        if all(self._is_number(path) and is_number(value) for path, value in values.items()):
            self._change_numbers(values)
        else:
            self._change_tree(values)

    def _is_number(self, path: str) -> bool:
        is_known = path.split(".")[0] in ("medium", "baths", "run") and is_number(leaf(self._tree, path))
        return is_known and not in_structure(self._tree, path)

    def _change_numbers(self, values: Mapping[str, Any]) -> None:
        """Numbers that have a value: the text need not be read again, which takes longer than theory of a small study."""
        changed = self.copy()
        changed._changes = {**self._changes, **{path: float(value) for path, value in values.items()}}
        changed._ask({"ask": "check"})
        changed._tree = copy.deepcopy(self._tree)
        for path, value in values.items():
            owner = leaf(changed._tree, path.rpartition(".")[0])
            key = path.rpartition(".")[2]
            owner[key] = type(owner[key])(value)
        changed._yaml = None
        self.__dict__.update(changed.__dict__)

    def _change_tree(self, values: Mapping[str, Any]) -> None:
        tree = copy.deepcopy(self._tree)
        for path, value in values.items():
            owner, _, key = path.rpartition(".")
            branch = leaf(tree, owner) if owner else tree
            if branch is None and owner in ("run",):
                branch = tree[owner] = {}
            if not isinstance(branch, dict):
                raise UnknownKey(f"a study has no key {owner}: there are {', '.join(tree)}")
            if value is None:
                branch.pop(key, None)
            else:
                branch[key] = value
        for owner in {path.rpartition(".")[0] for path in values}:
            # The tree has every default; a key that was left out must not stand in the way of a new one.
            branch = leaf(tree, owner) if owner else None
            if isinstance(branch, dict):
                without_excluded(branch, {path.rpartition(".")[2] for path in values if path.startswith(f"{owner}.")})
        changed = copy.copy(self)
        changed._name = None
        changed._text = json.dumps(tree)
        changed._changes = {}
        changed._read({"text": changed._text, "directory": self._directory})
        self.__dict__.update(changed.__dict__)


def _plain(path: str, value: Any) -> Any:
    try:
        return plain(value)
    except Refused as error:
        raise Refused(f"{path}: {error}") from None
