"""Series along the time: numpy reads them, and they fit the results of the run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import ness

RECORD = {"quantities": ["heatFrom", "bondHeatCurrent", "position", "velocity", "kineticTemperature"], "every": 0.5, "replicas": 8}


def recorded(chain: ness.Study, folder: Path, **changes: float) -> "tuple[ness.Results, ness.Results]":
    """The results of a run without a recording and of one with it."""
    plain = chain.run(store=None, progress=False, **changes)
    chain.settings.record = RECORD
    return plain, chain.run(store=None, progress=False, record=folder, **changes)


def test_numpy_reads_what_was_recorded(chain: ness.Study, tmp_path: Path) -> None:
    plain, result = recorded(chain, tmp_path)
    assert plain.to_json() == result.to_json()
    (series,) = ness.read_series(tmp_path)
    with np.load(tmp_path / "series.npz") as data:
        assert json.loads(data["about.json"]) == series.about
        assert data["heatFrom"].shape == (8, len(data["time"]), 2)
        assert data["velocity"].shape == (8, len(data["time"]), 4)
        assert data["site"].tolist() == [1, 2, 3, 4] and data["bath"].tolist() == ["left", "right"]
        assert data["bond"].tolist() == ["1-2", "2-3", "3-4"]
        for name in data.files:
            if name != "about.json":
                assert np.array_equal(data[name], series[name])
    assert np.allclose(np.diff(series["time"]), series.interval) and series["time"][0] == series.interval
    assert abs(series.interval - 0.5) < 0.1
    assert set(series.about["arrays"]) == set(RECORD["quantities"])
    with pytest.raises(KeyError, match="there are"):
        series["heat"]


def test_means_are_those_of_the_run(chain: ness.Study, tmp_path: Path) -> None:
    _, result = recorded(chain, tmp_path, duration=1000)
    (series,) = ness.read_series(tmp_path)
    profile = result["kineticTemperature"].sel(method="simulation")
    means = series["kineticTemperature"].mean(axis=1)
    scores = (means.mean(axis=0) - profile.values) / (means.std(axis=0, ddof=1) / 8**0.5)
    assert np.abs(scores).max() < 4.9
    assert np.abs(scores - (profile.values[::-1] - profile.values) / (means.std(axis=0, ddof=1) / 8**0.5)).max() > 4.9


def test_a_file_for_every_point(chain: ness.Study, tmp_path: Path) -> None:
    chain.sweep("baths.left.temperature", [10, 9.5])
    recorded(chain, tmp_path)
    series = ness.read_series(tmp_path)
    assert [each.point for each in series] == [{"baths.left.temperature": 9.5}, {"baths.left.temperature": 10.0}]


def test_faults(chain: ness.Study, tmp_path: Path) -> None:
    with pytest.raises(ness.Refused, match="did you mean heatFrom"):
        chain.settings.record = {"quantities": ["heatForm"], "every": 0.5}
    with pytest.raises(ness.Refused, match="run.record"):
        chain.run(store=None, progress=False, record=tmp_path)
    (tmp_path / "no.npz").write_bytes(b"nothing")
    with pytest.raises(ness.Error, match="holds no series"):
        ness.read_series(tmp_path / "no.npz")


def test_particles_of_a_box(tmp_path: Path) -> None:
    study = ness.Study({
        "medium": {"kind": "box", "length": 2.0, "particles": 3},
        "baths": {"left": {"kind": "maxwell", "temperature": 2.0}, "right": {"kind": "maxwell", "temperature": 1.0}},
        "run": {"replicas": 8, "duration": 200.0, "record": {"quantities": ["heatFrom", "position", "kineticEnergy"], "every": 0.1, "replicas": 4}},
    })
    study.run(store=None, progress=False, record=tmp_path)
    (series,) = ness.read_series(tmp_path)
    assert series["position"].shape == (4, 2000, 3) and series["particle"].tolist() == [1, 2, 3]
    assert "timeStep" not in series.about and series.interval == 0.1
    energy = series["kineticEnergy"].sum(axis=2)
    heat = series["heatFrom"].sum(axis=2) * series.interval
    assert np.allclose(np.diff(energy, axis=1), heat[:, 1:], rtol=0, atol=1e-9)
    assert not np.allclose(np.diff(energy, axis=1), -heat[:, 1:], rtol=0, atol=1e-9)
