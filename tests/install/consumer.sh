#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# usage: consumer.sh BUILD SOURCE COMPILER...
# Installs BUILD into a scratch folder and builds consumer.cpp against what lies there, with pkg-config and the compiler
# alone: once as it is, and once without the shared library, where there is one.
set -euo pipefail
build=$1 source=$2
shift 2
compiler=("$@")

for tool in meson pkg-config; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$scratch/staged"

pc=$(find "$scratch/staged" -name reseal.pc)
prefix=$scratch/staged$(sed -n 's/^prefix=//p' "$pc")
sed "s|^prefix=.*|prefix=$prefix|" "$pc" >"$pc.here" && mv "$pc.here" "$pc"
export PKG_CONFIG_PATH=${pc%/*}${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
libraries=$(pkg-config --variable=libdir reseal)
export LD_LIBRARY_PATH=$libraries DYLD_LIBRARY_PATH=$libraries

data=$source/testdata
IFS=$'\t' read -r from to <"$data/a-to-b.rules"

# consume WHICH FLAG...: builds the consumer with what pkg-config says under FLAGs, and runs it.
consume() {
    local which=$1 flags
    shift
    read -ra flags < <(pkg-config "$@" --cflags --libs reseal)
    "${compiler[@]}" -std=c++20 -Wall -Wextra -Werror -o "$scratch/$which" "$source/tests/install/consumer.cpp" "${flags[@]}"
    printf '%s: ' "$which"
    "$scratch/$which" "$data/a/exe.arm64" "$from" "$to" "$data/b/exe.arm64"
}

shared=$(find "$libraries" -name 'libreseal.so*' -o -name 'libreseal*.dylib')
if [ -n "$shared" ]; then
    consume shared
    find "$libraries" \( -name 'libreseal.so*' -o -name 'libreseal*.dylib' \) -delete
fi
if [ -f "$libraries/libreseal.a" ]; then
    consume static --static
fi
