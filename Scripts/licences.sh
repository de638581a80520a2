#!/bin/bash
# Every package that Ness is built from must have its licence in Packaging/licences.txt, and that licence in its files; with a
# folder, the texts of all of them are collected there.
#
#   Scripts/licences.sh [FOLDER]     after a build (make build), which fetches the packages
set -euo pipefail
cd "$(dirname "$0")/.."
list=Packaging/licences.txt packages=.build/checkouts folder=${1:-}
[ -d $packages ] || { echo "licences: no packages in $packages: make build first" >&2; exit 1; }
faults=0
fault() { echo "licences: $1" >&2; faults=$((faults + 1)); }

# The texts of one component: its licence first, then its notices.
texts_of() {
  case "$1" in
    Ness) echo LICENSE ;;
    Swift) echo "$("${SWIFT:-swift}" -print-target-info | sed -n 's/.*"runtimeResourcePath" *: *"\(.*\)\/lib\/swift".*/\1/p')/share/swift/LICENSE.txt" ;;
    *)
      if [ -d "$packages/$1" ]; then
        (cd "$packages/$1" && ls -d LICEN[CS]E* 2>/dev/null || echo "LICENSE"; ls -d NOTICE* 2>/dev/null || true) \
          | sed "s#^#$packages/$1/#"
      else
        echo "Packaging/licences/$1.txt"
      fi ;;
  esac
}

known=" "
while read -r name rest; do
  case "$name" in '' | '#'*) continue ;; esac
  known="$known$name "
  licence=${rest%%  *} phrase=${rest##*  }
  mapfile -t texts < <(texts_of "$name")
  if [ "${#texts[@]}" = 0 ] || [ ! -e "${texts[0]}" ]; then
    fault "$name is in $list, but there is no ${texts[0]:-text of it}"
  elif ! grep -qF "$phrase" "${texts[0]}"; then
    fault "$name: ${texts[0]} does not say \"$phrase\": is it still $licence?"
  elif [ -n "$folder" ]; then
    mkdir -p "$folder"
    cat "${texts[@]}" >"$folder/$name.txt"
  fi
done <$list
for package in "$packages"/*; do
  name=$(basename "$package")
  case "$known" in *" $name "*) ;; *) fault "$name has no line in $list: read its licence, then add it" ;; esac
done
[ "$faults" = 0 ] || exit 1
[ -z "$folder" ] || grep -v '^#' $list >"$folder/LICENCES"
echo "licences: $(wc -w <<<"$known") components, all with a known licence"
