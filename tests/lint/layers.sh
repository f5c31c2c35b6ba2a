#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# What anybody can check with grep: who includes whom, that every public header is installed, licence lines, long lines.
set -uo pipefail
export LC_ALL=C.UTF-8  # columns, not bytes
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
status=0
complain() { printf '%s\n' "$1"; printf '%s\n' "$2" | sed 's/^/  /'; status=1; }

# may LAYER OTHER...: what the layer may include besides itself (ARCHITECTURE.md).
seen=' '  # no associative array: macOS has bash 3.2
may() {
    local layer=$1 allowed hits
    seen+="$layer "
    allowed=$(IFS='|'; echo "$*")
    [ -d "src/$layer" ] || return 0
    hits=$(grep -rnE '#include "' "src/$layer" --include='*.[ch]pp' | grep -vE "#include \"(($allowed)/|config\.hpp)")
    [ -z "$hits" ] || complain "src/$layer may include ${*:2} and itself, not:" "$hits"
}
may bytes
may digest    bytes
may match     bytes
may macho     bytes
may container bytes
may codec     bytes
may seal      digest match macho bytes
may rewrite   seal match container digest macho bytes
may fs        container bytes
may bundle    fs seal digest macho bytes
may diagnose  bundle fs seal digest macho bytes
may store     digest rewrite fs seal match container macho bytes
may relocate  digest rewrite fs seal match container macho bytes
may package   relocate codec digest fs macho bytes
may cli       package diagnose bundle store relocate codec digest rewrite fs seal match container macho bytes
for folder in src/*/; do
    layer=$(basename "$folder")
    [[ $seen == *" $layer "* ]] || complain "a folder that is no layer:" "$folder"
done

# Third-party headers where they belong. Boost comes with the public filter and the command only, hashes with digest only.
only() {
    local what=$1 where=$2 hits
    hits=$(grep -rnE "#include <($what)" src include --include='*.[ch]pp' | grep -vE "^($where)")
    [ -z "$hits" ] || complain "<$what> belongs to $where only:" "$hits"
}
only 'boost/' 'include/reseal/filter.hpp|src/(fs|relocate|cli)/'
only 'openssl/' 'src/(digest|diagnose)/'
only 'plist/' 'src/bundle/'
only 'sodium' 'src/(digest|fs|store|cli)/'
only 'zlib|bzlib|lzma|zstd' 'src/codec/'
only 'CLI/' 'src/cli/(command_line|words).cpp'
only 'nlohmann/' 'src/(package|cli)/'
only 'archive' 'src/package/'

# Several files of tests are compiled as one, so each has a namespace of its own for its helpers.
for file in tests/*/*_test.cpp; do
    name=$(basename "$file" .cpp)
    grep -q "^namespace reseal::$name {" "$file" || complain "has no namespace reseal::$name:" "$file"
done

for header in include/reseal/*.hpp; do
    grep -q "'${header##*/}'" include/reseal/meson.build || complain "not listed in include/reseal/meson.build:" "$header"
done

ours=$(git ls-files -co --exclude-standard | grep -E '(\.[ch]pp|meson\.build|\.sh)$|^dev$|^\.ci/run$')
for file in $ours; do
    [ ! -s "$file" ] || head -3 "$file" | grep -q 'SPDX-License-Identifier: BSL-1.0' ||
        grep -q 'project(' "$file" || complain "no licence line:" "$file"
done
long=$(echo "$ours" | xargs grep -nE '^.{129,}$')
[ -z "$long" ] || complain "longer than 128 columns:" "$long"
loose=$(git ls-files -co --exclude-standard | grep -vE '^testdata/[ab]/|^tests/fuzz/corpus/' | xargs grep -nIE '[[:space:]]+$')
[ -z "$loose" ] || complain "white space at the end of a line:" "$loose"
exit $status
