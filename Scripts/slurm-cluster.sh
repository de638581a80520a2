#!/bin/sh
# A Slurm of two nodes on this machine, for tests: everything it writes lies in one directory.
#
#   Scripts/slurm-cluster.sh start DIRECTORY    then: export SLURM_CONF=DIRECTORY/slurm.conf
#   Scripts/slurm-cluster.sh stop DIRECTORY
#
# Needs root and Debian's packages slurm-wlm and munge.
set -eu
usage() { sed -n '2,7p' "$0" >&2; exit 2; }
[ $# = 2 ] || usage
mkdir -p "$2"
place=$(cd "$2" && pwd)
export SLURM_CONF="$place/slurm.conf"

start() {
  for program in slurmctld slurmd munged; do
    command -v "$program" >/dev/null || { echo "$program is missing: apt-get install slurm-wlm munge" >&2; exit 1; }
  done
  [ "$(id -u)" = 0 ] || { echo "Slurm's daemons start jobs for users and need root" >&2; exit 1; }
  mkdir -p "$place/state" "$place/spool/n1" "$place/spool/n2" "$place/log"
  # Its own munged, which goes when the cluster goes. It keeps open what it is given, and who waits for that to be closed
  # (Foundation does, for the end of a program) would wait for ever: so everything beyond the standard streams is closed.
  dd if=/dev/urandom of="$place/munge.key" bs=1024 count=1 2>/dev/null
  chmod 400 "$place/munge.key"
  bash -c 'for file in /proc/$$/fd/*; do number=${file##*/}; [ "$number" -le 2 ] || eval "exec $number>&-"; done; exec "$@"' \
    close munged --force --socket="$place/munge.socket" --pid-file="$place/munged.pid" --key-file="$place/munge.key" \
    --seed-file="$place/munge.seed" --log-file="$place/log/munged.log" >/dev/null 2>&1
  # Several of them may run on one machine.
  port=$((17000 + $$ % 1000 * 3))
  cat >"$SLURM_CONF" <<END
ClusterName=ness
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$place/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobCompType=jobcomp/filetxt
JobCompLoc=$place/log/completed.log
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=500
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SchedulerParameters=sched_interval=2,bf_interval=2
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool/%n
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd-%n.pid
SlurmctldLogFile=$place/log/slurmctld.log
SlurmdLogFile=$place/log/slurmd-%n.log
ReturnToService=2
SlurmdTimeout=10
KillWait=5
MaxArraySize=1001
MpiDefault=none
NodeName=n[1-2] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 2))] CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  printf 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n' >"$place/cgroup.conf"
  slurmctld
  slurmd -N n1
  slurmd -N n2
  waited=0
  while [ $waited -lt 180 ]; do
    [ "$(sinfo --noheader --Node --format %T | grep -c idle)" = 2 ] && { sinfo --Node; return; }
    sleep 1
    waited=$((waited + 1))
  done
  echo "the nodes do not come up; see $place/log" >&2
  exit 1
}

# Its processes: the daemons, those that they have started for jobs, and the jobs. All know the configuration of this
# cluster by their environment; so does who called this script, which is none of them. (Debian adds -wlm to the names.)
own() {
  for process in /proc/[0-9]*; do
    words=$( (tr '\0' '\n' <"$process/environ") 2>/dev/null) || continue
    echo "$words" | grep -qx "SLURM_CONF=$SLURM_CONF" || continue
    case $(basename "$(readlink "$process/exe" 2>/dev/null)") in
      slurmctld* | slurmd* | slurmstepd* | munged*) echo "${process#/proc/}" ;;
      *) echo "$words" | grep -q '^SLURM_JOB_ID=' && echo "${process#/proc/}" ;;
    esac
  done
}

stop() {
  # Jobs first, while there is somebody to end them.
  timeout 20 scancel --user "$(id -un)" 2>/dev/null || true
  for signal in TERM KILL; do
    waited=0
    while [ $waited -lt 15 ]; do
      pids=$(own)
      [ -n "$pids" ] || return 0
      # shellcheck disable=SC2086  # a list of numbers is meant
      [ $waited -gt 0 ] && [ $signal = TERM ] || kill -$signal $pids 2>/dev/null || true
      sleep 1
      waited=$((waited + 1))
    done
  done
  echo "these do not end: $(own)" >&2
  exit 1
}

case $1 in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
