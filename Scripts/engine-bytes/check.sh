#!/bin/sh
# The engine's kernels on several instruction sets: AVX-512, AVX2, plain x86-64, and arm64 under emulation. All must leave the
# same bytes. What is missing here is skipped; Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
include=$here/../../Sources/CVectorMath/include
clang=${CLANG:-$(dirname "$(command -v swift)")/clang}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
first=
report() {
  printf '%-10s %s\n' "$1" "$2"
  [ -z "$first" ] && first=$2
  [ "$first" = "$2" ] || { echo "$1 differs" >&2; exit 1; }
}
for processor in native x86-64-v4 x86-64-v3 x86-64; do
  "$clang" -O2 -Wno-psabi -march=$processor -I "$include" "$here/engine.c" -lm -o "$place/engine" 2>/dev/null || continue
  result=$("$place/engine") || { echo "$processor cannot run here"; continue; }
  report "$processor" "$result"
done
if command -v qemu-aarch64 >/dev/null && command -v aarch64-linux-gnu-gcc >/dev/null; then
  "$clang" --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include -O2 -I "$include" -c "$here/engine.c" \
    -o "$place/engine.o"
  aarch64-linux-gnu-gcc "$place/engine.o" -lm -o "$place/engine"
  report arm64 "$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$place/engine")"
fi
[ -n "$first" ] || { echo "nothing could be built: set CLANG" >&2; exit 1; }
