#!/bin/bash
# Puts a release into PREFIX (make install PREFIX=$HOME/.local), or takes it away again.
#
#   Scripts/install.sh install FOLDER PREFIX     copies the folder of a release, and keeps the list of what it copied
#   Scripts/install.sh uninstall PREFIX          removes what that list names, and the folders that are empty then
#
# DESTDIR, if set, is put before PREFIX: for whoever makes packages.
set -euo pipefail
list=share/doc/ness/installed-files
uninstall() {
  local files file folder
  mapfile -t files <"$1/$list"
  for file in "${files[@]}" "$list"; do rm -f "$1/$file"; done
  # The program's own folders and those that it alone was in; never one that holds something else.
  for file in "${files[@]}" "$list"; do
    folder=$(dirname "$file")
    while [ "$folder" != . ] && rmdir "$1/$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
  done
}
case "${1:-}" in
  install)
    folder=$2 place=${DESTDIR:-}$3
    mkdir -p "$place"
    [ ! -e "$place/$list" ] || uninstall "$place" # of an older version nothing is left behind
    cp -R "$folder/." "$place/"
    (cd "$folder" && find . -type f | sed 's#^\./##' | sort) >"$place/$list"
    echo "installed: $3/bin/ness"
    case ":$PATH:" in *":$3/bin:"*) ;; *) echo "to call it by its name: export PATH=\"$3/bin:\$PATH\"" ;; esac ;;
  uninstall)
    place=${DESTDIR:-}$2
    [ -e "$place/$list" ] || { echo "uninstall: no Ness that make install put into $2" >&2; exit 1; }
    uninstall "$place"
    echo "removed from $2; results that you kept (.ness) are untouched" ;;
  *) echo "usage: Scripts/install.sh install FOLDER PREFIX | uninstall PREFIX" >&2; exit 2 ;;
esac
