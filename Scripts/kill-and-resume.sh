#!/bin/bash
# Kills a run at random moments (kill -9), again and again, until it comes to its end, and compares its numbers with those
# of a run that nobody disturbed: they must be equal to the last byte.
#
#   Scripts/kill-and-resume.sh FILE.yaml [KILLS] [SECONDS]     at least KILLS kills (200), each within SECONDS (3)
#
# Starts anew with another seed as often as needed to reach the number of kills. Needs a built ness (make build).
set -u
file=${1:?an experiment file} kills=${2:-200} longest=${3:-3}
ness=${NESS:-$(dirname "$0")/../.build/release/ness}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
killed=0 runs=0
while [ "$killed" -lt "$kills" ]; do
  runs=$((runs + 1))
  sed "s/^\( *seed:\).*/\1 $runs/" "$file" >"$place/experiment.yaml"
  "$ness" run "$place/experiment.yaml" --store "$place/whole-$runs" --format json --quiet >"$place/whole.json" || exit 1
  here=0
  while :; do
    "$ness" run "$place/experiment.yaml" --store "$place/pieces-$runs" --format json --quiet \
      >"$place/pieces.json" 2>"$place/errors" &
    process=$!
    sleep "$(awk -v s="$RANDOM" -v l="$longest" 'BEGIN { print 0.02 + l * s / 32768 }')"
    if kill -9 "$process" 2>/dev/null; then
      wait "$process" 2>/dev/null && break # it had just come to its end
      here=$((here + 1))
    else
      wait "$process" || { cat "$place/errors"; exit 1; }
      break
    fi
    [ "$here" -lt 2000 ] || { echo "run $runs does not come to an end"; exit 1; }
  done
  cmp "$place/whole.json" "$place/pieces.json" || { echo "run $runs differs after $here kills"; exit 1; }
  killed=$((killed + here))
  echo "run $runs: the same bytes after $here kills ($killed in all)"
done
