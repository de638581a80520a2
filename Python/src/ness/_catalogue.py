"""What there is: media, baths, methods, quantities and their keys, as the program tells it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Dict, List, Optional

from . import _session
from ._errors import Refused


@functools.lru_cache(maxsize=1)
def about() -> Dict[str, Any]:
    """The version of the program, its catalogue, and the keys of a run."""
    known: Dict[str, Any] = json.loads(_session.ask({"ask": "about"}))
    return known


def catalogue() -> Dict[str, Any]:
    """Media, baths, methods and quantities, as ``ness kinds --format json`` prints them."""
    known: Dict[str, Any] = about()["catalogue"]
    return known


def kinds(name: Optional[str] = None) -> Any:
    """The kinds of medium and bath with a line of meaning; of one of them all that is known, keys too.

    >>> import ness
    >>> sorted(ness.kinds())[:3]
    ['active', 'andersen', 'box']
    >>> [parameter["key"] for parameter in ness.kinds("langevin")["parameters"]]
    ['temperature', 'friction']
    """
    all_kinds = {kind["key"]: kind for kind in catalogue()["media"] + catalogue()["baths"]}
    if name is None:
        return {key: kind["meaning"] for key, kind in all_kinds.items()}
    if name not in all_kinds:
        raise Refused(f"there is no medium or bath {name}: there are {', '.join(all_kinds)}")
    return all_kinds[name]


def methods() -> Dict[str, str]:
    """The methods with what each computes.

    >>> import ness
    >>> ness.methods()["simulation"]
    'the dynamics itself, sampled'
    """
    return {method["name"]: method["words"] for method in catalogue()["methods"]}


def quantities() -> Dict[str, str]:
    """The quantities with what each is and its dimension.

    >>> import ness
    >>> ness.quantities()["heatCurrent"]
    'heat current [energy/time]'
    """
    return {each["name"]: f"{each['words']} [{each['dimension']}]" for each in catalogue()["quantities"]}


def family(quantity: str) -> Dict[str, Any]:
    """What is known of a quantity: of ``heatFrom.left`` or ``kineticTemperature[3]`` that of its family."""
    for each in catalogue()["quantities"]:
        if quantity.split("[")[0].split(".")[0] == each["name"]:
            found: Dict[str, Any] = each
            return found
    return {"name": quantity, "dimension": "1", "words": quantity, "members": None}


def parameter_keys(kind: str) -> List[str]:
    """The keys of a kind of medium or bath."""
    for each in catalogue()["media"] + catalogue()["baths"]:
        if each["key"] == kind:
            return list(dict.fromkeys(parameter["key"] for parameter in each["parameters"]))
    return []


def examples() -> Dict[str, Path]:
    """The experiment files that come with Ness, by name.

    >>> import ness
    >>> ness.Study(ness.examples()["hot-particles"]).title
    'Hot particles, cold chain'
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "_examples", here.parents[2] / "Examples"):
        if folder.is_dir():
            return {file.stem: file for file in sorted(folder.glob("*.yaml"))}
    raise Refused("this installation has no examples")


def version() -> str:
    """The version of the program that is asked."""
    return str(about()["ness"])
