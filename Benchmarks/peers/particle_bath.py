"""W1: harmonic chain + overdamped particles on a ring + Langevin bath, as a numba script with one trajectory at a time.

Units and parameters as in `ness bench --workload W1`: N = 16, 40 particles, eps = 0.2, p = 2, L = 25, zeta = 0.1,
T_L = 10, T_R = 1, m = k = K = gamma_R = 1, time step 1e-3. First-order particles, velocity Verlet chain."""

import argparse
import json
import math
import time

import numpy as np
from numba import njit


@njit(fastmath=True)
def trajectory(steps, discard, sites, count, dt, rng, temperature):
    coupling, strength, sharpness, ring, zeta, hot, cold = 0.2, 1.0, 2.0, 25.0, 0.1, 10.0, 1.0
    wave = 2 * math.pi / ring
    bessel = 0.0
    for i in range(2000):  # I_0(p), mean of exp(p cos) over the ring
        bessel += math.exp(sharpness * math.cos(2 * math.pi * i / 2000)) / 2000
    amplitude = strength / bessel
    kick = math.sqrt(2 * hot * dt / zeta)
    decay = math.exp(-dt)
    noise = math.sqrt(cold * (1 - decay * decay))
    x = np.empty(count)
    for i in range(count):
        x[i] = ring * rng.random()
    q = np.zeros(sites)
    v = np.zeros(sites)
    force = np.zeros(sites)
    current = 0.0
    for step in range(discard + steps):
        pushed = 0.0
        pull = coupling * q[0] * sharpness * wave * dt / zeta
        for i in range(count):
            angle = wave * x[i]
            f = amplitude * math.exp(sharpness * math.cos(angle))
            pushed += f
            y = x[i] + pull * math.sin(angle) * f + kick * rng.standard_normal()
            x[i] = y - ring * math.floor(y / ring)
        for j in range(sites):
            right = q[j + 1] - q[j] if j + 1 < sites else -q[j]
            left = q[j] - q[j - 1] if j > 0 else q[j]
            force[j] = right - left
        force[0] -= coupling * (pushed - count * strength)
        for j in range(sites):
            v[j] += dt * force[j]
        v[sites - 1] = decay * v[sites - 1] + noise * rng.standard_normal()
        if step >= discard:
            flow = 0.0
            for j in range(sites - 1):
                flow -= 0.5 * (v[j] + v[j + 1]) * (q[j + 1] - q[j])
            current += flow / (sites - 1)
            for j in range(sites):
                temperature[j] += v[j] * v[j] / steps
        for j in range(sites):
            q[j] += dt * v[j]
    return current / steps


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--steps", type=int, default=10_000)
    arguments.add_argument("--trajectories", type=int, default=4)
    arguments.add_argument("--discard", type=int, default=0)
    given = arguments.parse_args()
    sites, count = 16, 40
    trajectory(2, 0, sites, count, 1e-3, np.random.default_rng(0), np.zeros(sites))
    clock, processor = time.perf_counter(), time.process_time()
    currents = [
        trajectory(given.steps, given.discard, sites, count, 1e-3, np.random.default_rng(seed), np.zeros(sites))
        for seed in range(1, given.trajectories + 1)
    ]
    seconds, processor = time.perf_counter() - clock, time.process_time() - processor
    work = given.trajectories * (given.steps + given.discard) * count
    error = float(np.std(currents, ddof=1) / math.sqrt(len(currents))) if len(currents) > 1 else math.inf
    print(json.dumps({
        "peer": "numba", "workload": "W1", "seconds": seconds, "cpu_seconds": processor,
        "unit_ns": 1e9 * processor / work, "steps": given.steps, "traj": given.trajectories,
        "J": float(np.mean(currents)), "J_se": error}))


main()
