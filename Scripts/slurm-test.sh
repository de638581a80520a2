#!/bin/bash
# Sweeps on a real Slurm of two nodes: a node dies, another is taken down, tasks are cancelled, a time limit is far too
# short, memory or processors do not suffice. In the end everything must be finished, nothing finished computed twice, and
# the bytes those of a local run. It waits for what happens and asserts nothing about when, so it passes on a slow and busy
# machine as well; a wait that takes half an hour fails.
#
#   Scripts/slurm-test.sh      needs root, slurm-wlm and munge, and a built ness (make build; or NESS=path)
set -u
here=$(cd "$(dirname "$0")" && pwd)
ness=$(realpath "${NESS:-$here/../.build/release/ness}")
place=$(mktemp -d)
cluster=$place/cluster
export SLURM_CONF=$cluster/slurm.conf
trap 'sh "$here/slurm-cluster.sh" stop "$cluster"; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
cd "$place" || exit 1

fail() { echo "FAILED: $*" >&2; "$ness" status >&2; squeue --states=all >&2; tail -n 3 .ness/jobs/*/log/* >&2; exit 1; }
# Tasks that are started again wait for two minutes, so that all of their last start is gone: here a second must do.
waiting() { squeue --noheader --array --states=PENDING --format='%i %r' | sed -n 's/ BeginTime$//p' | sort; }
hurry() {
  local before
  before=$(waiting)
  sleep 1
  for job in $(comm -12 <(echo "$before") <(waiting)); do scontrol update JobId="$job" StartTime=now 2>/dev/null; done
}
active() { squeue --noheader --array --states=PENDING,RUNNING,COMPLETING,CONFIGURING | wc -l; }
# until_true WORDS COMMAND...   waits for a command to succeed.
until_true() {
  local words=$1 start=$SECONDS
  shift
  until "$@"; do
    [ $((SECONDS - start)) -lt 1800 ] || fail "$words"
    sleep 0.2
  done
}
is_empty() { [ "$(active)" = 0 ] || { hurry; false; }; }
wait_all() { until_true "the queue does not empty" is_empty; }
finished() { "$ness" status "$1" --format json | sed -n 's/^ *"finished": \([0-9]*\),$/\1/p' | head -1; }
has_finished() { [ "$(finished "$1")" -ge "$2" ]; }
wait_finished() { until_true "nothing gets finished" has_finished "$1" "$2"; }
# A task has begun to compute: it tells its progress.
has_begun() { [ -e ".ness/jobs/$1/task-$2/results.sqlite" ] && squeue --noheader --array --states=RUNNING --format=%i | grep -q "_$2$"; }
states() { "$ness" status "$1" | sed -n 's/^  tasks *//p'; }
sweep() { cat <<END
title: $1
medium: {kind: chain, sites: 3, pinning: 1.0}
baths:
  left: {kind: particles, temperature: 8.0, count: 10, friction: 0.1, coupling: 0.2}
  right: {kind: langevin, temperature: 2.0, friction: 1.0}
run: {seed: ${4:-3}, duration: $2, burnIn: 50.0, timeStep: 0.02}
sweep: {parameter: baths.left.temperature, from: 4, to: 30, points: $3}
END
}
# No point of a file comes to its end twice in the logs of all its jobs.
check_once() {
  twice=$(cat .ness/jobs/"$1"-*/log/* | sed -n 's/: duration.*done after.*//p' | sort | uniq -d)
  [ -z "$twice" ] || fail "$1: computed twice: $twice"
}
# The results are home, and the same as those of a local run in a fresh store.
check_bytes() {
  "$ness" run "$1.yaml" --format json >cluster.json 2>cluster.err || fail "ness run: $(cat cluster.err)"
  ! grep -q 'done after' cluster.err || fail "$1: points were missing after ness collect"
  "$ness" run "$1.yaml" --store "fresh-$1" --format json --quiet >local.json || fail "local run"
  cmp cluster.json local.json || fail "$1: other bytes than a local run"
}

sh "$here/slurm-cluster.sh" start "$cluster" >/dev/null || exit 1
sweep many 9000.0 18 >many.yaml
"$ness" submit many.yaml --engine slurm --partition nowhere >refused.txt 2>&1 && fail "no such partition"
grep -q "sinfo lists them" refused.txt || fail "$(cat refused.txt)"
[ ! -e .ness/jobs/many-1 ] || fail "a job that was refused is there"
"$ness" submit many.yaml --engine slurm --array 16 --time 10 2>/dev/null || fail "submit"
job=$(squeue --noheader --format=%F | head -1)
scancel "${job}_15" || fail "scancel"
until_true "task 1 does not begin" has_begun many-1 1
scancel "${job}_1" || fail "scancel"
wait_finished many-1 1

echo "node n1 dies"
kill -9 "$(cat "$cluster/slurmd-n1.pid")"
for process in /proc/[0-9]*; do
  words=$( (tr '\0' '\n' <"$process/environ") 2>/dev/null)
  if grep -qx SLURMD_NODENAME=n1 <<<"$words" && grep -qx "SLURM_CONF=$SLURM_CONF" <<<"$words"; then
    # The program, and the daemon that would tell how it ended.
    kill -9 "$(awk '{ print $4 }' "$process/stat" 2>/dev/null)" "${process#/proc/}" 2>/dev/null
  fi
done
scontrol update nodename=n1 state=down reason=test || fail "scontrol"
hurry
"$ness" collect >/dev/null || fail "collect of running tasks"
sleep 1
slurmd -N n1
scontrol update nodename=n1 state=resume 2>/dev/null # it may be back already
wait_finished many-1 6

echo "node n2 is taken down, its tasks live on for a while"
scontrol update nodename=n2 state=down reason=test || fail "scontrol"
hurry
sleep 1
scontrol update nodename=n2 state=resume 2>/dev/null
wait_all
"$ness" status many-1 >status.txt || fail "status"
# On a fast machine task 1 may have been finished before it was cancelled.
grep -qE '1[45] finished, [12] cancelled of 16' status.txt || fail "$(cat status.txt)"
again=$("$ness" status many-1 --format json | grep -c '"starts": [2-9]')
[ "$again" -ge 1 ] || fail "only $again tasks were started again"
"$ness" collect || fail "collect"
"$ness" submit many.yaml --engine slurm 2>/dev/null || fail "submit again"
[ "$("$ness" status many-2 --format json | grep -c '"slurm"')" -le 4 ] || fail "more than the cancelled tasks came again"
wait_all
"$ness" collect || fail "collect"
"$ness" collect | grep -q ': 0 new, 0 better' || fail "collecting again changes something"
check_once many
check_bytes many
# The control: a task that forgot what it had finished is found out.
rm -r .ness/jobs/many-1/task-5
SLURM_ARRAY_TASK_ID=5 sh .ness/jobs/many-1/task.sh 0 2>>".ness/jobs/many-1/log/${job}_5.txt" || fail "task 5 by hand"
(fail() { exit 1; }; check_once many) && fail "points that were computed twice are not seen"

echo "a time limit that is far too short"
sweep short 60000.0 2 >short.yaml
"$ness" submit short.yaml --engine slurm --array 1 --time 4s 2>/dev/null || fail "submit"
wait_all
"$ness" collect short-1 || fail "collect"
starts=$(grep -c 'the time is over' .ness/jobs/short-1/log/*)
[ "$starts" -ge 1 ] || fail "the time limit ended the task $starts times"
check_once short
check_bytes short
echo "the last task of an array is started again, and nobody else's"
sweep pair 60000.0 2 4 >pair.yaml
"$ness" submit pair.yaml --engine slurm --array 2 --time 4s 2>/dev/null || fail "submit"
job=$(squeue --noheader --format=%F | head -1)
until_true "task 0 does not begin" has_begun pair-1 0
scancel "${job}_0" || fail "scancel"
wait_all
[ "$(states pair-1)" = "1 finished, 1 cancelled of 2" ] || fail "a cancelled task came back: $(states pair-1)"
grep -q 'Slurm starts the task again' .ness/jobs/pair-1/log/*_1.txt || fail "the time limit did not end the last task"

echo "more processors and memory than there are"
sweep large 60000.0 2 5 >large.yaml
"$ness" submit large.yaml --engine slurm --threads 64 >refused.txt 2>&1 && fail "no node has 64 processors"
grep -q "the largest has 2" refused.txt || fail "$(cat refused.txt)"
"$ness" submit large.yaml --engine slurm --threads 64 --sbatch --comment=large 2>/dev/null && fail "with an option too"
# Where nobody tells what nodes there are nothing is refused; then the task waits, and status says for what.
mkdir blind
printf '#!/bin/sh\nexit 1\n' >blind/sinfo
chmod +x blind/sinfo
PATH=$PWD/blind:$PATH "$ness" submit large.yaml --engine slurm --threads 64 2>/dev/null || fail "submit"
is_stuck() { "$ness" status large-1 | grep -q 'PENDING, PartitionConfig'; }
until_true "the reason of waiting is not told" is_stuck
"$ness" status large-1 | grep -q 'fewer --threads' || fail "$("$ness" status large-1)"
scancel --user "$(id -un)"
wait_all
"$ness" submit large.yaml --engine slurm --memory 8M 2>/dev/null || fail "submit"
wait_all
"$ness" status large-2 | grep -q 'larger --memory' || fail "the lack of memory is not told: $("$ness" status large-2)"
"$ness" submit large.yaml --engine slurm --memory 400M 2>/dev/null || fail "submit"
wait_all
"$ness" collect >/dev/null || fail "collect"
check_bytes large
echo "all is well: nothing lost, nothing computed twice, the same bytes; $again tasks started again, $starts restarts by the time limit"
