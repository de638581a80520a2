#!/usr/bin/env python3
"""Flips bits of a store, one at a time, and asks every command afterwards: none may crash, and none may give another number.

    Scripts/bit-flips.py FILE.yaml [STRIDE]      every STRIDE-th bit of the used part of the store (997; 1: all, which takes days)

The store holds the results of FILE.yaml and the state of a run of twice the duration that was ended on the way. After each
flip: list, show, export, merge, and the longer run, whose output must be that of an undisturbed one. Needs a built ness
(make build), or its path in NESS.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ness = os.environ.get("NESS", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.build/release/ness"))


def run(*arguments, allowed=(0, 2)):
    done = subprocess.run([ness, *arguments], capture_output=True, text=True, errors="replace")
    if done.returncode not in allowed:
        raise AssertionError(f"ness {' '.join(arguments)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def main():
    text = open(sys.argv[1]).read()
    stride = int(sys.argv[2]) if len(sys.argv) > 2 else 997
    longer = re.sub(r"(duration: *)([0-9.eE+]+)", lambda found: f"{found[1]}{2 * float(found[2])}", text)
    if longer == text:
        sys.exit("the file needs run.duration")
    place = tempfile.mkdtemp()
    os.chdir(place)
    open("short.yaml", "w").write(text)
    open("longer.yaml", "w").write(longer)
    run("run", "short.yaml", "--quiet", allowed=(0,))
    right = run("run", "longer.yaml", "--quiet", "--store", "undisturbed", allowed=(0,))
    process = subprocess.Popen([ness, "run", "longer.yaml", "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    process.wait()
    whole = open(".ness/results.sqlite", "rb").read()
    shown = {line for line in run("list", "--format", "json").splitlines()}
    rows = set(run("export", "--all", "--output", "all.csv") and open("all.csv").read().splitlines())
    names = re.findall(r'"id": "(\w+)"', "\n".join(shown))
    used = [place for place, byte in enumerate(whole) if byte]
    bits = range(0, 8 * len(used), stride)
    for count, bit in enumerate(bits):
        shutil.rmtree(".ness")
        os.mkdir(".ness")
        damaged = bytearray(whole)
        damaged[used[bit // 8]] ^= 1 << bit % 8
        open(".ness/results.sqlite", "wb").write(damaged)
        where = f"bit {bit % 8} of byte {used[bit // 8]}"
        try:
            shutil.rmtree("merged", ignore_errors=True)
            run("merge", ".ness", "--store", "merged")
            for store in [".ness", "merged"]:
                lines = run("list", "--format", "json", "--store", store).splitlines()
                if extra := {line.rstrip(",") for line in lines} - {line.rstrip(",") for line in shown} - {'{"results": []}'}:
                    raise AssertionError(f"list shows {extra}")
                for name in names:
                    run("show", name, "--store", store)
                if os.path.exists("all.csv"):
                    os.remove("all.csv")
                run("export", "--all", "--output", "all.csv", "--store", store)
                if os.path.exists("all.csv") and (extra := set(open("all.csv").read().splitlines()) - rows):
                    raise AssertionError(f"export writes {extra}")
            if run("run", "longer.yaml", "--quiet", allowed=(0,)) != right:
                raise AssertionError("the run gives another result")
        except AssertionError as error:
            sys.exit(f"{where}: {error}\nthe store is in {place}")
        if count % 100 == 99:
            print(f"{count + 1} of {len(bits)} bits", flush=True)
    shutil.rmtree(place)
    print(f"{len(bits)} bits: no crash, no other number")


main()
