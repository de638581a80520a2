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
# What the library says of itself, from the modules of the last build (make documentation builds them).
target=$("$swift" -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')
checkouts=.build/checkouts
"$(dirname "$docc")/swift-symbolgraph-extract" -module-name Ness -minimum-access-level public -target "$target" \
  -I .build/release/Modules -I Sources/CLAPACK -I $checkouts/GRDB.swift/Sources/GRDBSQLite -I $checkouts/Yams/Sources/CYaml/include \
  -I Sources/CVectorMath/include -Xcc -fmodule-map-file=.build/release/CVectorMath.build/module.modulemap -output-dir "$work/symbols"
cp -r Sources/Ness/Ness.docc "$work/Ness.docc"
# Links between essays become links of the reference; links out of it name the file.
# The name of an essay must not be that of a type.
for essay in Documentation/Theory/*.md Documentation/ExperimentFile.md Documentation/Notation.md; do
  sed -E -e 's#\]\((Theory/|\.\./)?([A-Za-z-]+)\.md\)#](doc:\2)#g' -e 's#doc:verdict\)#doc:verdicts)#g' -e 's#\[([^]]*)\]\((\.\./)+([A-Za-z./-]+)\)#\1 (`\3`)#g' \
    "$essay" >"$work/Ness.docc/$(basename "$essay")"
done
mv "$work/Ness.docc/verdict.md" "$work/Ness.docc/verdicts.md"
"$docc" convert "$work/Ness.docc" --additional-symbol-graph-dir "$work/symbols" --fallback-display-name Ness \
  --fallback-bundle-identifier ness --transform-for-static-hosting --warnings-as-errors --output-path .build/documentation
echo ".build/documentation/index.html; python3 -m http.server -d .build/documentation shows it at /documentation/ness"
