#!/usr/bin/env bash
# The reference of the library, with the essays of Documentation inside, as a page: .build/documentation/index.html.
# A warning of docc, such as a link that leads nowhere, is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
docc=$(dirname "$(readlink -f "$(command -v "$swift")")")/docc
[ -x "$docc" ] || docc=$(command -v docc) || { echo "docc is not there: it comes with the Swift toolchain" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/symbols"
"$swift" build -c release --target Ness -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$work/symbols" \
  -Xswiftc -symbol-graph-minimum-access-level -Xswiftc public --scratch-path .build/documentation-build >"$work/build.log" 2>&1 ||
  { tail -n 40 "$work/build.log" >&2; exit 1; }
find "$work/symbols" -name '*.symbols.json' ! -name 'Ness.symbols.json' -delete
cp -r Sources/Ness/Ness.docc "$work/Ness.docc"
# Links between essays become links of the reference; links out of it name the file.
for essay in Documentation/Theory/*.md Documentation/ExperimentFile.md Documentation/Notation.md; do
  sed -E -e 's#\]\((Theory/|\.\./)?([A-Za-z-]+)\.md\)#](doc:\2)#g' -e 's#\[([^]]*)\]\((\.\./)+([A-Za-z./-]+)\)#\1 (`\3`)#g' \
    "$essay" >"$work/Ness.docc/$(basename "$essay")"
done
"$docc" convert "$work/Ness.docc" --additional-symbol-graph-dir "$work/symbols" --fallback-display-name Ness \
  --fallback-bundle-identifier ness --transform-for-static-hosting --warnings-as-errors --output-path .build/documentation
echo ".build/documentation/index.html; python3 -m http.server -d .build/documentation shows it at /documentation/ness"
