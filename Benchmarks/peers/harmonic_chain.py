"""W4: exact current of a harmonic chain of N sites between a Langevin bath of friction (2/T_L)² and one of friction 1 at
T_R = 1, for temperatures T_L from 1.1 to 10: scipy's adaptive quadrature over a numba recursion for G_1N."""

import argparse
import json
import math
import time
import warnings

import numpy as np
from numba import njit
from scipy.integrate import quad


@njit
def integrand(w, left, sites):
    """w² |G_1N|² = w² / |det|², the determinant of the tridiagonal matrix by its recursion."""
    diagonal = 2 - w * w
    before, now = 1.0 + 0j, diagonal - 1j * w * left
    for _ in range(sites - 2):
        before, now = now, diagonal * now - before
    now = (diagonal - 1j * w) * now - before
    return w * w / (now.real * now.real + now.imag * now.imag)


def current(temperature, sites):
    left = (2 / temperature) ** 2
    value, _ = quad(integrand, 0, 4, args=(left, sites), limit=20_000, epsabs=0, epsrel=1e-9)
    return (temperature - 1) * left / math.pi * 2 * value


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sites", type=int, default=100)
    arguments.add_argument("--temperatures", type=int, default=20)
    given = arguments.parse_args()
    warnings.simplefilter("ignore")
    integrand(0.3, 1.0, given.sites)
    grid = np.linspace(1.1, 10, given.temperatures)
    clock, processor = time.perf_counter(), time.process_time()
    found = [current(temperature, given.sites) for temperature in grid]
    seconds, processor = time.perf_counter() - clock, time.process_time() - processor
    print(json.dumps({
        "peer": "scipy+numba", "workload": "W4", "N": given.sites, "ntemp": given.temperatures, "seconds": seconds,
        "cpu_seconds": processor, "seconds_per_temp": processor / given.temperatures, "TL_first": grid[0],
        "J_first": found[0], "TL_last": grid[-1], "J_last": found[-1]}))


main()
