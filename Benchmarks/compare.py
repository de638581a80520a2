"""Ness beside the programs one would write instead: the same work, alternating, on one core of one machine.

Every program prints one JSON line with its time and the physics it found. Times are processor time, so that a busy
machine disturbs them little; the ratio is the median over the rounds of peer over Ness. A peer whose physics disagrees
with Ness is said so, and the exit status is 1. In the quick comparison, the default, runs are shorter, rounds fewer, and
programs that need more than twice the time of Ness run once."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def processors(compiler):
    """What to compile for: this machine and, where it has AVX-512, AVX2 as well, which is faster on some."""
    known = subprocess.run([compiler, "-march=native", "-dM", "-E", "-x", "c", os.devnull],
                           capture_output=True, text=True).stdout
    return ["native", "x86-64-v3"] if "__AVX512F__" in known else ["native"]


def compiled(source, folder):
    """Commands of a C++ peer, one for every set of vector instructions; none where there is no compiler."""
    compiler = shutil.which(os.environ.get("CXX", "g++"))
    if not compiler:
        print(f"{source} is skipped: no g++ found (set CXX to another compiler)")
        return []
    commands = []
    for processor in processors(compiler):
        program = os.path.join(folder, f"{os.path.splitext(source)[0]}-{processor}")
        if not os.path.exists(program):
            subprocess.run([compiler, "-std=c++17", "-O3", f"-march={processor}", "-mprefer-vector-width=512",
                            "-ffast-math", "-fopenmp-simd", "-Wno-psabi", os.path.join(HERE, "peers", source),
                            "-o", program], check=True)
        commands.append([program])
    return commands


def workloads(ness, python, folder, full):
    def peer(script, *options):
        return [python, os.path.join(HERE, "peers", script), *options]

    def own(*options):
        return [ness, "bench", "--format", "json", *options]

    def long_chain(name, beta):
        same = ["--warm", "1000000" if full else "100000", "--steps", "1000000"]
        native = [[*command, "--beta", beta, *same] for command in compiled("long_chain.cpp", folder)]
        return [own("--workload", name, *same), *native, peer("long_chain.py", "--beta", beta, *same)]

    def network(name):
        same = ["--warm", "100000", "--steps", "400000" if full else "100000"]
        return [own("--workload", f"W5-{name}", *same),
                *([*command, "--model", name, *same] for command in compiled("network.cpp", folder)),
                peer("network.py", "--model", name, *same)]

    def qubits(method, count):
        same = ["--method", method, "--qubits", count]
        return [own("--workload", "W7", *same), peer("qubits.py", *same)]

    # Programs start in different states, so only the steady state can be compared.
    steps = "200000" if full else "100000"
    steady = ["--steps", steps]
    return {
        "W1": [own("--workload", "W1", *steady, "--warm", steps),
               own("--workload", "W1", *steady, "--warm", steps, "--noise", "gaussian"),
               *([*command, *steady, "--warm", steps] for command in compiled("particle_bath.cpp", folder)),
               peer("particle_bath.py", *steady, "--discard", steps)],
        "W2-harm": long_chain("W2-harm", "0"),
        "W2-fput": long_chain("W2-fput", "1"),
        "W3 M=48": [own("--workload", "W3", "--levels", "48"),
                    own("--workload", "W3", "--levels", "48", "--method", "liouvillian"),
                    peer("quantum_box.py", "--method", "qutip", "--levels", "48")],
        "W3 M=64": [own("--workload", "W3", "--levels", "64"),
                    peer("quantum_box.py", "--method", "pauli", "--levels", "64"),
                    peer("quantum_box.py", "--method", "gth", "--levels", "64")],
        "W3 M=512": [own("--workload", "W3", "--levels", "512"),
                     peer("quantum_box.py", "--method", "pauli", "--levels", "512"),
                     peer("quantum_box.py", "--method", "gth", "--levels", "512")],
        "W4": [own("--workload", "W4"), peer("harmonic_chain.py")],
        "W5-phi4": network("phi4"),
        "W5-fk": network("fk"),
        "W5-rotor": network("rotor"),
        "W5-formula": network("formula"),
        "W5-rational": network("rational"),
        "W5-lattice": network("lattice"),
        "W7 davies N=5": qubits("davies", "5"),
        "W7 redfield N=5": qubits("redfield", "5"),
        "W7 local N=5": qubits("local", "5"),
        **({"W7 davies N=6": qubits("davies", "6"), "W7 local N=6": qubits("local", "6")} if full else {}),
        "W6": [own("--workload", "W6"), *compiled("hard_point_gas.cpp", folder)],
    }


def run(command, core):
    pinned = ["taskset", "-c", core, *command] if core and shutil.which("taskset") else command
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(pinned, env=environment, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1])


def cost(line):
    """Processor time and its unit."""
    if line["workload"] == "W6":
        return line["unit_ns"], "ns per collision"
    steps = "ns per site-step" if line["workload"].startswith(("W2", "W5")) else "ns per particle-step"
    for key, unit in (("unit_ns", steps), ("seconds_per_temp", "s per temperature")):
        if key in line:
            return line[key], unit
    return line["cpu_seconds"], "s"


def disagreement(reference, line):
    """What is wrong with the physics of a peer; None if nothing is."""
    if "J_se" in line and "J_se" not in reference:
        return "the reference is too short for an error bar"
    if "J_se" in line:
        error = (line["J_se"] ** 2 + reference["J_se"] ** 2) ** 0.5
        z = (line["J"] - reference["J"]) / error
        return f"J differs by {z:.1f} standard errors" if abs(z) > 4.9 else None
    for key in ("JL", "J_first", "J_last"):
        if key in line:
            share = abs(line[key] / reference[key] - 1)
            if share > 1e-6:
                return f"{key} differs by {share:.1e} of it"
    return None


def label(line):
    return " ".join([line["peer"], *([line["noise"]] if "noise" in line else [])])


def measure(commands, given):
    """The lines of every program of a workload, round after round; of the quick comparison None where it is left out."""
    first = [run(command, given.core) for command in commands]
    again = [given.full or cost(line)[0] <= 2 * cost(first[0])[0] for line in first]
    rounds = given.rounds or (5 if given.full else 3)
    return [first] + [[run(command, given.core) if wanted else None for command, wanted in zip(commands, again)]
                      for _ in range(rounds - 1)]


def compare(given, folder):
    """Measures and prints; returns the disagreements."""
    print(f"{'workload':15} {'program':18} {'median':>10} {'best':>10}  {'unit':21} {'over ness':>9}")
    wrong = []
    for name, commands in workloads(given.ness, given.python, folder, given.full).items():
        if not name.startswith(given.only):
            continue
        rounds = measure(commands, given)
        for index in range(len(commands)):
            lines = [(turn[index], turn[0]) for turn in rounds if turn[index]]
            costs = [cost(line)[0] for line, _ in lines]
            ratio = statistics.median(cost(line)[0] / cost(reference)[0] for line, reference in lines)
            first = rounds[0][index]
            fault = disagreement(rounds[0][0], first) if index else None
            print(f"{name:15} {label(first):18} {statistics.median(costs):10.3g} {min(costs):10.3g}  "
                  f"{cost(first)[1]:21} {ratio:9.3g}" + (f"  {fault}" if fault else ""), flush=True)
            if fault:
                wrong.append(f"{name} {label(first)}: {fault}")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ness", default=os.path.join(HERE, "..", ".build", "release", "ness"))
    arguments.add_argument("--python", default=sys.executable, help="interpreter that has requirements.txt installed")
    length = arguments.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="some minutes; the default")
    length.add_argument("--full", action="store_true", help="longer runs, five rounds of every program")
    arguments.add_argument("--rounds", type=int, help="left out, 3, or 5 with --full")
    arguments.add_argument("--core", default="1", help="core to pin to; empty for none")
    arguments.add_argument("--only", default="", help="workloads that begin with this, for example W3")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = compare(given, folder)
    if wrong:
        sys.exit("physics disagrees: " + "; ".join(wrong))


main()
