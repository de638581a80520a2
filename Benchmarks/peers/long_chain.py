"""W2: a chain of 1024 sites between Langevin baths, as a numba script with one loop over the sites for each part of a step.

Units and parameters as in `ness bench --workload W2-harm` and W2-fput: m = k = K = gamma = 1, T_L = 2, T_R = 1, time step
0.01, displacements zero and velocities at T = 1.5 at the start; current from every step, kinetic temperatures from every
tenth."""

import argparse
import json
import math
import time

import numpy as np
from numba import njit


@njit(fastmath=True)
def trajectory(steps, warm, sites, beta, dt, hot, cold, rng, kinetic):
    decay = math.exp(-dt)
    noise_hot, noise_cold = math.sqrt(hot * (1 - decay * decay)), math.sqrt(cold * (1 - decay * decay))
    start = math.sqrt(0.5 * (hot + cold))
    q = np.zeros(sites)
    v = np.empty(sites)
    for i in range(sites):
        v[i] = start * rng.standard_normal()
    pull = np.zeros(sites + 1)  # of the bond at the left of every site; none at the free ends
    flow = 0.0
    for step in range(warm + steps):
        for i in range(sites):
            q[i] += dt * v[i]
        for i in range(1, sites):
            r = q[i] - q[i - 1]
            pull[i] = r + beta * r * r * r
        for i in range(sites):
            v[i] += 0.5 * dt * (pull[i + 1] - pull[i])
        v[0] -= 0.5 * dt * q[0]
        v[-1] -= 0.5 * dt * q[-1]
        first, last = v[0], v[-1]
        v[0] = decay * first + noise_hot * rng.standard_normal()
        v[-1] = decay * last + noise_cold * rng.standard_normal()
        if step >= warm:
            # At the ends the work is that of the mean of the velocities before and after the bath.
            flow -= 0.5 * (pull[1] * 0.5 * (first - v[0]) + pull[sites - 1] * 0.5 * (last - v[-1]))
            total = 0.0
            for i in range(sites):
                total += v[i] * (pull[i] + pull[i + 1])
            flow -= 0.5 * total
        for i in range(sites):
            v[i] += 0.5 * dt * (pull[i + 1] - pull[i])
        v[0] -= 0.5 * dt * q[0]
        v[-1] -= 0.5 * dt * q[-1]
        if step >= warm and (step - warm) % 10 == 0:
            for i in range(sites):
                kinetic[i] += v[i] * v[i]
    return flow / steps / (sites - 1)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--beta", type=float, default=0.0)
    arguments.add_argument("--steps", type=int, default=200_000)
    arguments.add_argument("--warm", type=int, default=0)
    arguments.add_argument("--replicas", type=int, default=8)
    given = arguments.parse_args()
    sites, dt, rng = 1024, 0.01, np.random.default_rng(1)
    trajectory(100, 0, sites, given.beta, dt, 2.0, 1.0, rng, np.zeros(sites))
    kinetic = np.zeros(sites)
    start, processor = time.perf_counter(), time.process_time()
    currents = [trajectory(given.steps, given.warm, sites, given.beta, dt, 2.0, 1.0, rng, kinetic)
                for _ in range(given.replicas)]
    seconds, cpu = time.perf_counter() - start, time.process_time() - processor
    kinetic /= ((given.steps + 9) // 10) * given.replicas
    print(json.dumps({
        "peer": "numba", "workload": "W2-fput" if given.beta else "W2-harm", "seconds": seconds, "cpu_seconds": cpu,
        "unit_ns": cpu * 1e9 / ((given.steps + given.warm) * given.replicas * sites), "steps": given.steps,
        "warm": given.warm, "replicas": given.replicas, "N": sites, "J": np.mean(currents),
        "J_se": np.std(currents, ddof=1) / math.sqrt(len(currents)), "T1": kinetic[0], "Tmid": kinetic[sites // 2 - 1],
        "TN": kinetic[-1]}))


main()
