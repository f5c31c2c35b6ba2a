#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The examples do what they say, and the one in the filter's documentation is the one that is compiled.
# usage: examples.sh FILTER SINK PACKAGE NIX CHECK SOURCE_ROOT
set -eu
filter=$1 sink=$2 package=$3 nix=$4 check=$5 root=$6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tab=$(printf '\t')
IFS=$tab read -r from to <"$root/testdata/a-to-b.rules"

for name in exe.arm64 fat unsigned.x86_64; do
    gzip -c "$root/testdata/a/$name" >"$work/in.gz"
    "$filter" "$work/in.gz" "$work/filter" "$from" "$to"
    cmp "$work/filter" "$root/testdata/b/$name"
    "$sink" "$from" "$to" <"$root/testdata/a/$name" >"$work/sink"
    cmp "$work/sink" "$root/testdata/b/$name"
done

# A compressed stream that is cut short, and one that is damaged, are failures of the whole chain.
gzip -c "$root/testdata/a/fat" >"$work/good.gz"
size=$(wc -c <"$work/good.gz")
head -c $((size / 2)) "$work/good.gz" >"$work/cut.gz"
if "$filter" "$work/cut.gz" "$work/out" "$from" "$to"; then echo "a cut gzip stream passed"; exit 1; fi
head -c $((size - 8)) "$work/good.gz" >"$work/damaged.gz"
printf 'damaged!' >>"$work/damaged.gz"
if "$filter" "$work/damaged.gz" "$work/out" "$from" "$to"; then echo "a damaged gzip stream passed"; exit 1; fi
if "$filter" "$work/none.gz" "$work/out" "$from" "$to"; then echo "a missing input passed"; exit 1; fi
if "$filter" "$work/good.gz" "$work/none/out" "$from" "$to"; then echo "an output that cannot be opened passed"; exit 1; fi

# A package: everything in it is as it would be in a package of the other tree, and the framing is what tar wrote.
for which in a b; do
    mkdir -p "$work/$which/tree/bin"
    cp "$root/testdata/$which/exe.arm64" "$root/testdata/$which/fat" "$work/$which/tree/bin"
    find "$work/$which/tree" -exec touch -t 200001010000 {} +
done
ln -s "$from/lib" "$work/a/tree/link" && ln -s "$to/lib" "$work/b/tree/link"
touch -h -t 200001010000 "$work/a/tree/link" "$work/b/tree/link"
touch -t 200001010000 "$work/a/tree" "$work/b/tree"
for which in a b; do (cd "$work/$which" && find tree | LC_ALL=C sort | tar --no-recursion -T - -cf "../$which.tar"); done
gzip -c "$work/a.tar" >"$work/a.tar.gz"
"$package" "$work/a.tar.gz" "$work/b.tar.gz" "$from" "$to" >"$work/entries"
gzip -dc "$work/b.tar.gz" | cmp - "$work/b.tar"
grep -q '^tree/bin/exe.arm64: 5 resealed$' "$work/entries"
grep -q '^tree/link: 1 substituted$' "$work/entries"

# The sinks of a package manager.
old=0bqks4v5sjb8cxnqjmwyrmv2ssd0lr7w new=z9h1fwkjc7vh3y6d2pga8xi5rl0sq4nm
"$nix" $old $new <"$root/testdata/a/exe.arm64" >"$work/nix" 2>"$work/said"
cmp "$work/nix" "$root/testdata/b/exe.arm64"
grep -q '^5 places rewritten, 1 reference found$' "$work/said"

# What is wrong with a program, and the same bytes under new hashes, which are right.
broken=$root/testdata/broken
status=0
"$check" "$broken/stale-page" "$work/mended" >"$work/said" || status=$?
[ $status = 0 ]
grep -q '^arm64: stale, says kernel$' "$work/said"
grep -q '^stale-page: it was changed after it was signed' "$work/said"
[ "$(cmp -l "$broken/stale-page" "$work/mended" | wc -l)" -gt 16 ]
[ "$("$check" "$work/mended" "$work/none")" = 'arm64: valid' ]
status=0
"$check" "$broken/unsigned" "$work/none" >"$work/said" || status=$?
[ $status = 2 ]
grep -q '^unsigned: ' "$work/said"
[ ! -e "$work/none" ]

sed -n 's|^///     ||p; s|^///$||p' "$root/include/reseal/filter.hpp" | sed -n '/^#include/,/^}/p' >"$work/documented"
sed '1,2d' "$root/examples/filter.cpp" >"$work/compiled"
diff "$work/documented" "$work/compiled"
