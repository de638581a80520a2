"""Results: the same bytes as the command, every number in its place."""

from __future__ import annotations

import json
import math
import re
import subprocess
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import numpy as np
import pytest

import ness
from ness._value import text

# These two take many seconds of theory.
QUICK = sorted(set(ness.examples()) - {"classical-to-quantum", "measured-coupling"})


def members(estimate: Dict[str, Any]) -> Iterator[Tuple[Dict[str, Any], float, float]]:
    """The places of an estimate of a document, each with value and uncertainty."""
    axes = estimate.get("axes", [])
    if not axes:
        yield {}, estimate["value"], estimate["uncertainty"]
        return

    def walk(number: int, places: Dict[str, Any], values: Any, errors: Any) -> Iterator[Tuple[Dict[str, Any], float, float]]:
        if number == len(axes):
            if values is not None:
                yield places, values, errors
            return
        axis = axes[number]
        for place, value, error in zip(axis.get("values", axis.get("names")), values, errors):
            yield from walk(number + 1, {**places, axis["name"]: place}, value, error)

    yield from walk(0, {}, estimate["values"], estimate["uncertainties"])


@pytest.mark.parametrize("name", QUICK)
def test_theory_of_every_example_is_that_of_the_command(name: str, command: Callable[..., bytes], tmp_path: Path) -> None:
    file = ness.examples()[name]
    if name == "hard-point-gas":
        # Of colliding particles of unlike masses nothing is known but by simulation.
        with pytest.raises(ness.Refused, match="masses of the particles differ"):
            ness.Study(file).theory()
        return
    theory = ness.Study(file).theory()
    assert theory.to_json().encode() == command("theory", file, "--format", "json")
    document = json.loads(theory.to_json())
    # Every number of the document is where the arrays say, and no other number is there.
    expected = {name: 0 for name in theory.quantities}
    for point in document["points"]:
        for estimate in point["estimates"]:
            array = theory[estimate["quantity"]]
            at: Dict[str, Any] = {"method": estimate["method"]}
            if "point" in array.dims:
                at["point"] = document["points"].index(point) + 1
            else:
                at.update(point["parameters"])
            whole = list(members(estimate))
            expected[estimate["quantity"]] += len(whole)
            for places, value, error in whole[:5] + whole[-2:]:
                found = array.sel({**at, **places})
                assert (found.value, found.uncertainty, found.method) == (value, error, estimate["method"])
                assert found.validity == estimate["validity"] and found.claim and found.unit == array.unit
    for quantity, count in expected.items():
        assert int(np.sum(~np.isnan(theory[quantity].values))) == count


def test_numbers_are_written_as_the_command_writes_them(command: Callable[..., bytes], hot: ness.Study, tmp_path: Path) -> None:
    result = hot.run(store=None)
    hot.save(tmp_path / "hot.yaml")
    printed = command("run", "hot.yaml", "--quiet", "--verbose").decode()
    words = set(re.split(r"\s+", printed))
    shown = 0
    for name in ("heatCurrent", "entropyProduction", "kineticTemperature[2]"):
        # The command shows a formula as a paper prints it only when it is asked for.
        for method in [each for each in result[name].coords["method"] if each != "printed"]:
            array = result[name].sel(method=method)
            for value, error in zip(array.values.ravel(), array.uncertainty.ravel()):
                if not math.isnan(value):
                    assert text(value, error) in words
                    shown += 1
    assert shown > 15


def test_a_run_is_the_run_of_the_command_in_the_same_store(hot: ness.Study, command: Callable[..., bytes], tmp_path: Path) -> None:
    hot.save(tmp_path / "hot.yaml")
    result = hot.run(store=tmp_path / "store")
    listed = command("list", "--store", "store", "--format", "json")
    assert len(json.loads(listed)["results"]) == 3
    by_command = command("run", "hot.yaml", "--store", "store", "--format", "json", "--quiet")
    assert by_command == result.to_json().encode()
    # It was found, not computed: nothing was added.
    assert command("list", "--store", "store", "--format", "json") == listed
    elsewhere = command("run", "hot.yaml", "--store", "other", "--format", "json", "--quiet")
    assert elsewhere == by_command
    command("run", "hot.yaml", "--store", "other", "--csv", "hot.csv", "--quiet")
    assert (tmp_path / "hot.csv").read_text() == result.to_csv()
    assert hot.stored(tmp_path / "store").to_json() == result.to_json()
    for threads in (1, 2):
        assert hot.run(store=None, threads=threads).to_json() == result.to_json()
    with pytest.raises(ness.Error):
        hot.stored(tmp_path / "nowhere")


def test_options_of_a_run_are_those_of_the_study(hot: ness.Study, tmp_path: Path) -> None:
    result = hot.run(store=None, seed=5, replicas=4, duration=10, target_error=0.5)
    assert result.points[0].run is not None
    assert (result.points[0].run.seed, result.points[0].run.replicas) == (5, 4)
    assert hot.settings.seed == 1 and result.study.settings.seed == 5
    told: List[Tuple[str, float]] = []
    points: List[int] = []
    hot.run(store=None, progress=lambda doing, part: told.append((doing, part)),
            on_point=lambda place, one: points.append(place))  # fmt: skip
    assert sorted(points) == [0, 1, 2]
    assert told and all(0 <= part <= 1 for _, part in told)
    with pytest.raises(ness.Refused, match="targetError"):
        hot.run(store=None, target_error=2.0)


def test_simulation_beside_theory(hot: ness.Study) -> None:
    result = hot.run(store=None)
    assert result.methods[0] == "simulation"
    current = result["heatCurrent"]
    simulated = current.sel(method="simulation")
    assert np.all(simulated.effective_samples > 0) and set(simulated.validity) == {"sampled"}
    assert np.all(np.isnan(current.best(theory=True).effective_samples))
    budget = simulated[0].budget
    assert budget is not None and budget.statistical == simulated[0].uncertainty
    assert budget.basis["time_step"] == "linear" and budget.known_bias == simulated.known_bias[0]
    # As the table of the command has it: the known bias is taken off, errors are combined.
    z = result.z("heatCurrent")
    best = current.best(theory=True)
    by_hand = (simulated.values - simulated.known_bias - best.values) / np.hypot(simulated.uncertainty, best.uncertainty)
    assert np.allclose(z, by_hand, rtol=1e-12)
    assert abs(z).max() <= 4.9
    assert simulated[1].z(best[1]) == pytest.approx(z[1])
    # The check sees a wrong theory: what the paper printed is twice as large.
    assert abs(simulated.z(current.sel(method="printed"))).max() > 4.9
    verdict = result.verdicts[0]
    assert verdict.method == "simulation" and verdict.parameter == "baths.left.temperature" and verdict.text in str(verdict)
    assert math.isnan(best[0].z(best[1]))
    # Formulas as printed are told of only if they were asked for.
    assert "printed" in result.methods and "printed" not in {each.method for each in result.verdicts}
    assert "printed" not in result._repr_html_() and "memory" in result._repr_html_()
    asked = hot.theory(methods=["memory", "printed"])
    assert "printed" in {each.method for each in asked.verdicts} and "printed" in asked._repr_html_()


def test_names_that_are_not_there_are_told_with_those_that_are(chain: ness.Study) -> None:
    theory = chain.theory()
    for wrong, words in [
        (lambda: theory["heat"], "heatCurrent"),
        (lambda: theory["kineticTemperature[9]"], "1, 2, 3, 4"),
        (lambda: theory["heatCurrent"].sel(method="memori"), "markov"),
        (lambda: theory["heatCurrent"].sel(metod="memory"), "method"),
        (lambda: chain.theory(methods="markof"), "markov"),
        (lambda: chain.theory("heatCurent"), "heatCurrent"),
        (lambda: theory.plot("hetCurrent"), "hetCurrent"),
    ]:
        with pytest.raises(ness.Refused) as refusal:
            wrong()
        assert words in str(refusal.value)
    assert "heat" not in theory and "heatFrom.left" in theory


def test_a_method_that_does_not_apply_is_refused_with_its_reason(chain: ness.Study) -> None:
    with pytest.raises(ness.Refused, match="davies"):
        chain.theory(methods="davies")


def test_indexing_is_that_of_numpy(hot: ness.Study) -> None:
    profile = hot.theory("kineticTemperature")["kineticTemperature"]
    numbers = profile.values
    assert np.array_equal(np.asarray(profile), numbers, equal_nan=True)
    for index in [0, -1, (slice(None), 0), (Ellipsis, 2), (1, slice(1, 3)), (slice(None, None, 2), 1, [0, 3])]:
        chosen = profile[index]
        assert np.array_equal(chosen.values, numbers[index], equal_nan=True)
        assert tuple(len(chosen.coords[dim]) for dim in chosen.dims) == chosen.values.shape
    one = profile[1, 0, 2]
    assert isinstance(one, ness.Value) and one.value == numbers[1, 0, 2] and one.quantity == "kineticTemperature[3]"
    assert float(one) == one.value
    with pytest.raises(IndexError):
        profile[0, 0, 0, 0]
    assert len(list(profile)) == len(profile) == 3
    assert np.array_equal(hot.theory()["kineticTemperature[3]"].values, profile.sel(site=3).values)


def test_other_forms_hold_every_number(hot: ness.Study, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    xarray = pytest.importorskip("xarray")
    theory = hot.theory()
    frame = theory.to_dataframe()
    count = sum(int(np.sum(~np.isnan(theory[name].values))) for name in theory.quantities)
    assert len(frame) == count
    chosen = frame[(frame.quantity == "kineticTemperature") & (frame.method == "memory") & (frame.site == 2)]
    assert chosen["value"].tolist() == theory["kineticTemperature[2]"].sel(method="memory").values.tolist()
    assert set(frame["unit"]) >= {"energy/time", "energy"}
    data = theory.to_xarray()
    assert isinstance(data, xarray.Dataset) and isinstance(frame, pandas.DataFrame)
    assert data["heatCurrent"].sel({"method": "memory"}).values.tolist() == theory["heatCurrent"].best().values.tolist()
    assert data["heatCurrent uncertainty"].attrs["units"] == "energy/time"
    array = theory["heatCurrent"].to_xarray()
    assert array.coords["uncertainty"].shape == array.shape and array.attrs["units"] == "energy/time"
    theory.to_json(tmp_path / "theory.json")
    theory.to_csv(tmp_path / "theory.csv")
    table = pandas.read_csv(tmp_path / "theory.csv")
    assert table["heatCurrent memory [energy/time]"].tolist() == theory["heatCurrent"].best().values.tolist()
    assert json.loads((tmp_path / "theory.json").read_text())["title"] == hot.title


def test_notebooks_get_tables(hot: ness.Study, chain: ness.Study) -> None:
    hot.title = "Hot <particles> & a chain"
    page = hot.theory()._repr_html_()
    assert "&lt;particles&gt; &amp; a chain" in page and "<particles>" not in page
    assert page.count("<tr>") == 4 and "falls for" in page
    assert "baths.left.temperature" in hot._repr_html_() and "energy" in hot._repr_html_()
    assert "heatCurrent" in chain.theory()._repr_html_()
    box = ness.Study(ness.examples()["quantum-box"])
    assert "davies" in box.theory()._repr_html_()


def test_figures_are_those_of_the_program(hot: ness.Study, tmp_path: Path, command: Callable[..., bytes]) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot

    result = hot.run(store=None)
    figure = result.plot()
    panel, ratios = figure.axes
    lines = {line.get_label(): line for line in panel.lines}
    simulated = lines["simulation"]
    assert simulated.get_ydata().tolist() == result["heatCurrent"].sel(method="simulation").values.tolist()
    # Theory is smooth between three points.
    assert len(lines["memory"].get_xdata()) > 40
    assert "heat current" in panel.get_ylabel() and "temperature of the left bath" in ratios.get_xlabel()
    assert "error bars: one standard error" in figure.ness_caption
    figure.savefig(tmp_path / "figure.png")
    own, axes = pyplot.subplots(1, 2)
    assert result.plot("entropyProduction", ax=axes[0], methods="memory") is own
    assert len(axes[0].lines) == 1 and not axes[1].lines
    for name in ("temperatureProfile", "bondCurrent", "transmittedHeat", "errorBudget", "ratio"):
        result.plot(name).savefig(tmp_path / f"{name}.pdf")
    with pytest.raises(ness.Refused, match="populations"):
        result.plot("populations")
    pyplot.close("all")


def test_without_other_packages_all_but_their_forms_work(tmp_path: Path) -> None:
    script = """
import sys
for name in ("pandas", "xarray", "matplotlib", "matplotlib.pyplot", "IPython"):
    sys.modules[name] = None
import ness
theory = ness.Study(ness.examples()["hot-particles"]).theory()
assert theory["heatCurrent"].best().values.shape == (3,) and theory._repr_html_() and theory.to_csv()
for wanted, call in (("pandas", theory.to_dataframe), ("xarray", theory["heatCurrent"].to_xarray), ("matplotlib", theory.plot)):
    try:
        call()
    except ness.PackageMissing as missing:
        assert isinstance(missing, ImportError) and f"pip install {wanted}" in str(missing), missing
    else:
        raise AssertionError(wanted)
print("told")
"""
    import sys

    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "told\n", done.stderr
