"""W3: particle in a box with M levels (hbar = m = l = 1) between two ohmic baths, coupling m n / M², T_L = 20, T_R = 5,
rate 0.01: steady state of the Davies generator and both heat currents.

--method pauli   rate matrix and a dense solve (numpy)
--method gth     rate matrix and subtraction-free elimination (numpy)
--method qutip   Liouvillian from one collapse operator per Bohr frequency, QuTiP's steady state"""

import argparse
import json
import time
from collections import defaultdict

import numpy as np

HOT, COLD, RATE = 20.0, 5.0, 0.01


def energies(levels):
    return np.arange(1, levels + 1) ** 2 * np.pi**2 / 2


def bath_rates(levels, temperature):
    """R[m, n] of the jump n -> m."""
    n = np.arange(1, levels + 1)
    energy = energies(levels)
    gap = energy[None, :] - energy[:, None]
    size = np.abs(gap) + np.eye(levels)
    occupation = 1 / np.expm1(np.minimum(size / temperature, 700))
    rates = RATE * size * np.outer(n, n) ** 2 / levels**4 * (occupation + (gap > 0))
    np.fill_diagonal(rates, 0)
    return rates


def heat(levels, populations, temperature):
    energy = energies(levels)
    return float(np.sum((energy[:, None] - energy[None, :]) * bath_rates(levels, temperature) * populations[None, :]))


def pauli(levels):
    generator = bath_rates(levels, HOT) + bath_rates(levels, COLD)
    generator -= np.diag(generator.sum(axis=0))
    generator[0] = 1
    right = np.zeros(levels)
    right[0] = 1
    populations = np.linalg.solve(generator, right)
    return heat(levels, populations, HOT), heat(levels, populations, COLD)


def gth(levels):
    flow = (bath_rates(levels, HOT) + bath_rates(levels, COLD)).T.copy()
    for k in range(levels - 1, 0, -1):
        flow[:k, k] /= flow[k, :k].sum()
        flow[:k, :k] += np.outer(flow[:k, k], flow[k, :k])
    populations = np.zeros(levels)
    populations[0] = 1
    for k in range(1, levels):
        populations[k] = populations[:k] @ flow[:k, k]
    populations /= populations.sum()
    return heat(levels, populations, HOT), heat(levels, populations, COLD)


def collapse_operators(levels, temperature, sign):
    """One operator for every Bohr frequency; equal gaps n² - m² belong together."""
    groups = defaultdict(list)
    for n in range(1, levels + 1):
        for m in range(1, levels + 1):
            if m != n:
                groups[n * n - m * m].append((m, n))
    operators = []
    for gap, pairs in groups.items():
        size = abs(gap) * np.pi**2 / 2
        rate = RATE * size * (1 / np.expm1(min(size / temperature, 700)) + (gap > 0))
        if rate < 1e-300:
            continue
        operator = np.zeros((levels, levels))
        for m, n in pairs:
            operator[m - 1, n - 1] = np.sqrt(rate) * m * n / levels**2 * (sign ** (m + n))
        operators.append(operator)
    return operators


def qutip_steady_state(levels):
    import qutip

    hamiltonian = qutip.Qobj(np.diag(energies(levels))).to("CSR")
    baths = [
        [qutip.Qobj(operator).to("CSR") for operator in collapse_operators(levels, temperature, sign)]
        for temperature, sign in ((HOT, 1.0), (COLD, -1.0))
    ]
    density = qutip.steadystate(qutip.liouvillian(hamiltonian, baths[0] + baths[1]))
    populations = np.real(density.diag())
    return heat(levels, populations, HOT), heat(levels, populations, COLD)


def main():
    methods = {"pauli": pauli, "gth": gth, "qutip": qutip_steady_state}
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--method", choices=methods, default="pauli")
    arguments.add_argument("--levels", type=int, default=32)
    given = arguments.parse_args()
    solve = methods[given.method]
    solve(4)
    clock, processor, count = time.perf_counter(), time.process_time(), 0
    while count == 0 or time.perf_counter() - clock < 0.2:
        left, right = solve(given.levels)
        count += 1
    print(json.dumps({
        "peer": given.method, "workload": "W3", "M": given.levels,
        "seconds": (time.perf_counter() - clock) / count, "cpu_seconds": (time.process_time() - processor) / count,
        "JL": left, "JR": right, "balance": (left + right) / abs(left)}))


main()
