#!/usr/bin/env python3
"""Reference currents of harmonic chains in hundreds of digits: what Tests/Reference/chains.txt holds.

The transmission integral of a chain is that of a rational function, (1/2 pi) int |B(iw)/A(iw)|² dw with A Hurwitz, and has a
closed form by the recursion of Aastroem, Jury and Agniel (K. J. Aastroem, Introduction to Stochastic Control Theory, 1970,
ch. 5): no quadrature, no eigenvalues. The digits are doubled until the value stands still.

    python3 reference.py write > ../../Tests/Reference/chains.txt       the table (needs mpmath)
    python3 reference.py check < LINES                                   the value of chains given as in the table
"""
import random
import sys

from mpmath import besseli, mp, mpf, pi, sqrt


def times(a, b):
    out = [mpf(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                out[i + j] += x * y
    return out


def plus(a, b):
    if len(a) < len(b):
        a, b = b, a
    out = list(a)
    for i, y in enumerate(b):
        out[i] += y
    return out


def scaled(c, a):
    return [c * x for x in a]


def square_integral(b, a):
    """(1/2 pi) int |B(iw)/A(iw)|² dw; coefficients ascending, A Hurwitz of degree n, B of lower degree."""
    while len(a) > 1 and a[0] == 0 and (not b or b[0] == 0):  # a free translation
        a, b = a[1:], b[1:]
    n = len(a) - 1
    a = a[::-1]
    b = [mpf(0)] * (n - len(b)) + b[::-1]
    total = mpf(0)
    while n > 0:
        alpha, beta = a[0] / a[1], b[0] / a[1]
        total += beta * beta / (2 * alpha)
        new_a, new_b = [], []
        for i in range(n):
            shift_a = a[i + 2] if i + 2 <= n else mpf(0)
            new_a.append(a[i + 1] - (alpha * shift_a if i % 2 == 1 else 0))
            if i < n - 1:
                new_b.append(b[i + 1] - (beta * a[i + 2] if i % 2 == 1 and i + 2 <= n else 0))
        a, b, n = new_a, new_b, n - 1
    return total


class Chain:
    """mass, spring, left and right pinning, sites, baths: (site, temperature, friction) or (site, temperature, particles)."""

    def __init__(self, fields, memory):
        f = fields
        self.mass, self.spring = mpf(float(f[0])), mpf(float(f[1]))
        self.pins = mpf(float(f[2])), mpf(float(f[3]))
        self.sites, count = int(f[4]), int(f[5])
        self.baths = []
        i = 6
        for _ in range(count):
            site, kind, temperature = int(f[i]), f[i + 1], mpf(float(f[i + 2]))
            if kind == "L":
                self.baths.append((site, temperature, mpf(float(f[i + 3])), [], mpf(0)))
                i += 4
            else:
                number = int(f[i + 3])
                friction, coupling, strength, sharpness, ring = (mpf(float(x)) for x in f[i + 4 : i + 9])
                tau = friction * ring**2 / (4 * pi**2 * temperature)
                size = 2 * number * coupling**2 * strength**2 / temperature
                terms, shift, n = [], mpf(0), 1
                while True:
                    weight = (besseli(n, sharpness) / besseli(0, sharpness)) ** 2
                    if n > 1 and weight < mpf(10) ** -26 * terms[0][0] / size:
                        break
                    terms.append((size * weight, n * n / tau))
                    shift -= size * weight
                    n += 1
                white = mpf(0)
                if not memory:
                    white, terms = sum(a / r for a, r in terms), []
                self.baths.append((site, temperature, white, terms, shift))
                i += 9
        self.polynomials()

    def polynomials(self):
        n = self.sites
        self.numerator, self.denominator = {}, {}
        for site in range(1, n + 1):
            stiffness = self.spring * ((site > 1) + (site < n))
            stiffness += self.pins[0] if site == 1 else self.pins[1] if site == n else 0
            here = [b for b in self.baths if b[0] == site]
            stiffness += sum(b[4] for b in here)
            p, q = [stiffness, sum((b[2] for b in here), mpf(0)), self.mass], [mpf(1)]
            for b in here:
                for amplitude, rate in b[3]:
                    p = plus(times(p, [rate, mpf(1)]), scaled(amplitude, times([mpf(0), mpf(1)], q)))
                    q = times(q, [rate, mpf(1)])
            self.numerator[site], self.denominator[site] = p, q
        square = self.spring**2
        left = {0: [mpf(1)], -1: [mpf(0)]}
        for s in range(1, n + 1):
            other = times(left[s - 2], self.denominator[s - 1]) if s > 1 else [mpf(0)]
            left[s] = plus(times(self.numerator[s], left[s - 1]), scaled(-square, times(self.denominator[s], other)))
        right = {n + 1: [mpf(1)], n + 2: [mpf(0)]}
        for s in range(n, 0, -1):
            other = times(right[s + 2], self.denominator[s + 1]) if s < n else [mpf(0)]
            right[s] = plus(times(self.numerator[s], right[s + 1]), scaled(-square, times(self.denominator[s], other)))
        self.left, self.right = left, right

    def stable(self):
        diagonal = [self.numerator[s][0] / self.denominator[s][0] for s in range(1, self.sites + 1)]
        pivot = diagonal[0]
        for s in range(1, self.sites):
            if pivot <= 0:
                return False
            pivot = diagonal[s] - self.spring**2 / pivot
        return pivot > 0 or self.free()

    def free(self):
        return self.pins == (0, 0) and all(b[4] == 0 for b in self.baths)

    def integral(self, j, b, factors_at_j):
        """(1/2 pi) int w² |root Re g_b| ² |G_jb|² [Re g_j] dw over all w, j a site, b a bath."""
        site, _, white, terms, _ = self.baths[b]
        low, high = min(j, site), max(j, site)
        base = times([mpf(0), self.spring ** (high - low)], times(self.left[low - 1], self.right[high + 1]))
        for s in range(low, high + 1):
            base = times(base, self.denominator[s])
        def roots(white, terms):
            return ([(sqrt(white), None)] if white else []) + [(sqrt(a * r), r) for a, r in terms]
        total = mpf(0)
        whole = self.left[self.sites]
        if self.free():
            whole = [mpf(0)] + whole[1:]
        for c, rate in roots(white, terms):
            for d, other in (roots(*factors_at_j) if factors_at_j else [(mpf(1), None)]):
                numerator = scaled(c * d, base)
                denominator = whole
                for r in (rate, other):
                    if r is not None:
                        denominator = times(denominator, [r, mpf(1)])
                total += square_integral(numerator, denominator)
        return total

    def currents(self):
        out = [mpf(0)] * len(self.baths)
        for a in range(len(self.baths)):
            for b in range(a + 1, len(self.baths)):
                bias = self.baths[a][1] - self.baths[b][1]
                if not bias:
                    continue
                heat = bias * 2 * self.integral(self.baths[a][0], b, (self.baths[a][2], self.baths[a][3]))
                out[a] += heat
                out[b] -= heat
        return out

    def temperatures(self):
        parts = [[2 * self.mass * self.integral(j, b, None) for b in range(len(self.baths))] for j in range(1, self.sites + 1)]
        assert all(abs(sum(row) - 1) < mpf(10) ** -15 for row in parts), "equipartition"
        return [sum(c * b[1] for c, b in zip(row, self.baths)) for row in parts]


def converged(fields, memory, what):
    digits, last = 120, None
    while digits < 2000:
        mp.dps = digits
        chain = Chain(fields, memory)
        if not chain.stable():
            return None
        try:
            now = getattr(chain, what)()
        except (ZeroDivisionError, AssertionError):
            now = None
        if now is not None and last is not None and all(abs(x - y) <= mpf(10) ** -22 * abs(x) for x, y in zip(now, last)):
            return now
        last, digits = now, 2 * digits
    raise RuntimeError("no convergence: " + " ".join(fields))


def number(rng, low, high):
    return repr(rng.uniform(1, 10) * 10 ** rng.uniform(low, high - 1) if high > low else 0.0)


def draw(rng, kind):
    wide = kind == 4
    mass, spring = number(rng, -6, 6), number(rng, -12 if wide else -6, 12 if wide else 6)
    pins = [number(rng, -12 if wide else -10, 10 if wide else 2) for _ in range(2)]
    if rng.random() < 0.15:
        pins[1] = pins[0]
    if rng.random() < 0.1:
        pins[rng.randrange(2)] = "0.0"
    sites = rng.choice([1, 2, 2, 3, 4, 5, 6, 8, 12, 20] if kind != 3 else [1, 2, 3, 4, 6])
    if sites == 1:
        pins[1] = pins[0]
    count = 3 if kind == 2 else 2
    places = [rng.randint(1, sites) for _ in range(count)] if kind in (1, 2) else [1, sites]
    out = [mass, spring, *pins, str(sites), str(count)]
    for index, place in enumerate(sorted(places)):
        temperature = repr(round(rng.uniform(0.5, 20), 3))
        if kind == 3 and index == 0:
            count = rng.choice([1, 10, 40])
            softening = 10 ** rng.uniform(-8, 0) * max(float(pins[0]), 1e-9)
            sharpness = rng.choice([0.2, 0.5, 1.0, 2.0])
            variance = 2 * sum(float(besseli(n, sharpness) / besseli(0, sharpness)) ** 2 for n in range(1, 12))
            coupling = (softening * float(temperature) / (count * variance)) ** 0.5
            out += [str(place), "P", temperature, str(count), number(rng, -6, 6), repr(coupling), "1.0", repr(sharpness), number(rng, -1, 2)]
        else:
            out += [str(place), "L", temperature, number(rng, -8, 8)]
    return out


def main():
    mp.dps = 30
    if sys.argv[1] == "check":
        for line in sys.stdin:
            f = line.split()
            for what in ("currents", "temperatures"):
                found = converged(f[1:], len(sys.argv) > 2, what)
                print(f[0], what, *(["-"] if found is None else [mp.nstr(x, 20) for x in found]), flush=True)
        return
    rng = random.Random(11)
    print("# By Scripts/reference-chains/reference.py. Chain, then the heat from every bath (markov, memory), then the kinetic")
    print("# temperatures of the first chains: mass spring pinning pinning sites baths, each site L T friction, or")
    print("# site P T count friction coupling strength sharpness ring")
    written = 0
    while written < int(sys.argv[2]) if len(sys.argv) > 2 else written < 1000:
        fields = draw(rng, written % 5)
        try:
            markov = converged(fields, False, "currents")
        except RuntimeError:  # a mode that no bath touches: A has imaginary roots
            continue
        if markov is None:  # buckled
            continue
        parts = [" ".join(fields), " ".join(mp.nstr(x, 18) for x in markov)]
        memory = converged(fields, True, "currents") if "P" in fields else None
        parts.append(" ".join(mp.nstr(x, 18) for x in memory) if memory else "-")
        few = int(fields[4]) <= 6 and written % 4 == 0
        parts.append(" ".join(mp.nstr(x, 18) for x in converged(fields, False, "temperatures")) if few else "-")
        print(" | ".join(parts), flush=True)
        written += 1


if __name__ == "__main__":
    main()
