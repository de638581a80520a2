#!/bin/bash
# The explorer in a real browser, and fuzzed against its own description. Screenshots go to .build/explorer-screenshots.
#
#   Scripts/explorer-test.sh      needs python3, chromium and chromedriver, and a built ness (make build; or NESS=path);
#                                 what it checks in Chromium it checks in Firefox too, where there is one (firefox or firefox-esr)
set -eu
cd "$(dirname "$0")/.."
export NESS=${NESS:-$PWD/.build/release/ness}
place=.build/explorer-test
{ test -x $place/bin/python || python3 -m venv $place; } &&
  $place/bin/pip install --quiet --disable-pip-version-check --requirement Tests/Browser/requirements.txt ||
  { echo "the packages of Tests/Browser/requirements.txt cannot be had: the explorer is not tried in a browser"; exit 0; }

$place/bin/python Tests/Browser/explorer.py --screenshots .build/explorer-screenshots
if command -v firefox-esr >/dev/null || command -v firefox >/dev/null; then
  $place/bin/python Tests/Browser/explorer.py --browser firefox
else
  echo "no Firefox here: the page was tried in Chromium alone"
fi
echo "screenshots at three sizes, light and dark: $PWD/.build/explorer-screenshots"

store=$(mktemp -d)
"$NESS" serve --port 0 --store "$store" >"$store/address" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$store"' EXIT
for _ in $(seq 100); do [ -s "$store/address" ] && break; sleep 0.1; done
address=$(cat "$store/address")
token=${address#*token=}
address=${address%%\?*}
# Valid by the schema is not yet an experiment that makes sense: such a refusal is right.
$place/bin/schemathesis --config-file Tests/Browser/schemathesis.toml run "${address}api/openapi.json" --exclude-path /api/scene --exclude-checks positive_data_acceptance \
  --header "Authorization: Bearer $token" --max-examples 50 --seed 1 --request-timeout 180 --suppress-health-check all --no-color >.build/explorer-fuzz.txt 2>&1 ||
  { tail -n 60 .build/explorer-fuzz.txt >&2; echo "the API is not what /api/openapi.json says" >&2; exit 1; }
kill -0 $server
grep -E '[0-9] generated' .build/explorer-fuzz.txt
