#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The examples do what they say, and the one in the filter's documentation is the one that is compiled.
# usage: examples.sh FILTER SINK SOURCE_ROOT
set -eu
filter=$1 sink=$2 root=$3
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

sed -n 's|^///     ||p; s|^///$||p' "$root/include/reseal/filter.hpp" | sed -n '/^#include/,/^}/p' >"$work/documented"
sed '1,2d' "$root/examples/filter.cpp" >"$work/compiled"
diff "$work/documented" "$work/compiled"
