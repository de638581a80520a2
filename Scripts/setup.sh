#!/bin/sh
# Makes sure that what Ness needs beside a Swift toolchain is there: OpenBLAS (linear algebra), SQLite (kept results),
# gnuplot (figures) and a font for the figures. Installs missing Debian packages as root; otherwise says what to install.
set -eu

if ! command -v "${SWIFT:-swift}" >/dev/null 2>&1; then
  echo "ness: no Swift toolchain found. Install Swift 6.2 or later from https://www.swift.org/install and try again." >&2
  exit 1
fi

case "$(uname -s)" in
  Darwin)
    # Accelerate comes with macOS; only gnuplot may be missing.
    command -v gnuplot >/dev/null 2>&1 || { echo "ness: gnuplot is missing: brew install gnuplot" >&2; exit 1; }
    exit 0 ;;
esac

missing=""
have_header() { printf '#include <%s>\n' "$1" | cc -E - >/dev/null 2>&1 || printf '#include <%s>\n' "$1" | clang -E - >/dev/null 2>&1; }
have_header cblas.h || missing="$missing libopenblas-dev"
have_header sqlite3.h || missing="$missing libsqlite3-dev"
command -v gnuplot >/dev/null 2>&1 || missing="$missing gnuplot-nox"
[ -d /usr/share/fonts/truetype/liberation ] || [ -d /usr/share/fonts/truetype/liberation2 ] || missing="$missing fonts-liberation"
command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"

[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "ness: these Debian packages, or their counterparts on your system, are missing:$missing" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "ness: these packages are missing and need root to install. Run:" >&2
  echo "  sudo apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
echo "ness: installing$missing (Debian packages, as root)"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of words is meant
apt-get install -y -qq --no-install-recommends $missing
