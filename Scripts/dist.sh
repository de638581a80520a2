#!/bin/bash
# Makes dist/ness-VERSION-linux-x86_64 and the archive of it: a folder that runs wherever it is put, on any x86-64 machine of
# the last fifteen years with Linux and glibc 2.34 or later, without Swift. Called by `make dist`, after `make build`.
#
#   bin/ness                                          the program, with the Swift runtime, OpenBLAS and SQLite inside
#   lib/ness/libNessEngine.so                         the engines, for every such machine (x86-64-v2)
#   lib/ness/glibc-hwcaps/x86-64-v3, x86-64-v4        the same, faster; the dynamic linker takes the best that the machine can
#   share/                                            the explorer's page, manual, completions, examples, licences
#
# Only the engines depend on the processor (NESS_CPU in Package.swift): they are built three times, in .build-dist, and left
# out of the program. All three give the same bytes (Scripts/release-test.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
build=.build/release engines=.build-dist
levels="x86-64-v2 x86-64-v3 x86-64-v4"
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "dist: only on Linux, x86-64" >&2; exit 1; }

toolchain=$("$swift" -print-target-info | sed -n 's/.*"runtimeResourcePath" *: *"\(.*\)\/lib\/swift".*/\1/p')
static=$toolchain/lib/swift_static/linux
archive_of() { cc -print-file-name="$1"; }
for needed in "$toolchain/bin/ld.lld" "$static/libFoundation.a" "$(archive_of libopenblas.a)" "$(archive_of libsqlite3.a)"; do
  [ -e "$needed" ] || { echo "dist: $needed is missing (Swift with its static libraries, libopenblas-dev, libsqlite3-dev)" >&2; exit 1; }
done

# The engines are the modules with `vectorUnit` in Package.swift. The benchmarks need all of them, and what they need in turn, and
# nothing else: that is built, anew if anything of it is newer than the last build.
described=$(NESS_CPU=any "$swift" package dump-package | python3 -c '
import json, sys
targets = {t["name"]: t for t in json.load(sys.stdin)["targets"]}
def needs(name):
    names = [d["byName"][0] if "byName" in d else d["target"][0] for d in targets[name]["dependencies"] if "product" not in d]
    return {name}.union(*map(needs, names))
built = sorted(needs("NessBenchmarks"))
print(*[n for n in built if targets[n]["settings"]])
print("Package.swift", *["Sources/" + n for n in built])')
modules=$(head -1 <<<"$described") sources=$(tail -1 <<<"$described")
# shellcheck disable=SC2086  # a list of words is meant
if [ ! -e $engines/built ] || [ -n "$(find $sources -newer $engines/built -print -quit)" ]; then
  rm -rf $engines/built $engines/x86-64-v?
  mkdir -p $engines
  for part in checkouts repositories workspace-state.json; do # fetched once is enough
    [ -e $engines/$part ] || cp -a .build/$part $engines/
  done
  for level in $levels; do
    echo "dist: the engines for $level"
    NESS_CPU=$level "$swift" build -c release --scratch-path $engines --target NessBenchmarks >$engines/log 2>&1 \
      || { cat $engines/log >&2; exit 1; }
    for module in $modules; do
      mkdir -p $engines/$level/$module
      cp $engines/release/$module.build/*.o $engines/$level/$module/
    done
  done
  touch $engines/built
fi

link() { "$toolchain/bin/$1" -fuse-ld=lld -Wl,--gc-sections -Wl,-z,nostart-stop-gc -Wl,-z,relro,-z,now "${@:2}"; }
place=dist/making
rm -rf $place
mkdir -p $place/bin $place/lib/ness
for level in $levels; do
  folder=$place/lib/ness
  [ "$level" = x86-64-v2 ] || folder=$folder/glibc-hwcaps/$level
  mkdir -p "$folder"
  link clang -shared -nostdlib -o "$folder/libNessEngine.so" -Wl,-soname,libNessEngine.so \
    "$static/x86_64/swiftrt.o" "$engines/$level"/*/*.o -lgcc -lc -lm
done
# OpenBLAS has kernels for every processor, which differ in the last digit, and takes those of the machine. In a release all
# machines take the same, which every one can (Nehalem is x86-64-v2): so that all give the same bytes, and the rest is left out.
# Matrices are small here: no workload of `ness bench` is slower for it.
(cd $engines && ar x "$(archive_of libopenblas.a)" dynamic.o)
mapfile -t others < <(nm $engines/dynamic.o | sed -n 's/.* U \(gotoblas_[A-Z].*\)/\1/p' | grep -v NEHALEM)
for other in "${others[@]}"; do objcopy --redefine-sym="$other"=gotoblas_NEHALEM $engines/dynamic.o; done
[ "${#others[@]}" -gt 5 ] || { echo "dist: this OpenBLAS is not one for many processors" >&2; exit 1; }

grep -vE "/($(echo "$modules" | tr ' ' '|'))\.build/" $build/ness.product/Objects.LinkFileList >$engines/program-objects
# The engine's library asks the program for the runtime, and the linker gives it what it asks for.
# shellcheck disable=SC2016  # the dynamic linker expands it
link clang++ -pie -O2 -o $place/bin/ness -Wl,--defsym,main=NessProgram_main -Wl,-rpath,'$ORIGIN/../lib/ness' \
  "$static/x86_64/swiftrt.o" @$engines/program-objects -x c Packaging/release.c -x none $engines/dynamic.o $place/lib/ness/libNessEngine.so \
  -Wl,--start-group "$static"/*.a -Wl,--end-group "$(archive_of libopenblas.a)" "$(archive_of libsqlite3.a)" \
  -static-libstdc++ -lm -lpthread -ldl
strip $place/bin/ness
find $place/lib -name '*.so' -exec strip {} +

# Nothing but the C library and the unwinder of GCC may be asked of the machine, none newer than is promised.
objects="$place/bin/ness $(find $place/lib -name '*.so')"
# shellcheck disable=SC2086
needed=$(readelf -d $objects | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort -u | tr '\n' ' ')
[ "$needed" = "ld-linux-x86-64.so.2 libNessEngine.so libc.so.6 libgcc_s.so.1 libm.so.6 " ] \
  || { echo "dist: the program needs other libraries than it may: $needed" >&2; exit 1; }
# shellcheck disable=SC2086
glibc=$(objdump -T $objects | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -Vu | tail -1)
[ "$(printf '%s\n' "$glibc" 2.34 | sort -V | tail -1)" = 2.34 ] \
  || { echo "dist: the program needs glibc $glibc: more than is promised, 2.34" >&2; exit 1; }

# A SIMD value goes through other registers in the engines than in the program: none may pass between them by value. Addresses
# and arrays of such values may. (A structure that holds one is not seen here.)
border=$(comm -12 <(nm -D --defined-only $place/lib/ness/libNessEngine.so | awk '{print $3}' | sort) \
  <(nm -D --undefined-only $place/bin/ness | awk '{print $2}' | sort) | "$toolchain/bin/swift-demangle")
! sed -E 's/(Pointer<|\[)Swift\.SIMD[0-9]+<Swift\.[A-Za-z0-9]+>//g' <<<"$border" | grep 'Swift\.SIMD' \
  || { echo "dist: a SIMD value passes by value between the program and its engines" >&2; exit 1; }

# Nothing may be looked for where it was built. What C files say when an assertion fails is no path that is used.
# shellcheck disable=SC2086
! strings -n 6 $objects | grep -E "$PWD|$toolchain" | grep -vE '/checkouts/.*\.c$' \
  || { echo "dist: the program knows where it was built" >&2; exit 1; }

mkdir -p $place/share/{ness,doc/ness,man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
cp -R $build/ness_NessExplorer.resources/. $place/share/ness/
cp -R Packaging/README.txt CHANGELOG.md CITATION.cff Examples $place/share/doc/ness/
rm -rf $place/share/doc/ness/Examples/swift
Scripts/licences.sh $place/share/doc/ness/licences
date=$(git log -1 --format=%cs 2>/dev/null || date +%F)
python3 Scripts/manual.py $place/bin/ness "$date" >$place/share/man/man1/ness.1
$place/bin/ness --generate-completion-script bash >$place/share/bash-completion/completions/ness
$place/bin/ness --generate-completion-script zsh >$place/share/zsh/site-functions/_ness
$place/bin/ness --generate-completion-script fish >$place/share/fish/vendor_completions.d/ness.fish
version=$($place/bin/ness --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+[^ ,;]*' | head -1)
name=ness-$version-linux-x86_64
rm -rf "dist/$name" "dist/$name.tar.gz"
mv $place "dist/$name"
echo "dist/$name" >dist/newest # for `make install`
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct 2>/dev/null || date +%s)" \
  -C dist -cf - "$name" | gzip -9n >"dist/$name.tar.gz"
size=$(stat -c %s "dist/$name.tar.gz")
[ "$size" -lt 40000000 ] || { echo "dist: the archive has $size bytes: more than 40 MB" >&2; exit 1; }
echo "dist/$name.tar.gz: $((size / 1000000)).$((size / 100000 % 10)) MB, for glibc $glibc or later"
