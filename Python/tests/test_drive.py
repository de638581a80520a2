"""Driven studies: what a file says under drive passes through."""

from __future__ import annotations

import json
from typing import Dict, Tuple

import pytest

import ness

DRIVEN = {
    "medium": {"kind": "chain", "sites": 3, "pinning": 1.0},
    "baths": {
        "left": {"kind": "langevin", "temperature": 1.0, "friction": 0.7},
        "right": {"kind": "langevin", "temperature": 1.0, "friction": 1.3},
    },
    "drive": {"medium.spring": "1 + 0.3*cos(2*pi*t/3)", "medium.force[2]": "0.5*cos(2*pi*t/3 + 1)"},
    "run": {"replicas": 16, "duration": 300.0},
}


def numbers(results: ness.Results, method: str) -> Dict[str, Tuple[float, float]]:
    """Values and uncertainties of a method at the only point."""
    (point,) = json.loads(results.to_json())["points"]
    found = [each for each in point["estimates"] if each["method"] == method and "value" in each]
    return {each["quantity"]: (each["value"], each["uncertainty"]) for each in found}


def test_the_first_law_closes() -> None:
    study = ness.Study(DRIVEN)
    study.quantities = ["heatFrom", "power"]
    exact = numbers(study.theory(), "floquet")
    assert exact["power"][0] > 0.01 and abs(sum(value for value, _ in exact.values())) < 1e-10
    value, error = numbers(study.run(store=None, progress=False), "simulation")["power"]
    assert abs(value - exact["power"][0]) < 6 * error


def test_a_drive_can_be_set() -> None:
    study = ness.Study({key: value for key, value in DRIVEN.items() if key != "drive"})
    study.drive = {"baths.left.temperature": "1 + 0.5*sin(t)"}
    assert study.drive == {"baths.left.temperature": "1 + 0.5*sin(t)"}
    assert "floquet" in study.theory().to_json()


def test_a_fault_is_told_at_its_place() -> None:
    with pytest.raises(ness.Refused, match="drive.medium.spring"):
        ness.Study({**DRIVEN, "drive": {"medium.spring": "1 + 1.5*cos(t)"}})
