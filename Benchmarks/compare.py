"""Ness beside the programs one would write instead: the same work, alternating, on one core of one machine.

Every program prints one JSON line with its time and the physics it found. Times are processor time, so that a busy
machine disturbs them little; the ratio is the median over the rounds of peer over Ness. A peer whose physics disagrees
with Ness is said so, and the exit status is 1."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def compiled(source, folder):
    """Command of a C++ peer, or nothing where there is no compiler."""
    compiler = shutil.which(os.environ.get("CXX", "g++"))
    if not compiler:
        print(f"{source} is skipped: no g++ found (set CXX to another compiler)")
        return []
    program = os.path.join(folder, os.path.splitext(source)[0])
    subprocess.run([compiler, "-std=c++17", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math",
                    "-Wno-psabi", os.path.join(HERE, "peers", source), "-o", program], check=True)
    return [[program]]


def workloads(ness, python, folder):
    def peer(script, *options):
        return [python, os.path.join(HERE, "peers", script), *options]

    def own(*options):
        return [ness, "bench", "--format", "json", *options]

    def long_chain(name, beta):
        same = ["--warm", "1000000", "--steps", "1000000"]
        native = [[*command, "--beta", beta, *same] for command in compiled("long_chain.cpp", folder)]
        return [own("--workload", name, *same), *native, peer("long_chain.py", "--beta", beta, *same)]

    # Programs start in different states, so only the steady state can be compared.
    steady = ["--steps", "200000"]
    return {
        "W1": [own("--workload", "W1", *steady, "--warm", "200000"),
               own("--workload", "W1", *steady, "--warm", "200000", "--noise", "gaussian"),
               *([*command, *steady, "--warm", "200000"] for command in compiled("particle_bath.cpp", folder)),
               peer("particle_bath.py", *steady, "--discard", "200000")],
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
    steps = "ns per site-step" if line["workload"].startswith("W2") else "ns per particle-step"
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


def compare(given, folder):
    """Measures and prints; returns the disagreements."""
    print(f"{'workload':9} {'program':18} {'median':>10} {'best':>10}  {'unit':21} {'over ness':>9}")
    wrong = []
    for name, commands in workloads(given.ness, given.python, folder).items():
        if not name.startswith(given.only):
            continue
        rounds = [[run(command, given.core) for command in commands] for _ in range(given.rounds)]
        for index in range(len(commands)):
            costs = [cost(lines[index])[0] for lines in rounds]
            ratio = statistics.median(cost(lines[index])[0] / cost(lines[0])[0] for lines in rounds)
            first = rounds[0][index]
            fault = disagreement(rounds[0][0], first) if index else None
            print(f"{name:9} {label(first):18} {statistics.median(costs):10.3g} {min(costs):10.3g}  "
                  f"{cost(first)[1]:21} {ratio:9.3g}" + (f"  {fault}" if fault else ""), flush=True)
            if fault:
                wrong.append(f"{name} {label(first)}: {fault}")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ness", default=os.path.join(HERE, "..", ".build", "release", "ness"))
    arguments.add_argument("--python", default=sys.executable, help="interpreter that has requirements.txt installed")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--core", default="1", help="core to pin to; empty for none")
    arguments.add_argument("--only", default="", help="workloads that begin with this, for example W3")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = compare(given, folder)
    if wrong:
        sys.exit("physics disagrees: " + "; ".join(wrong))


main()
