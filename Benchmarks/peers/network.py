"""W5: networks of 1024 sites between Langevin baths, as a numba script with one loop over the sites for each part of a step.

Models and parameters as in `ness bench --workload W5-phi4`, W5-fk, W5-rotor, W5-formula, W5-rational and W5-lattice: m = gamma = 1, T = 2 and 1, time
step 0.02, displacements zero at the start, velocities by a straight line of temperatures; heats from every step, kinetic temperatures from
every 16th, which is less than Ness measures."""

import argparse
import json
import math
import time

import numpy as np
from numba import njit

SITES, SIDE = 1024, 32


@njit(fastmath=True)
def plain(r):
    return r


@njit(fastmath=True)
def quartic(r):
    return r + r * r * r


@njit(fastmath=True)
def cubed(r):
    return r + r * r * r + r * abs(r)


@njit(fastmath=True)
def rational(r):
    return r + r * r * r - 2 * r / ((1 + r * r) * (1 + r * r))


@njit(fastmath=True)
def rotor(r):
    return math.sin(r)


@njit(fastmath=True)
def nothing(q):
    return 0.0


@njit(fastmath=True)
def phi4(q):
    return q * q * q


@njit(fastmath=True)
def fk(q):
    return 5 / (2 * math.pi) * math.sin(2 * math.pi * q)


@njit(fastmath=True)
def trajectory(bond, field, is_lattice, steps, warm, dt, hot, cold, rng, kinetic):
    keep = math.exp(-dt)
    noise = math.sqrt(1 - keep * keep)
    q, v, f = np.zeros(SITES), np.empty(SITES), np.empty(SITES)
    pull = np.zeros(SITES + 1)  # of the bond at the left of every site
    down = np.zeros(SITES + SIDE)  # of the bond to the site above, in a lattice
    for i in range(SITES):
        share = (i % SIDE) / (SIDE - 1) if is_lattice else i / (SITES - 1)
        v[i] = math.sqrt(2 * (hot + (cold - hot) * share)) * rng.standard_normal()
    heat = 0.0
    row = SIDE if is_lattice else SITES
    for step in range(warm + steps):
        for i in range(SITES):
            q[i] += dt * v[i]
        for start in range(0, SITES, row):
            for i in range(start + 1, start + row):
                pull[i] = bond(q[i] - q[i - 1])
        for i in range(SITES):
            f[i] = pull[i + 1] - pull[i] - field(q[i])
        if is_lattice:
            for i in range(SIDE, SITES):
                down[i] = bond(q[i] - q[i - SIDE])
            for i in range(SITES):
                f[i] += down[i + SIDE] - down[i]
        for i in range(SITES):
            v[i] += 0.5 * dt * f[i]
        for start in range(0, SITES, row):
            for end in range(2):
                i = start if end == 0 else start + row - 1
                before = v[i]
                v[i] = keep * before + math.sqrt(hot if end == 0 else cold) * noise * rng.standard_normal()
                if step >= warm:
                    heat += (0.25 if end == 0 else -0.25) * (v[i] - before) * (v[i] + before)
        for i in range(SITES):
            v[i] += 0.5 * dt * f[i]
        if step >= warm and (step - warm) % 16 == 0:
            for i in range(SITES):
                kinetic[i] += v[i] * v[i]
    return heat / (steps * dt)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--model", default="phi4")
    arguments.add_argument("--steps", type=int, default=200_000)
    arguments.add_argument("--warm", type=int, default=0)
    arguments.add_argument("--replicas", type=int, default=8)
    given = arguments.parse_args()
    bond, field = {"phi4": (plain, phi4), "fk": (plain, fk), "rotor": (rotor, nothing), "formula": (cubed, nothing),
                   "rational": (rational, nothing),                   "lattice": (quartic, nothing)}[given.model]
    dt, rng, kinetic = 0.02, np.random.default_rng(1), np.zeros(SITES)
    trajectory(bond, field, given.model == "lattice", 10, 0, dt, 2.0, 1.0, rng, np.zeros(SITES))
    start, processor = time.perf_counter(), time.process_time()
    currents = [trajectory(bond, field, given.model == "lattice", given.steps, given.warm, dt, 2.0, 1.0, rng, kinetic)
                for _ in range(given.replicas)]
    seconds, cpu = time.perf_counter() - start, time.process_time() - processor
    kinetic /= ((given.steps + 15) // 16) * given.replicas
    print(json.dumps({
        "peer": "numba", "workload": f"W5-{given.model}", "seconds": seconds, "cpu_seconds": cpu,
        "unit_ns": cpu * 1e9 / ((given.steps + given.warm) * given.replicas * SITES), "steps": given.steps,
        "warm": given.warm, "replicas": given.replicas, "N": SITES, "J": np.mean(currents),
        "J_se": np.std(currents, ddof=1) / math.sqrt(len(currents)), "Tmid": kinetic[SITES // 2]}))


main()
