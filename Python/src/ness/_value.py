"""A number with its uncertainty, and how such a number is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, Optional


@dataclass(frozen=True)
class Budget:
    """What the error of a number is made of, in its own unit.

    A part whose basis is ``linear`` is a bias with its sign (answer less truth), computed in the linear dynamics; ``estimate``
    and ``measured`` are upper bounds without a sign; ``none``: there is no such error.
    """

    #: One standard error.
    statistical: float
    #: From the finite time step.
    time_step: float
    #: From what is left of the initial state after the burn-in.
    burn_in: float
    #: From a finite number of levels or terms.
    truncation: float
    #: How each of ``time_step``, ``burn_in`` and ``truncation`` is known.
    basis: Dict[str, str]

    @property
    def known_bias(self) -> float:
        """Answer less truth, as far as the linear dynamics tells it."""
        parts = {"time_step": self.time_step, "burn_in": self.burn_in, "truncation": self.truncation}
        return sum(parts[name] for name, basis in self.basis.items() if basis == "linear")

    @property
    def systematic(self) -> float:
        """The systematic parts together, none cancelling another."""
        return abs(self.time_step) + abs(self.burn_in) + abs(self.truncation)

    @property
    def whole(self) -> float:
        """The whole error: statistical and systematic, as independent ones."""
        return math.hypot(self.statistical, self.systematic)


def budget_of(record: Optional[Dict[str, Any]]) -> Optional[Budget]:
    """A budget from its record."""
    if record is None:
        return None
    names = {"timeStep": "time_step", "burnIn": "burn_in", "truncation": "truncation"}
    return Budget(
        record["statistical"],
        record["timeStep"],
        record["burnIn"],
        record["truncation"],
        {names[key]: basis for key, basis in record["basis"].items()},
    )


@dataclass(frozen=True)
class Value:
    """A number with its uncertainty, its unit and what it claims to be.

    >>> import ness
    >>> study = ness.Study(ness.examples()["rieder-lebowitz-lieb"])
    >>> current = study.theory()["heatCurrent"].best()
    >>> round(float(current), 6), current.validity, current.unit
    (0.190983, 'exact', 'energy/time')
    >>> print(current)
    0.190983 energy/time (markov, exact)
    """

    #: What was asked, for example ``heatCurrent``.
    quantity: str
    #: The value.
    value: float
    #: One standard error of a sampled value; a bound on the numerical error of a computed one.
    uncertainty: float
    #: Dimension in words, for example ``energy/time``.
    unit: str
    #: How it was obtained, for example ``simulation``.
    method: str
    #: How near to the model's own steady state it is meant to be: ``sampled``, ``exact``, ``approximation``, ``printed``.
    validity: str
    #: What was computed and, of an approximation, where that holds.
    claim: str
    #: How many independent samples its error bar rests on; None if it was not sampled.
    effective_samples: Optional[float] = None
    #: What its error is made of; None where that is not told apart.
    budget: Optional[Budget] = None

    def __float__(self) -> float:
        return self.value

    @property
    def is_sampled(self) -> bool:
        """Whether it was sampled."""
        return self.effective_samples is not None

    def z(self, other: "Value") -> float:
        """How many of the combined uncertainties two values are apart, less the bias that is known of either.

        |z| above 5 is no accident of sampling. NaN where neither value was sampled.
        """
        return z_score(_unbiased(self), self.uncertainty, _unbiased(other), other.uncertainty,
                       self.is_sampled or other.is_sampled)

    def __str__(self) -> str:
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{text(self.value, self.uncertainty)}{unit} ({self.method}, {self.validity})"


def _unbiased(value: Value) -> float:
    return value.value - (value.budget.known_bias if value.budget else 0.0)


def z_score(first: float, error: float, second: float, other: float, is_sampled: bool) -> float:
    """The difference of two values over their combined uncertainty; NaN where neither was sampled."""
    both = math.hypot(error, other)
    return (first - second) / both if is_sampled and both > 0 else math.nan


def text(value: float, uncertainty: float) -> str:
    """A value with two digits of its uncertainty, ``0.0633(28)``; one that is known better, with seven digits.

    >>> text(0.06331, 0.00284), text(9.21, 1.149), text(0.0635149328, 1e-14), text(130.0, 21.0), text(2.5e-9, 3e-11)
    ('0.0633(28)', '9.2(1.1)', '0.06351493', '130(21)', '2.500(30)e-09')
    """
    if not (math.isfinite(value) and math.isfinite(uncertainty)):
        return f"{value} ± {uncertainty}"
    if uncertainty <= 0.5e-6 * abs(value) or uncertainty == 0:
        return _plain(value)
    power = _power(value, uncertainty)
    scale = 10.0**power
    mantissa, error = value / scale, uncertainty / scale
    decimals = 1 - math.floor(math.log10(error))
    if round(error, decimals) >= 10.0 ** (2 - decimals):
        decimals -= 1
    if decimals <= 0:
        unit = 10 ** (-decimals)
        shown = f"{round(mantissa / unit) * unit:d}({round(error / unit) * unit:d})"
    elif error >= 1:
        shown = f"{mantissa:.{decimals}f}({error:.{decimals}f})"
    else:
        shown = f"{mantissa:.{decimals}f}({round(error * 10**decimals):d})"
    return shown + (f"e{power:+03d}" if power else "")


def _power(value: float, uncertainty: float) -> int:
    """The power of ten that is taken out of numbers which would be long."""
    order = math.floor(math.log10(max(abs(value), uncertainty)))
    return order if order < -4 or order > 5 else 0


def _plain(value: float) -> str:
    return f"{value:.7g}"


