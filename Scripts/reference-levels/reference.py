#!/usr/bin/env python3
"""Reference numbers of systems of levels: what Tests/Reference/levels.txt holds, a system a line as JSON.

The steady state is the null vector, by singular values, of the whole complex superoperator; nothing of Ness is used. The
systems are drawn at random, the last ones with levels of equal energy.

    python3 reference.py > ../../Tests/Reference/levels.txt
    python3 reference.py --qutip          # Redfield and secular equations against QuTiP (5.3 was used)
"""
import json
import random
import re
import sys

import numpy as np


class Op:
    """A matrix whose product is that of matrices; numbers are multiples of the identity."""

    def __init__(self, m):
        self.m = np.asarray(m, complex)

    def of(self, other):
        return other.m if isinstance(other, Op) else other * np.eye(len(self.m))

    def __add__(self, other): return Op(self.m + self.of(other))
    __radd__ = __add__
    def __sub__(self, other): return Op(self.m - self.of(other))
    def __mul__(self, other): return Op(self.m @ self.of(other))
    def __rmul__(self, other): return Op(other * self.m)
    def __neg__(self): return Op(-self.m)
    def __pow__(self, n): return Op(np.linalg.matrix_power(self.m, n))


def own_operators(part):
    """The operators of one part by name."""
    if "oscillator" in part:
        n = part["oscillator"]
        a = np.diag(np.sqrt(np.arange(1, n)), 1)
        return {"a": a, "ad": a.T, "N": a.T @ a}
    s = part.get("spin", 0.5)
    m = s - np.arange(int(2 * s) + 1)
    up = np.diag(np.sqrt(s * (s + 1) - m[1:] * (m[1:] + 1)), 1)
    x, y, z = (up + up.T) / 2, (up - up.T) / 2j, np.diag(m)
    if "qubit" in part:
        return {"X": 2 * x, "Y": 2 * y, "Z": 2 * z, "Sp": up, "Sm": up.T, "N": up @ up.T}
    return {"X": x, "Y": y, "Z": z, "Sp": up, "Sm": up.T}


def operators(parts):
    sizes = [len(next(iter(own_operators(p).values()))) for p in parts]
    names = {}
    for k, part in enumerate(parts):
        for name, m in own_operators(part).items():
            left, right = np.eye(int(np.prod(sizes[:k]))), np.eye(int(np.prod(sizes[k + 1:])))
            names[f"{name}{k + 1}"] = Op(np.kron(np.kron(left, m), right))
    return names


def matrix(text, names):
    return eval(text.replace("^", "**"), {"__builtins__": {}}, names).m


def rate(bath, energy, hbar):
    """g at the frequency of an energy that the bath takes."""
    t, gamma = bath["temperature"], bath["rate"]
    if energy < 0:
        return 0.0 if t == 0 else np.exp(energy / t) * rate(bath, -energy, hbar)
    x = np.inf if t == 0 else energy / t
    if bath["spectrum"] == "ohmic":
        return gamma * (t if energy == 0 else energy / -np.expm1(-x)) / hbar
    if bath["spectrum"] == "bosonic":
        return gamma / -np.expm1(-x)
    if bath["spectrum"] == "metropolis":
        return gamma
    return gamma / (1 + (np.exp(-x) if energy > 0 else 1))


def lindblad(jump):
    one = np.eye(len(jump))
    k = jump.conj().T @ jump
    return np.kron(jump, jump.conj()) - (np.kron(k, one) + np.kron(one, k.T)) / 2


def components(a, energies, vectors):
    """Parts of an operator that change the energy by one amount each, as (amount given, matrix)."""
    between = vectors.conj().T @ a @ vectors
    width = energies[-1] - energies[0]
    left = [(energies[j] - energies[i], i, j) for i in range(len(a)) for j in range(len(a)) if abs(between[i, j]) > 1e-12]
    found = []
    while left:
        energy = left[0][0]
        group = [e for e in left if abs(e[0] - energy) <= 1e-8 * width]
        left = [e for e in left if abs(e[0] - energy) > 1e-8 * width]
        part = np.zeros_like(between)
        for _, i, j in group:
            part[i, j] = between[i, j]
        energy = np.mean([e[0] for e in group])
        found.append((0.0 if abs(energy) <= 1e-8 * width else energy, vectors @ part @ vectors.conj().T))
    return found


def dissipator(method, bath, h, a, own, hbar):
    if method == "redfield":
        energies, vectors = np.linalg.eigh(h)
        width = energies[-1] - energies[0]
        between = vectors.conj().T @ a @ vectors
        gaps = energies[None, :] - energies[:, None]
        gaps[abs(gaps) <= 1e-8 * width] = 0
        g = np.array([[rate(bath, x, hbar) if abs(b) > 1e-12 else 0 for x, b in zip(r, c)] for r, c in zip(gaps, between)])
        half = vectors @ (g * between / 2) @ vectors.conj().T
        one, dag = np.eye(len(h)), half.conj().T
        return (np.kron(half, a.T) + np.kron(a, dag.T) - np.kron(a @ half, one) - np.kron(one, (dag @ a).T))
    parts = components(a, *np.linalg.eigh(h if method == "davies" else own))
    return sum(rate(bath, energy, hbar) * lindblad(part) for energy, part in parts)


def solve(system, method, part=lambda m: m):
    """Numbers by one equation; `part` makes other matrices of those of the system."""
    names = operators(system["parts"])
    h = part(matrix(system["hamiltonian"], names))
    d, hbar = len(h), system["hbar"]
    one = np.eye(d)
    parts = [dissipator(method, b, h, part(matrix(b["coupling"], names)), matrix(b["own"], names), hbar)
             for b in system["baths"]]
    whole = sum(parts) - 1j / hbar * (np.kron(h, one) - np.kron(one, h.T))
    _, sizes, right = np.linalg.svd(whole)
    if sizes[-2] < 1e-6 * sizes[0]:
        return None
    rho = right[-1].conj().reshape(d, d)
    rho = rho / np.trace(rho)
    energies, vectors = np.linalg.eigh(h)
    populations = np.real(np.diag(vectors.conj().T @ rho @ vectors))
    width = energies[-1] - energies[0]
    same = [np.mean([p for e, p in zip(energies, populations) if abs(e - x) <= 1e-8 * width]) for x in energies]
    gap = sorted(abs(np.linalg.eigvals(whole).real))[1]
    return {"heats": [np.trace(h @ (p @ rho.reshape(-1)).reshape(d, d)).real for p in parts],
            "energy": np.trace(h @ rho).real, "populations": [float(x) for x in same], "gap": float(gap),
            "least": float(np.linalg.eigvalsh((rho + rho.conj().T) / 2)[0])}


def number(low, high):
    return float(f"{random.uniform(low, high):.3g}")


def draw():
    """A random system."""
    kinds = [{"qubit": 1}] * 4 + [{"spin": 1}, {"spin": 1.5}, {"oscillator": 3}, {"oscillator": 4}]
    while True:
        parts = [random.choice(kinds) for _ in range(random.choice([1, 2, 2, 2, 3, 3]))]
        if np.prod([len(next(iter(own_operators(p).values()))) for p in parts]) <= 12:
            break
    terms = []
    for k, part in enumerate(parts, 1):
        if "oscillator" in part:
            terms.append((f"{number(0.5, 2)}*N{k} + {number(0.02, 0.2)}*N{k}^2", [k]))
        else:
            terms.append((f"{number(0.3, 1.5)}*Z{k} + {number(-0.5, 0.5)}*X{k}", [k]))
            if "spin" in part:
                terms.append((f"{number(-0.5, 0.5)}*Z{k}^2", [k]))
    flip = lambda k: f"(a{k} + ad{k})" if "oscillator" in parts[k - 1] else random.choice([f"X{k}", f"Y{k}", f"Z{k}"])
    for k in range(1, len(parts)):
        terms.append((f"{number(-0.6, 0.6)}*{flip(k)}*{flip(k + 1)}", [k, k + 1]))
        terms.append((f"{number(-0.3, 0.3)}*{flip(k)}*{flip(k + 1)}", [k, k + 1]))
    baths = []
    for b in range(random.choice([2, 2, 3])):
        k = 1 if b == 0 else len(parts) if b == 1 else random.randint(1, len(parts))
        touched = [k]
        if "oscillator" in parts[k - 1]:
            coupling = f"a{k} + ad{k} + {number(0.1, 0.4)}*N{k}"
        else:
            coupling = f"X{k} + {number(-0.6, 0.6)}*Y{k} + {number(-0.4, 0.4)}*Z{k}"
        if b == 2 and len(parts) > 1:
            other = 1 if k > 1 else 2
            touched.append(other)
            coupling += f" + {number(0.2, 0.8)}*{flip(other)}"
        own = " + ".join(t for t, sites in terms if set(sites) <= set(touched))
        baths.append({"coupling": coupling, "own": own, "temperature": number(0.15, 3), "rate": number(0.01, 0.3),
                      "spectrum": random.choice(["ohmic", "metropolis", "glauber"])})
    return {"parts": parts, "hamiltonian": " + ".join(t for t, _ in terms), "hbar": number(0.3, 2), "baths": baths}


def equal(kind):
    """A system with levels of equal energy."""
    e, g = number(0.5, 2), number(0.05, 0.4)
    qubits = [{"qubit": 1}] * (3 if kind == 2 else 2)
    own = lambda k: f"{e}*Z{k}"
    if kind == 0:      # two equal qubits that do not know one another, and a bath on both
        h = f"{e}*Z1 + {e}*Z2"
    elif kind == 1:    # four levels of a singlet and a triplet
        h, own = f"{g}*(X1*X2 + Y1*Y2 + Z1*Z2)", lambda k: f"0*Z{k}"
    elif kind == 2:    # a ring, whose waves go round both ways
        h = " + ".join([f"{e}*Z{k}" for k in (1, 2, 3)] + [f"{g}*(X{i}*X{j} + Y{i}*Y{j})" for i, j in ((1, 2), (2, 3), (3, 1))])
    else:              # equal Bohr frequencies, energies of their own
        h, qubits = f"{e}*N1 + {0.5 * e}*Z2", [{"oscillator": 4}, {"qubit": 1}]
    baths = []
    for b in range(2):
        k = 1 + b if kind != 2 else 1 + 2 * b
        coupling = f"X{k} + {number(-0.5, 0.5)}*Z{k}" if "qubit" in qubits[k - 1] else f"a{k} + ad{k}"
        if kind in (0, 3):
            other = 3 - k
            coupling += f" + {number(0.2, 0.7)}*" + (f"X{other}" if "qubit" in qubits[other - 1] else f"(a{other} + ad{other})")
        touched = h if kind in (0, 3) else own(k)
        baths.append({"coupling": coupling, "own": touched, "temperature": number(0.3, 3), "rate": number(0.01, 0.3),
                      "spectrum": random.choice(["ohmic", "metropolis", "glauber"])})
    return {"parts": qubits, "hamiltonian": h, "hbar": number(0.3, 2), "baths": baths}


def systems():
    random.seed(20261127)
    wanted = [draw] * 50 + [lambda kind=k % 4: equal(kind) for k in range(16)]
    for make in wanted:
        while True:
            system = make()
            found = {m: solve(system, m) for m in ("davies", "redfield", "local")}
            if found["davies"] is not None and found["redfield"] is not None:
                yield system, {m: x for m, x in found.items() if x is not None}
                break


def main():
    if "--qutip" in sys.argv:
        import qutip
        worst = {"redfield": 0.0, "davies": 0.0}
        for system, found in systems():
            names = operators(system["parts"])
            hbar = system["hbar"]
            for method, cutoff in (("redfield", -1), ("davies", 1e-6)):
                # With complex elements the Redfield tensor of QuTiP 5.3.1 is not that of its documentation, which is ours.
                part = np.real if method == "redfield" else np.asarray
                h = part(matrix(system["hamiltonian"], names))
                energies = np.linalg.eigvalsh(h)
                least = 1e-8 * (energies[-1] - energies[0])
                # With levels of equal energy its secular tensor is not what its Redfield tensor tends to for small rates: ours is.
                if method == "davies" and min(np.diff(energies)) < least:
                    continue

                def spectrum(b):
                    return lambda w: rate(b, 0.0 if abs(w) * hbar < least else w * hbar, hbar)
                ops = [[qutip.Qobj(part(matrix(b["coupling"], names))), spectrum(b)] for b in system["baths"]]
                tensor = qutip.bloch_redfield_tensor(qutip.Qobj(h / hbar), ops, sec_cutoff=cutoff, fock_basis=True)
                rho = qutip.steadystate(tensor, method="direct").full()
                numbers = solve(system, method, part)
                if numbers is not None:
                    worst[method] = max(worst[method], abs(np.trace(h @ rho).real - numbers["energy"]))
        print(worst)
        return
    print("# By Scripts/reference-levels/reference.py, a system a line: what it is, and what each equation says of it.")
    for system, found in systems():
        print(json.dumps({**system, **found}))


main()
