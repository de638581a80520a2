"""The gallery: Examples/gallery/gallery.md is filled with studies, which are computed here.

`study("box-diode")` in a template runs Examples/gallery/box-diode.yaml; numbers of the text are taken from its results, and `check(...)`
ends the build where what the text says does not hold.
"""

import io
import json
import os
import re
import subprocess
from pathlib import Path

import jinja2

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".build/site/gallery"


class Number:
    """A value with its uncertainty: compared as a number, written as 0.0634(4), or with four digits where nothing shorter is meant."""

    def __init__(self, value, uncertainty):
        self.value, self.uncertainty = value, uncertainty

    def __float__(self):
        return float(self.value)

    def __str__(self):
        if self.uncertainty < 5e-5 * abs(self.value) or self.value == 0:
            return f"{self.value:.4g}"
        digits = max(0, 1 - int(f"{self.uncertainty:e}".split("e")[1]))
        return f"{self.value:.{digits}f} ± {self.uncertainty:.{digits}f}"

    def within(self, other, sigmas=4.9):
        """Whether both are the same to so many standard errors."""
        return abs(float(self) - float(other)) <= sigmas * (self.uncertainty**2 + getattr(other, "uncertainty", 0) ** 2) ** 0.5


def whole(estimate):
    """A number with its whole error: the statistical one and what the budget has beside it."""
    budget = estimate.get("budget") or {}
    beside = sum(abs(budget.get(part, 0)) for part in ("timeStep", "burnIn", "truncation"))
    return Number(estimate["value"], (estimate["uncertainty"] ** 2 + beside**2) ** 0.5)


class Study:
    def __init__(self, name, figure="heatCurrent", command="run", ask=(), draw=(), lines=()):
        """`ask` and `draw` are options of the two commands. `lines` are methods that `ness plot` does not draw: they are drawn here."""
        self.name, self.figure, self.lines = name, figure, lines
        self.file = ROOT / f"Examples/gallery/{name}.yaml"
        self.commands = [[command, f"{name}.yaml", *ask]]
        PLACE.mkdir(parents=True, exist_ok=True)
        answer = self.ness(command, self.file, *ask, "--format", "json", "--quiet")
        self.results = json.loads(answer)
        if not lines:
            self.commands += [["plot", f"{name}.yaml", "--figure", figure, *draw]]
            self.ness("plot", self.file, "--figure", figure, *draw, "--output", PLACE / name, "--quiet")

    def ness(self, *words):
        done = subprocess.run([os.environ["NESS"], *map(str, words)], cwd=PLACE, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"ness {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    @property
    def picture(self):
        if self.lines:
            return self.drawn()
        return (PLACE / self.name / f"figure-{self.figure}.svg").read_bytes()

    def drawn(self):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context({"svg.hashsalt": self.name, "font.size": 9}):
            figure = Figure(figsize=(3.4, 2.6), layout="constrained")
            axes = figure.subplots()
            for method in self.lines:
                rows = [(*p["parameters"].values(), self.value(self.figure, method, *p["parameters"].values())) for p in self.results["points"]]
                axes.errorbar([r[0] for r in rows], [r[1].value for r in rows], [r[1].uncertainty for r in rows], fmt="o-", ms=4, capsize=2, label=method)
            axes.axhline(0, color="grey", lw=0.6)
            axes.set(xlabel=next(iter(self.results["points"][0]["parameters"])), ylabel=self.figure)
            axes.legend(frameon=False)
            picture = io.BytesIO()
            figure.savefig(picture, format="svg", metadata={"Date": None})
        return picture.getvalue()

    def value(self, quantity, method, *at, place=None):
        """The value at the point whose swept parameters begin with `at`; of an array the member number `place`, from 1."""
        for point in self.results["points"]:
            if list(point["parameters"].values())[: len(at)] != [float(a) for a in at]:
                continue
            for estimate in point["estimates"]:
                if (estimate["quantity"], estimate["method"]) == (quantity, method):
                    if place is None:
                        return whole(estimate)
                    return Number(estimate["values"][place - 1], estimate["uncertainties"][place - 1])
        raise SystemExit(f"{self.name}: no {quantity} by {method} at {at}")

    def values(self, quantity, method):
        return [
            whole(e)
            for p in self.results["points"]
            for e in p["estimates"]
            if (e["quantity"], e["method"]) == (quantity, method)
        ]

    def budgets(self, quantity, method):
        return [e["budget"] for p in self.results["points"] for e in p["estimates"] if (e["quantity"], e["method"]) == (quantity, method)]

    def verdict(self, method, fixed={}):
        return next(v for v in self.results["verdicts"] if v["method"] == method and fixed.items() <= v["fixed"].items())

    def peak(self, method, fixed={}):
        verdict = self.verdict(method, fixed)
        return Number(verdict["peak"], verdict["peakError"])

    def gain(self):
        """By how much the innovations reduce the variance of the heat current at the last point."""
        notes = " ".join(self.results["points"][-1]["notes"])
        return f"{float(re.search(r'variance of the heat current ([0-9.e+]+) times', notes)[1]):,.0f}"

    def show(self):
        """The picture, and the file with the commands, folded away."""
        text = "".join("    " + line + "\n" if line else "\n" for line in self.file.read_text().splitlines())
        commands = "".join("    ness " + " ".join(words) + "\n" for words in self.commands)
        return (
            f"![{self.results['title']}](Gallery/{self.name}.svg)\n\n"
            f'??? example "`{self.name}.yaml`"\n\n    ```yaml\n{text}    ```\n\n    ```sh\n{commands}    ```\n'
        )


def check(holds, words=""):
    if not holds:
        raise SystemExit(f"gallery: what the text says does not hold: {words}")
    return ""


def made():
    """The page and the pictures, as {place in the site: content}."""
    studies = {}

    def study(name, **choices):
        studies[name] = Study(name, **choices)
        return studies[name]

    template = (ROOT / "Examples/gallery/gallery.md").read_text()
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string(template).render(study=study, check=check, abs=abs, max=max, min=min, float=float, zip=zip)
    without = {file.stem for file in (ROOT / "Examples/gallery").glob("*.yaml")} - set(studies)
    check(not without, f"{sorted(without)} are not shown")
    return {"Gallery.md": page} | {f"Gallery/{name}.svg": study.picture for name, study in studies.items()}
