"""W7: a chain of qubits, H = sum Z/2 + sum (X X + Y Y + 0.7 Z Z) over neighbours (hbar = 1), ohmic baths S(w) = 0.1 w/(1 - exp(-w/T)) of
temperatures 1.5 and 0.5 on the X of its ends: steady state and both heat currents with QuTiP.

--method redfield   Bloch-Redfield tensor of every bath
--method davies     the same with the secular approximation
--method local      one collapse operator for every jump of the qubit at an end, by itself
--solver            way to the steady state: auto tries those that are of use here and takes the fastest"""

import argparse
import json
import time

import numpy as np
import qutip
from qutip.core.blochredfield import bloch_redfield_tensor

HOT, COLD, RATE = 1.5, 0.5, 0.1
SOLVERS = {"dense": {"method": "direct", "solver": "solve"}, "sparse": {"method": "direct", "solver": "spsolve"}}


def spectrum(temperature):
    def power(w):
        w = np.asarray(w, dtype=float)
        small = np.abs(w) < 1e-12
        safe = np.where(small, 1.0, w)
        return RATE * np.where(small, temperature, safe / -np.expm1(-safe / temperature))
    return power


def at(operator, place, qubits):
    return qutip.tensor([operator if k == place else qutip.qeye(2) for k in range(qubits)])


def hamiltonian(qubits):
    x, y, z = qutip.sigmax(), qutip.sigmay(), qutip.sigmaz()
    total = 0
    for k in range(qubits):
        total += 0.5 * at(z, k, qubits)
    for k in range(qubits - 1):
        for operator, factor in ((x, 1.0), (y, 1.0), (z, 0.7)):
            total += factor * at(operator, k, qubits) * at(operator, k + 1, qubits)
    return total


def parts(method, energy, qubits):
    """The superoperator of each bath."""
    ends = ((0, HOT), (qubits - 1, COLD))
    if method == "local":
        found = []
        for place, temperature in ends:
            # Z/2 has the gap 1; a qubit is at the upper level where Z is 1.
            power = spectrum(temperature)
            jumps = [np.sqrt(power(1.0)) * at(qutip.sigmam(), place, qubits),
                     np.sqrt(power(-1.0)) * at(qutip.sigmap(), place, qubits)]
            found.append(sum(qutip.lindblad_dissipator(jump) for jump in jumps))
        return found
    # With fock_basis=False every call has an eigenbasis of its own: their sum means nothing.
    cutoff = 1e-9 if method == "davies" else -1
    unitary = qutip.liouvillian(energy)
    return [bloch_redfield_tensor(energy, [[at(qutip.sigmax(), place, qubits), spectrum(temperature)]], sec_cutoff=cutoff,
                                  fock_basis=True) - unitary for place, temperature in ends]


def solve(method, qubits, solver):
    energy = hamiltonian(qubits)
    baths = parts(method, energy, qubits)
    whole = qutip.liouvillian(energy) + sum(baths)
    options = dict(SOLVERS[solver])
    if options["solver"] == "solve":
        whole = whole.to("Dense")
    density = qutip.steadystate(whole, **options)
    vector = qutip.operator_to_vector(density)
    return [np.real(qutip.expect(energy, qutip.vector_to_operator(bath * vector))) for bath in baths]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--method", choices=["redfield", "davies", "local"], default="redfield")
    arguments.add_argument("--qubits", type=int, default=4)
    arguments.add_argument("--solver", choices=[*SOLVERS, "auto"], default="auto")
    given = arguments.parse_args()
    solve(given.method, 2, "sparse")
    best = None
    for solver in SOLVERS if given.solver == "auto" else [given.solver]:
        clock, processor, count = time.perf_counter(), time.process_time(), 0
        while count == 0 or time.perf_counter() - clock < 0.2:
            left, right = solve(given.method, given.qubits, solver)
            count += 1
        line = {
            "peer": f"qutip-{given.method}", "workload": "W7", "N": given.qubits, "solver": solver,
            "seconds": (time.perf_counter() - clock) / count, "cpu_seconds": (time.process_time() - processor) / count,
            "JL": left, "JR": right}
        if best is None or line["cpu_seconds"] < best["cpu_seconds"]:
            best = line
    print(json.dumps(best))


main()
