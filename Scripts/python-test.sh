#!/usr/bin/env bash
# The Python package as its users have it: installed from a wheel into environments of its own. Its examples, its tests, its types,
# the notebooks. With a release (make dist) the wheel is the one that is handed out; else the program is the one that was built.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
folder=$root/.build/python-test
mkdir -p "$folder"
unset PYTHONPATH
version() { "$1" --version | head -n 1; }
ness=$root/.build/release/ness
[ -x "$ness" ] || { echo "$ness is not there: make build" >&2; exit 1; }
rm -rf "$folder/wheel"
if [ -f dist/newest ] && [ "$(version "$(cat dist/newest)/bin/ness")" = "$(version "$ness")" ] &&
  "$(cat dist/newest)/bin/ness" session </dev/null >/dev/null 2>&1; then
  wheel=$root/$(Scripts/python-wheel.sh | tail -n 1)
  unset NESS_PROGRAM
else
  wheel=$(Scripts/python-wheel.sh --without-release "$folder/wheel" | tail -n 1)
  export NESS_PROGRAM=$ness
fi
echo "testing $wheel"
# With NumPy alone.
bare=$folder/bare
[ -x "$bare/bin/python" ] || python3 -m venv "$bare"
"$bare/bin/pip" install --quiet --disable-pip-version-check --force-reinstall "$wheel"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$bare/bin/python" - <<'PYTHON'
import ness

study = ness.Study(ness.examples()["hot-particles"])
study.update({"run.duration": 20, "run.replicas": 8})
result = study.run()
assert abs(result.z("heatCurrent")).max() < 5 and result.to_csv() and result._repr_html_()
try:
    result.plot()
except ness.PackageMissing as missing:
    print(missing)
else:
    raise SystemExit("matplotlib is there, and was not to be")
PYTHON
"$bare/bin/ness" list --store .ness
# With all of it.
full=$folder/full
[ -x "$full/bin/python" ] || python3 -m venv "$full"
"$full/bin/pip" install --quiet --disable-pip-version-check --requirement "$root/Python/tests/requirements.txt"
"$full/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheel"
"$full/bin/pip" install --quiet --disable-pip-version-check numpy
# The tests lie apart from the sources, so that what is tested is what was installed.
cp -r "$root/Python/tests" "$root/Python/pyproject.toml" .
packages=$("$full/bin/python" -c 'import ness, pathlib; print(pathlib.Path(ness.__file__).parent)')
"$full/bin/python" -m pytest -q -c pyproject.toml --rootdir "$work" tests "$packages" "$packages/../_ness_program.py"
(cd "$root/Python" && "$full/bin/python" -m mypy --strict --cache-dir "$folder/mypy" src)
for notebook in "$root"/Examples/notebooks/*.ipynb; do
  echo "executing $(basename "$notebook")"
  cp "$notebook" .
  "$full/bin/jupyter" execute --timeout=300 "$(basename "$notebook")" 2>/dev/null ||
    "$full/bin/jupyter" execute --timeout=300 "$(basename "$notebook")"
done
