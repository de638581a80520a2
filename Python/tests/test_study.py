"""Studies: reading, changing, refusing."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ness

from .conftest import CHAIN


def test_file_text_and_mapping_are_the_same_study(tmp_path: Path) -> None:
    study = ness.Study(CHAIN)
    file = tmp_path / "chain.yaml"
    study.save(file)
    text = study.to_yaml()
    for source in (file, str(file), text, study.to_dict(), "{medium: " + str(CHAIN["medium"]) + ", baths: "
                   + str(CHAIN["baths"]) + ", run: " + str(CHAIN["run"]) + "}"):  # fmt: skip
        assert ness.Study(source).to_yaml() == text


@pytest.mark.parametrize("name", sorted(ness.examples()))
def test_every_number_of_every_example_can_be_read_and_set_to_itself(name: str) -> None:
    study = ness.Study(ness.examples()[name])
    before = study.to_yaml()
    assert ness.Study(before).to_yaml() == before
    numbers = [each for each in study.parameters if each.value is not None]
    assert any(each.path.endswith(".temperature") for each in numbers)
    for each in numbers:
        assert study[each.path] == each.value
        study[each.path] = each.value
        assert study[each.path] == each.value
        assert each.unit and each.meaning
    assert study.to_yaml() == before


def test_a_changed_number_is_that_of_a_file_with_it(chain: ness.Study) -> None:
    chain.medium.sites = np.int64(6)
    chain.baths.left.temperature = np.float64(3.5)
    chain["run.seed"] = 7
    chain.settings.targetError = 0.1
    assert (chain.medium.sites, chain.baths.left.temperature, chain["run.seed"]) == (6, 3.5, 7)
    written = {**CHAIN, "medium": {**CHAIN["medium"], "sites": 6}, "run": {**CHAIN["run"], "seed": 7, "targetError": 0.1}}
    written["baths"] = {**CHAIN["baths"], "left": {**CHAIN["baths"]["left"], "temperature": 3.5}}
    assert chain.to_yaml() == ness.Study(written).to_yaml()
    assert chain.theory().to_json() == ness.Study(written).theory().to_json()


def test_parts_are_changed_whole_and_keys_are_left_out(chain: ness.Study) -> None:
    chain.baths.left = {"kind": "particles", "temperature": 20.0, "friction": 0.1, "coupling": 0.2}
    assert chain.baths.left.kind == "particles" and chain.baths.left.count > 0
    chain.baths.left = {"kind": "langevin", "temperature": 2.0, "friction": 1.0}
    del chain.settings.duration
    assert chain.settings.duration is None
    chain.medium.pinning = {"left": 1.0, "right": 2.0}
    assert chain.medium.pinning.right == 2.0
    chain["medium.pinning.right"] = 3.0
    assert chain.medium.pinning == {"left": 1.0, "right": 3.0}
    chain.title = "A chain"
    assert chain.title == "A chain"
    chain.quantities = "heatCurrent"
    assert chain.quantities == ["heatCurrent"]
    assert chain.theory().quantities == ["heatCurrent"]


def test_a_network_is_changed_by_its_keys() -> None:
    bath = {"kind": "langevin", "temperature": 1.0, "friction": 1.0}
    study = ness.Study({
        "medium": {"kind": "network", "lattice": {"chain": 4}, "bond": "k*r^2/2", "site": "q^2/2", "parameters": {"k": 1.0}},
        "baths": {"left": {**bath, "temperature": 2.0}, "right": bath},
    })  # fmt: skip
    study.medium.lattice.chain = 3
    study.medium.parameters.weak = 0.1
    study.medium.bonds = [{"between": [1, 3], "potential": "weak*r^2/2"}]
    study.medium.at = [{"sites": 2, "mass": 4.0}]
    study.medium.parameters.k = 2
    written = {**study.to_dict()["medium"]}
    assert written["lattice"] == {"chain": 3} and written["parameters"] == {"k": 2.0, "weak": 0.1}
    assert {"medium.lattice.chain", "medium.parameters.k"} <= {each.path for each in study.parameters}
    assert ness.Study(study.to_yaml()).to_yaml() == study.to_yaml()
    before = study.to_yaml()
    for path, value in (("medium.parameters.k", "much"), ("medium.mass", [1.0, 2.0]), ("medium.bond", "k*r^"), ("medium.at", 3)):
        with pytest.raises(ness.Refused):
            study[path] = value
        assert study.to_yaml() == before
    study.medium.mass = [1.0, 2.0, 3.0]
    study.sweep("medium.parameters.weak", [0.01, 1.0])
    currents = study.theory("bondHeatCurrent", methods="markov")["bondHeatCurrent"].sel(method="markov")
    assert 0 < float(currents.sel(weak=0.01, bond="1-3")) < 0.1 * float(currents.sel(weak=1.0, bond="1-3"))
    # No bath is on site 2: what comes from 1 goes on to 3.
    for weak in (0.01, 1.0):
        through = [float(currents.sel(weak=weak, bond=bond)) for bond in ("1-2", "2-3")]
        assert abs(through[0] - through[1]) < 1e-8 * abs(through[0])


def test_a_chain_is_made_a_network_by_its_keys_and_a_chain_again(chain: ness.Study) -> None:
    plain, sites = chain.to_yaml(), int(chain.medium.sites)

    def paths() -> "set[str]":
        return {each.path for each in chain.parameters}

    chain.medium.bond = "r^2/2"  # in place of spring and quartic, which the whole tree has
    assert "spring" not in chain.medium.keys() and "medium.spring" not in paths()
    with pytest.raises(ness.Refused, match="bond"):
        chain.medium.spring = 2.0
    chain.update({"medium.parameters": {"a": 0.5}, "medium.joints": ["a*r^2/2"],
                  "medium.segments": [{"sites": "1", "mass": 2.0}, {"sites": f"2-{sites}"}]})  # fmt: skip
    assert "medium.parameters.a" in paths() and chain.medium.joints == ["a*r^2/2"]
    with pytest.raises(ness.Refused, match="no segment"):
        chain.medium.segments = [{"sites": 1}]
    chain.sweep("medium.parameters.a", [0.1, 1.0])
    currents = chain.theory("bondHeatCurrent", methods="markov")["bondHeatCurrent"].sel(method="markov")
    assert 0 < float(currents.sel(a=0.1, bond="1-2")) < float(currents.sel(a=1.0, bond="1-2"))
    chain["sweep"] = None
    for key in ("joints", "segments", "parameters", "bond"):
        chain[f"medium.{key}"] = None
    assert chain.to_yaml() == plain
    chain.medium.mass = [1.0 + number for number in range(sites)]
    assert chain.medium.mass[-1] == sites and "medium.mass" not in paths()
    assert ness.Study(chain.to_yaml()).to_yaml() == chain.to_yaml()
    chain.medium.mass = 1.0
    assert chain.to_yaml() == plain


def test_together_changed_numbers_are_judged_together() -> None:
    study = ness.Study(CHAIN)
    study.update({"run.duration": 10.0, "run.timeStep": 0.01})
    with pytest.raises(ness.Refused):
        study["run.duration"] = 0.001
    study.update({"run.duration": 0.001, "run.timeStep": 0.0005})
    assert study["run.timeStep"] == 0.0005


@pytest.mark.parametrize(
    "path, value, words",
    [
        ("medium.sits", 3, "did you mean sites?"),
        ("medium.site", 3, "a formula of q"),
        ("medium.sites", 0, "between 1 and 100000 sites"),
        ("medium.sites", 2.5, "a whole number"),
        ("medium.sites", "many", "many"),
        ("baths.left.temperature", -1.0, "a temperature >= 0"),
        ("baths.left.temperature", math.nan, "baths.left.temperature: found nan, expected a finite number"),
        ("run.duration", -np.float64(np.inf), "finite number"),
        ("medium.sites", object(), "found <object"),
        ("baths.left.temperatur", 1.0, "did you mean temperature?"),
        ("baths.midle.temperature", 1.0, "baths has no key midle"),
        ("baths.left.kind", "particles", "assign baths.left as a whole"),
        ("run.targeterror", 0.1, "did you mean targetError?"),
        ("sweep", {"parameter": "baths.middle.temperature", "values": [1, 2]}, "baths.middle.temperature"),
    ],
)
def test_what_is_refused_changes_nothing(chain: ness.Study, path: str, value: Any, words: str) -> None:
    before = chain.to_yaml()
    owner, _, key = path.rpartition(".")
    with pytest.raises(ness.Refused) as refusal:
        if owner:
            chain[owner][key] = value
        else:
            chain[path] = value
    assert words in str(refusal.value)
    assert chain.to_yaml() == before
    assert chain.theory().quantities


def test_unknown_attributes_are_attribute_errors(chain: ness.Study) -> None:
    assert not hasattr(chain.medium, "sits") and hasattr(chain.medium, "sites")
    with pytest.raises(AttributeError, match="did you mean medium"):
        chain.medum = {}
    with pytest.raises(KeyError):
        chain["medium.sits"]
    assert "temperature" in dir(chain.baths.left)


def test_every_fault_of_a_file_has_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.yaml").write_text("medium:\n  kind: chain\n  sites: 0\n  pinning: 1\nbaths:\n  left: {kind: langevin}\n")
    with pytest.raises(ness.FileError) as refusal:
        ness.Study("wrong.yaml")
    faults = {fault.key: fault for fault in refusal.value.faults}
    assert faults["medium.sites"].line == 3 and faults["medium.sites"].found == "0"
    assert {fault.file for fault in refusal.value.faults} == {"wrong.yaml"}
    assert str(refusal.value).startswith("wrong.yaml:") and str(tmp_path) not in str(refusal.value)
    assert refusal.value.key == refusal.value.faults[0].key and refusal.value.expected
    with pytest.raises(ness.FileError, match="no such file"):
        ness.Study("absent.yaml")
    with pytest.raises(ness.Refused) as made:
        ness.Study({"medium": {"kind": "chain", "sites": 0, "pinning": 1}, "baths": {}})
    assert made.value.line is None and ":1:" not in str(made.value)


def test_sweeps(chain: ness.Study) -> None:
    path = "baths.left.temperature"
    chain.sweep(path, np.array([1.5, 2.0]))
    assert chain["sweep"] == {"parameter": path, "values": [1.5, 2.0]}
    chain.sweep(path, start=1, stop=100, points=3, log=True)
    assert chain.theory()["heatCurrent"].coords[path].tolist() == [1.0, 10.0, 100.0]
    chain.sweep({path: [2.0, 3.0], "medium.sites": [2, 3, 4]})
    assert chain.theory()["heatCurrent"].shape[:2] == (2, 3)
    chain.sweep({path: [2.0, 3.0], "medium.sites": [2, 3]}, paired=True)
    paired = chain.theory()["heatCurrent"]
    assert paired.dims[0] == "point" and paired.shape[0] == 2
    chain.sweep(None)
    assert chain["sweep"] is None and chain.theory()["heatCurrent"].dims == ("method",)
    for wrong in ({}, {"values": [1.0], "points": 3}, {"start": 1.0}):
        with pytest.raises(ness.Refused):
            chain.sweep(path, **wrong)  # type: ignore[arg-type]


def test_a_copy_is_apart(chain: ness.Study) -> None:
    other = chain.copy()
    other.medium.sites = 7
    theory = chain.theory()
    chain.baths.left.temperature = 9.0
    assert chain.medium.sites == 4 and other.baths.left.temperature == 2.0
    assert theory.study.baths.left.temperature == 2.0
