#!/usr/bin/env bash
# Ness as a package that another one depends on: by a version in a repository, as its users name it, so that what a dependent may
# not build (unsafe flags) is noticed. The program of Examples/swift is built there without any of this project's settings, for
# every processor of the kind; its numbers are those of the command of this machine, byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
ness=$PWD/.build/release/ness
[ -x "$ness" ] || { echo "$ness is not there: make build" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What git knows and what is new, as one commit with a version.
mkdir "$work/ness"
git ls-files --cached --others --exclude-standard -z | tar --create --null --files-from=- --ignore-failed-read 2>/dev/null |
  tar --extract --directory "$work/ness"
cp -r Examples/swift "$work/program"
cd "$work/ness"
git init -q && git add -A && git -c user.name=ness -c user.email=ness@localhost commit -q -m "To be depended on"
git tag 0.2.0
cd "$work/program"
sed -i.before "s#\.package(name: \"ness\", path: \"../..\")#.package(url: \"file://$work/ness\", from: \"0.2.0\")#" Package.swift
grep -q file:// Package.swift
# As a program is built while it is written, without optimisation: that takes three fifths of the time, and the bytes are the same.
env -u NESS_CPU "$swift" build >build.log 2>&1 || { tail -n 40 build.log >&2; exit 1; }
# The OpenBLAS kernels of the command, which a program has to be started with (Documentation/Install.md).
export OPENBLAS_CORETYPE=Nehalem
[ "$(uname -m)" = x86_64 ] || OPENBLAS_CORETYPE=ARMV8
.build/debug/HeatCurrent
.build/debug/HeatCurrent --yaml >study.yaml
.build/debug/HeatCurrent --json >library.json
"$ness" run study.yaml --format json --quiet >command.json
cmp library.json command.json
echo "the library gives the bytes of the command"
