#!/bin/bash
# Tries the release that `make dist` made as somebody who has nothing but a bare Debian 12: in a root of its own without Swift, in
# a folder whose name has a blank. Compares its numbers with those of the program that was built here.
#
#   Scripts/release-test.sh        after make dist
#
# As root, with debootstrap: the bare root is made once, in .build-dist/bare-root (25 s, 200 MB; its packages from
# DEBIAN_MIRROR, or deb.debian.org). Without root, or where it cannot be had, the same is tried on this system with an empty
# environment, and it says so in the end.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=$PWD/.build/release/ness release=$(cat dist/newest) bare=$PWD/.build-dist/bare-root
place=$(mktemp -d)
# What is mounted below is private to this process and goes with it.
if [ "$(id -u)" = 0 ] && [ -z "${NESS_OWN_MOUNTS:-}" ] && unshare -m true 2>/dev/null; then
  rmdir "$place"
  NESS_OWN_MOUNTS=yes exec unshare -m "$0"
fi
made=$place server=
# What is wrong here must not change how the test ended.
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$made" || true' EXIT

skipped=""
if [ -n "${NESS_OWN_MOUNTS:-}" ] && command -v debootstrap >/dev/null; then
  if [ ! -e "$bare/made" ]; then
    rm -rf "$bare"
    mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
    if debootstrap --variant=minbase bookworm "$bare" "$mirror" >"$place/debootstrap" 2>&1; then touch "$bare/made"
    else tail -3 "$place/debootstrap"; rm -rf "$bare"; fi
  fi
fi
if [ -e "$bare/made" ] && [ -n "${NESS_OWN_MOUNTS:-}" ]; then
  mount -t proc proc "$bare/proc"
  mkdir -p "$bare/try"
  mount --bind "$place" "$bare/try"
  place=/try outside=$bare/try
  within=(chroot "$bare" env --default-signal=INT -i PATH=/usr/bin:/bin HOME=/try LC_ALL=C.UTF-8)
else
  skipped="$skipped bare-root(needs:root,debootstrap)"
  outside=$place
  within=(env --default-signal=INT -i PATH=/usr/bin:/bin HOME="$outside" LC_ALL=C.UTF-8)
fi
folder="$place/an odd place"
mkdir -p "$outside/an odd place"
tar -xzf "$release.tar.gz" -C "$outside/an odd place"
home="$folder/$(basename "$release")"
ness=$home/bin/ness library=$home/lib/ness
ok() { echo "ok: $1"; }
fail() { echo "release-test: $1" >&2; exit 1; }

[ -z "$("${within[@]}" sh -c 'command -v swift gnuplot || true')" ] || [ -n "$skipped" ] || fail "the bare root is not bare"
number() { grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -1; }
[ "$("${within[@]}" "$ness" --version | number)" = "$("$tree" --version | number)" ] || fail "not the version that was built here"
ok "$("${within[@]}" "$ness" --version | head -1), from \"$home\""

# The dynamic linker takes the best engines that the processor has, and lesser ones where it has not (as the tunables pretend).
declare -A engine=([x86-64-v2]=$library/libNessEngine.so)
for level in x86-64-v3 x86-64-v4; do engine[$level]=$library/glibc-hwcaps/$level/libNessEngine.so; done
best=$("${within[@]}" /lib64/ld-linux-x86-64.so.2 --help | sed -n 's/^ *\(x86-64-v[234]\) (supported, searched)/\1/p' | head -1)
loaded() { "${within[@]}" LD_TRACE_LOADED_OBJECTS=1 "$@" "$ness" | sed -n 's/.*libNessEngine.so => \(.*\) (.*/\1/p'; }
levels=(x86-64-v2)
[ "$best" = x86-64-v2 ] || levels+=(x86-64-v3)
[ "$best" != x86-64-v4 ] || levels+=(x86-64-v4)
declare -A without=([x86-64-v3]="-AVX512F" [x86-64-v2]="-AVX2,-AVX512F")
for level in "${levels[@]}"; do
  [ "$level" != "$best" ] || continue
  found=$(loaded GLIBC_TUNABLES=glibc.cpu.hwcaps="${without[$level]}")
  [ "$("${within[@]}" realpath "$found")" = "${engine[$level]}" ] || fail "$level: the dynamic linker took ${found:-nothing}"
done
[ "$("${within[@]}" realpath "$(loaded)")" = "${engine[$best]}" ] || fail "not the best engines of this processor, $best"
ok "the dynamic linker chooses among: ${levels[*]}"

# Same experiment, same bytes: every level, and the program that was built here.
sed -e 's/duration: .*/duration: 6.0/' -e 's/burnIn: .*/burnIn: 4.0/' Examples/hot-particles.yaml >"$outside/particles.yaml"
sed -e 's/seed: 1/seed: 2/' "$outside/particles.yaml" >"$outside/other-seed.yaml"
cp Examples/three-baths.yaml Examples/quantum-box.yaml Examples/classical-box.yaml "$outside/"
for level in "${levels[@]}"; do # a folder for each, which goes before the choice of the dynamic linker
  mkdir "$outside/$level" && ln -s "${engine[$level]}" "$outside/$level/"
done
numbers() { # LEVEL FILE: the result as JSON
  "${within[@]}" LD_LIBRARY_PATH="$place/$1" "$ness" run "$place/$2.yaml" --store "$place/store-$2-$1" --format json --quiet
}
for file in particles three-baths classical-box; do
  "$tree" run "$outside/$file.yaml" --store "$outside/store-$file" --format json --quiet >"$outside/$file.json"
  for level in "${levels[@]}"; do
    numbers "$level" $file >"$outside/$file-$level.json"
    cmp "$outside/$file.json" "$outside/$file-$level.json" || fail "$file: $level and the program built here differ"
  done
done
! cmp -s "$outside/particles.json" <(numbers "$best" other-seed) || fail "another seed gives the same bytes: nothing was compared"
ok "the same bytes by ${levels[*]} and by the program that was built here"

# Exact theory, in whole.
for file in particles quantum-box; do
  "$tree" theory "$outside/$file.yaml" --format json >"$outside/theory-$file.json"
  "${within[@]}" "$ness" theory "$place/$file.yaml" --format json | cmp - "$outside/theory-$file.json" || fail "theory of $file differs"
done
ok "exact theory, the same bytes"

# A run that is killed on one kind of machine goes on upon another.
sed -e 's/duration: .*/duration: 6000.0/' -e 's/values: .*/values: [20.0]/' Examples/hot-particles.yaml >"$outside/long.yaml"
long() { # LEVEL STORE: the program itself, so that it is what is killed
  exec "${within[@]}" LD_LIBRARY_PATH="$place/$1" "$ness" run "$place/long.yaml" --store "$place/$2" --format json --quiet
}
(long "$best" store-whole) >"$outside/whole.json"
size() { stat -c %s "$outside/store-killed/results.sqlite-wal" 2>/dev/null || echo 0; } # grows as a state is kept
for level in "${levels[@]}"; do
  (long "$level" store-killed) >"$outside/pieces.json" 2>"$outside/errors" &
  process=$! before=$(size)
  tries=0 # until a state was kept, not for a time: machines differ
  while [ "$(size)" -lt $((before + 100000)) ] && [ $tries -lt 1200 ] && kill -0 $process 2>/dev/null; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -9 $process 2>/dev/null || fail "the run ended before it could be killed: make it longer"
  wait $process 2>/dev/null || true
  [ "$(size)" -ge $((before + 100000)) ] || fail "$level keeps no state: $(cat "$outside/errors")"
done
(long "$best" store-killed) >"$outside/pieces.json"
cmp "$outside/whole.json" "$outside/pieces.json" || fail "killed once by each, ended by $best: other bytes"
ok "killed (kill -9) once each by ${levels[*]}, ended by $best: the same bytes"

# Without gnuplot a figure is refused in words.
if [ -z "$("${within[@]}" sh -c 'command -v gnuplot || true')" ]; then
  status=0
  "${within[@]}" "$ness" plot "$place/particles.yaml" --store "$place/store-plot" --output "$place/figures" >"$outside/plot" 2>&1 || status=$?
  if [ $status != 1 ] || ! grep -q gnuplot-nox "$outside/plot"; then
    fail "plot without gnuplot: status $status, $(cat "$outside/plot")"
  fi
  ok "a plot without gnuplot says which package to install"
fi

fetch() { python3 -c 'import sys, urllib.request as u; sys.stdout.buffer.write(u.urlopen(sys.argv[1], timeout=20).read())' "$1"; }
# The explorer answers from the folder of the release, and ends on Ctrl-C.
"${within[@]}" "$ness" serve --port 0 --no-token --store "$place/store-serve" >"$outside/address" 2>"$outside/serve" &
server=$!
for _ in $(seq 1 100); do grep -q http "$outside/address" && break; sleep 0.1; done
address=$(grep -om1 'http://[^ ]*[0-9]' "$outside/address") || fail "serve: $(cat "$outside/serve")"
fetch "$address/" | grep -qi '<html' || fail "serve: no page"
fetch "$address/api/openapi.json" | grep -q '"openapi"' || fail "serve: no description of the API"
kill -INT $server
for _ in $(seq 1 100); do kill -0 $server 2>/dev/null || break; sleep 0.1; done
! kill -0 $server 2>/dev/null || fail "serve does not end on Ctrl-C"
server=
ok "the explorer answers, and ends on Ctrl-C"

# Manual and completions know every command.
commands=$("$tree" --experimental-dump-help | python3 -c '
import json, sys
print(*[c["commandName"] for c in json.load(sys.stdin)["command"]["subcommands"] if c["shouldDisplay"]])')
share="$outside/an odd place/$(basename "$release")/share"
for command in $commands; do
  grep -q "^\.SS ness $command\$" "$share/man/man1/ness.1" || fail "the manual does not know $command"
  for file in bash-completion/completions/ness zsh/site-functions/_ness fish/vendor_completions.d/ness.fish; do
    grep -qw "$command" "$share/$file" || fail "$file does not know $command"
  done
done
completed=$(bash -c 'source "$1"; COMP_WORDS=(ness the) COMP_CWORD=1 COMP_LINE="ness the" COMP_POINT=8; _ness ness the ness; echo "${COMPREPLY[*]}"' - \
  "$share/bash-completion/completions/ness" 2>/dev/null)
[ "${completed% }" = theory ] || fail "bash completes \"ness the\" to \"$completed\""
for shell in zsh fish; do
  command -v $shell >/dev/null || { skipped="$skipped $shell"; continue; }
  file=$share/zsh/site-functions/_ness
  [ $shell = zsh ] || file=$share/fish/vendor_completions.d/ness.fish
  $shell -n "$file" || fail "$shell cannot read its completions"
done
if command -v mandoc >/dev/null; then mandoc -T lint -W error "$share/man/man1/ness.1" || fail "the manual page is faulty"; fi
ok "manual and completions know all commands: $(wc -w <<<"$commands")"

# make install and make uninstall, beside what is somebody else's.
prefix="$outside/pre fix"
mkdir -p "$prefix/share/man" && echo mine >"$prefix/share/man/mine"
for _ in 1 2; do Scripts/install.sh install "$release" "$prefix" >/dev/null; done
"${within[@]}" "$place/pre fix/bin/ness" theory "$place/particles.yaml" --format json | cmp - "$outside/theory-particles.json"
Scripts/install.sh uninstall "$prefix" >/dev/null
[ "$(cd "$prefix" && find . -type f)" = ./share/man/mine ] || fail "uninstall left something, or took what is not its own"
ok "installed, and removed again without a trace"

[ -z "$skipped" ] || echo "release-test: NOT TRIED:$skipped"
