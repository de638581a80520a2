#!/usr/bin/env bash
# The documentation as a site that works from a folder: site/index.html. Every snippet is run, every study of the gallery
# computed; a command that fails, a link that leads nowhere or a claim that does not hold ends the build.
#
#   Scripts/site.sh      needs python3 and gnuplot, and a built ness (make build; or NESS=path)
# Exit status 69: the Python packages could not be had.
set -euo pipefail
cd "$(dirname "$0")/.."
NESS=$(realpath "${NESS:-.build/release/ness}")
export NESS
[ -x "$NESS" ] || { echo "there is no $NESS: make build makes it" >&2; exit 1; }
command -v gnuplot >/dev/null || { echo "gnuplot is not there (apt install gnuplot-nox): it draws the gallery" >&2; exit 1; }
place=.build/site
{ test -x $place/environment/bin/python || python3 -m venv $place/environment; } &&
  $place/environment/bin/pip install --quiet --disable-pip-version-check --requirement Scripts/site/requirements.txt ||
  { echo "the packages of Scripts/site/requirements.txt cannot be had" >&2; exit 69; }
export PYTHONDONTWRITEBYTECODE=1 NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true
$place/environment/bin/python -m unittest discover --quiet Tests/Site
$place/environment/bin/python -m mkdocs build --quiet --strict --config-file Scripts/site/mkdocs.yml --site-dir "$PWD/site"
rm site/404.html      # a page for servers, with absolute links
$place/environment/bin/python Scripts/site/check.py site
echo "site/index.html"
