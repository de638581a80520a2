"""Devices: diode, transistor, conductivity, refrigerator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

import ness

from .conftest import CHAIN

BOX: Dict[str, Any] = {
    "medium": {"kind": "box", "length": 1.0},
    "baths": {
        "left": {"kind": "maxwell", "temperature": 4.0},
        "right": {"kind": "metropolis", "temperature": 1.0, "proposal": "speed", "width": 1.0},
    },
    "run": {"replicas": 64, "duration": 200.0},
}


def test_a_diode_is_that_of_the_command_and_says_how_sure_it_is(tmp_path: Path, command: Callable[..., bytes]) -> None:
    study = ness.Study(BOX)
    study.save(tmp_path / "box.yaml")
    told = []
    diode = study.device("diode", store=tmp_path / "store", progress=lambda doing, part: told.append(part))
    assert diode.to_json().encode() == command("device", "diode", "box.yaml", "--store", "store", "--quiet", "--format", "json")
    assert told and diode.kind == "diode" and diode.methods[0] == "simulation" and not diode.is_interrupted
    assert diode.names == ["forward", "backward", "rectification"]
    forward, backward, ratio = (diode.values(name)[0] for name in diode.names)
    assert forward.value > 0 > backward.value and forward.unit == "energy/time" and ratio.is_sampled
    # Both are corrected for their known bias before they are divided.
    assert ratio.value == pytest.approx((forward.value + backward.value) / (forward.value - backward.value), abs=1e-9)
    exact = diode.values("rectification", "kernel")[0]
    # A control: the same diode the other way round is another one.
    assert abs(ratio.z(exact)) < 4.9 and abs(ratio.value + exact.value) > 4.9 * ratio.uncertainty
    first = diode.verdicts[0]
    assert first.is_seen is True and first.value == ratio and first.sigmas is not None and first.sigmas > 5
    assert diode.verdicts[1].sigmas is None and "rectifies" in repr(diode)
    for name in diode.names:
        assert name in diode._repr_html_()


def test_theory_of_a_transistor_and_of_a_conductor() -> None:
    three = ness.Study(ness.examples()["three-baths"])
    transistor = three.device("transistor", base="left", theory=True)
    assert all(each.is_seen is False for each in transistor.verdicts)
    assert list(transistor.points[0].parameters) == ["baths.left.temperature"]
    assert 0 < transistor.values("amplification")[0].value < 1
    conductor = ness.Study(CHAIN).device("conductivity", theory=True)
    exponent = conductor.verdicts[0].value
    assert exponent is not None and exponent.quantity == "exponent" and exponent.value == pytest.approx(1, abs=0.2)
    frame = pytest.importorskip("pandas") and conductor.to_dataframe()
    assert list(frame["medium.sites"].unique()) == [8, 16, 32, 64, 128] and "conductivity uncertainty" in frame


def test_theory_of_a_refrigerator() -> None:
    study = ness.Study(ness.examples()["refrigerator"])
    fridge = study.device("refrigerator", theory=True)
    assert fridge.kind == "refrigerator" and fridge.verdicts[0].is_seen is True
    assert fridge.names == ["heatFromCold", "heatFromHot", "carnotBound", "coefficientOfPerformance"]
    # Every quantum of the cold qubit costs one of the hot one.
    performance = fridge.values("coefficientOfPerformance", "local")
    assert [each.value for each in performance[:3]] == pytest.approx([0.5 / 3, 1 / 3, 0.5], rel=1e-9)
    assert all(each.value < 3.5 for each in fridge.values("coefficientOfPerformance"))
    with pytest.raises(ness.Refused, match="three baths"):
        ness.Study(BOX).device("refrigerator", theory=True)


def test_the_device_of_a_study_is_kept_and_needs_no_name(tmp_path: Path) -> None:
    study = ness.Study({**CHAIN, "device": {"kind": "diode"}})
    study.medium.sites = 3
    study.baths.right = {"kind": "langevin", "temperature": 1.0, "friction": 0.3}
    assert study["device"] == {"kind": "diode"}
    study.save(tmp_path / "diode.yaml")
    again = ness.Study(tmp_path / "diode.yaml")
    assert again.to_dict() == study.to_dict() and again["device.kind"] == "diode"
    found = again.device(theory=True)
    # A linear chain between unlike ends of constant friction lets as much heat pass one way as the other.
    assert found.kind == "diode" and found.verdicts[0].is_seen is False
    theory = again.theory()
    assert theory.device is not None and json.loads(theory.device.to_json()) == json.loads(found.to_json())
    assert json.loads(theory.to_json())["device"]["device"] == "diode"
    study["device"] = {"kind": "conductivity"}
    assert study.device(theory=True).kind == "conductivity"
    del study["device"]
    assert study["device"] is None and ness.Study(CHAIN).theory().device is None


def test_what_is_no_device_is_refused() -> None:
    study = ness.Study(CHAIN)
    with pytest.raises(ness.Refused, match="names no device"):
        study.device()
    with pytest.raises(ness.Refused, match="did you mean diode"):
        study.device("diod")
    with pytest.raises(ness.Refused, match="three baths"):
        study.device("transistor")
    with pytest.raises(ness.Refused) as refusal:
        study["device"] = {"kind": "transistor"}
    assert refusal.value.key == "device" and study["device"] is None
    found = study.device("diode", theory=True)
    with pytest.raises(ness.UnknownName, match="rectification"):
        found.values("rectfication")
    with pytest.raises(ness.UnknownName, match="markov"):
        found.values("rectification", "markow")
