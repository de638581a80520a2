#!/usr/bin/env python3
"""Reference heats of harmonic networks in hundreds of digits: what Tests/Reference/networks.txt holds.

The stationary covariance of (q, v, z), z the auxiliary forces of baths with memory, solves A X + X A^T + Q = 0: a system of
linear equations, solved here in ball arithmetic (python-flint), whose bits are doubled until every value is known.

    python3 reference.py > ../../Tests/Reference/networks.txt
"""
import random

from flint import arb, arb_mat, ctx


def solved(network):
    """Heats, kinetic temperatures and heat through every spring in words; None if the bits do not suffice."""
    masses, bonds, held, baths = network
    n = len(masses)
    terms = [(b, c, r) for b in range(len(baths)) for c, r in baths[b][3]]
    size = 2 * n + len(terms)
    a = [[arb(0)] * size for _ in range(size)]
    q = [arb(0)] * size
    mass = [arb(m) for m in masses]
    for i in range(n):
        a[i][n + i] = arb(1)
        a[n + i][i] -= arb(held[i]) / mass[i]
    for i, j, k in bonds:
        for one, other in ((i, j), (j, i)):
            a[n + one][one] -= arb(k) / mass[one]
            a[n + one][other] += arb(k) / mass[one]
    for site, temperature, white, _ in baths:
        a[n + site][n + site] -= arb(white) / mass[site]
        q[n + site] += 2 * arb(white) * arb(temperature) / mass[site] ** 2
    for index, (b, c, r) in enumerate(terms):
        row, site = 2 * n + index, baths[b][0]
        a[row][row] = -arb(r)
        a[row][n + site] = -arb(c)
        a[n + site][row] = 1 / mass[site]
        q[row] = 2 * arb(r) * arb(c) * arb(baths[b][1])
    place, count = {}, 0
    for i in range(size):
        for j in range(i + 1):
            place[i, j] = place[j, i] = count
            count += 1
    rows = [[arb(0)] * count for _ in range(count)]
    right = [[arb(0)] for _ in range(count)]
    for i in range(size):
        for j in range(i + 1):
            row = rows[place[i, j]]
            for k in range(size):
                if a[i][k] != 0:
                    row[place[k, j]] += a[i][k]
                if a[j][k] != 0:
                    row[place[k, i]] += a[j][k]
            if i == j:
                right[place[i, i]][0] = -q[i]
    try:
        x = arb_mat(rows).solve(arb_mat(right))
    except ZeroDivisionError:
        return None
    value = lambda i, j: x[place[i, j], 0]
    heats = []
    for b, (site, temperature, white, _) in enumerate(baths):
        v = n + site
        heat = arb(white) / mass[site] * (arb(temperature) - mass[site] * value(v, v))
        for index, (of, _, _) in enumerate(terms):
            if of == b:
                heat += value(2 * n + index, v)
        heats.append(heat)
    temperatures = [mass[i] * value(n + i, n + i) for i in range(n)]
    currents = [arb(k) * value(i, n + j) for i, j, k in bonds]
    everything = heats + temperatures + currents
    if any(not (y.rel_accuracy_bits() > 70 or abs(y) < arb(10) ** -90) for y in everything):
        return None
    text = lambda ys: " ".join("0" if abs(y) < arb(10) ** -90 else y.mid().str(19, radius=False) for y in ys)
    return text(heats), text(temperatures), text(currents)


def draw(rng, kind):
    def number(low, high):
        return float(repr(10 ** rng.uniform(low, high)))

    wide = kind % 3 == 2
    n = rng.choice([1, 2, 3, 4, 5, 6])
    same = rng.random() < 0.25  # equal masses and springs: degenerate modes
    mass, spring, pin = number(-3, 3), number(-3, 3), number(-6, 3)
    masses = [mass if same else mass * number(-1, 1) for _ in range(n)]
    pairs = {(rng.randrange(j), j) for j in range(1, n)}
    for _ in range(rng.randint(0, n)):
        i, j = sorted((rng.randrange(n), rng.randrange(n)))
        if i != j:
            pairs.add((i, j))
    spread = 4 if wide else 1
    bonds = [(i, j, spring if same else spring * number(-spread, spread)) for i, j in sorted(pairs)]
    held = [(pin if same else pin * number(-1, 1)) if same or rng.random() < 0.5 else 0.0 for _ in range(n)]
    if not any(held):
        held[0] = pin
    baths = []
    for _ in range(rng.choice([2, 2, 3, 4])):
        scale = (mass * spring) ** 0.5 * (number(-8, 8) if wide else number(-4, 2))
        terms = []
        if kind % 2:
            for _ in range(rng.randint(1, 2)):
                rate = (spring / mass) ** 0.5 * number(-3, 3)
                terms.append((scale * rate, rate))
            scale = 0.0 if rng.random() < 0.6 else scale
        terms.sort(key=lambda t: t[1])
        baths.append((rng.randrange(n), round(rng.uniform(0.5, 20), 3), scale, terms))
    return masses, bonds, held, baths


def main():
    rng = random.Random(14)
    print("# By Scripts/reference-networks/reference.py, a network a line. Masses | springs: site site stiffness | stiffness that")
    print("# holds every site | baths: site temperature friction terms, each amplitude rate | heat from every bath | kinetic")
    print("# temperatures | heat through every spring. Sites are counted from 0.")
    written = 0
    while written < 300:
        network = draw(rng, written)
        found, ctx.prec = None, 400
        while found is None and ctx.prec < 4000:
            found = solved(network)
            ctx.prec *= 2
        if found is None:  # a mode that no bath reaches
            continue
        masses, bonds, held, baths = network
        flat = lambda rows: " ".join(repr(x) for row in rows for x in row)
        told = " ".join(
            " ".join([str(b[0]), repr(b[1]), repr(b[2]), str(len(b[3])), *(repr(x) for t in b[3] for x in t)]) for b in baths)
        parts = [" ".join(map(repr, masses)), flat(bonds), " ".join(map(repr, held)), told, *found]
        print(" | ".join(parts), flush=True)
        written += 1


if __name__ == "__main__":
    main()
