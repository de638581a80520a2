#!/usr/bin/env bash
# Makes the wheel of the Python package: dist/ness_physics-VERSION-py3-none-manylinux_2_X_x86_64.whl, which carries the release
# (make dist). The tag names the glibc that the release needs. With --without-release FOLDER a wheel without the program goes
# there instead, for the tests of the package, which name the program by NESS_PROGRAM.
set -euo pipefail
cd "$(dirname "$0")/.."
output=dist
release=""
if [ "${1:-}" = --without-release ]; then
  output=${2:?folder}
  version=$(.build/release/ness --version | head -n 1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+[^ ]*' | head -n 1)
else
  [ -f dist/newest ] || { echo "there is no release to put into the wheel: make dist" >&2; exit 1; }
  release=$(cat dist/newest)
  [ -x "$release/bin/ness" ] || { echo "$release is no release: make dist" >&2; exit 1; }
  version=$("$release/bin/ness" --version | head -n 1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+[^ ]*' | head -n 1)
fi
python=.build/python-wheel/bin/python
[ -x "$python" ] || python3 -m venv .build/python-wheel
"$python" -c 'import hatchling, wheel' 2>/dev/null || "$python" -m pip install --quiet --disable-pip-version-check hatchling wheel
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -r Python/pyproject.toml Python/README.md Python/src LICENSE "$stage"
find "$stage" -name __pycache__ -prune -exec rm -rf {} +
mkdir "$stage/src/ness/_examples"
cp Examples/*.yaml Examples/*.csv "$stage/src/ness/_examples"
printf '"""The version of the package: that of Ness."""\n\n__version__ = "%s"\n' "$version" >"$stage/src/ness/_version.py"
if [ -n "$release" ]; then
  links=$(find "$release" -type l)
  [ -z "$links" ] || { echo "a wheel cannot hold links: $links" >&2; exit 1; }
  cp -r "$release" "$stage/src/ness/_release"
  glibc=$(find "$release" -type f \( -perm -u+x -o -name '*.so*' \) -exec objdump -T {} + 2>/dev/null |
    grep -oE 'GLIBC_2\.[0-9]+' | grep -oE '[0-9]+$' | sort -n | tail -n 1)
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1577836800)}
made=$("$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$stage/wheel" "$stage" && ls "$stage"/wheel/*.whl)
if [ -n "$release" ]; then
  "$python" -m wheel tags --platform-tag "manylinux_2_${glibc}_x86_64" --remove "$made" >/dev/null
  made=$(ls "$stage"/wheel/*.whl)
fi
mkdir -p "$output"
cp "$made" "$output"
echo "$output/$(basename "$made")"
