#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# All sources of a layer as one, whichever of them -Dunity happens to put together. Needs build-release, for what Meson
# generates. src/codec is compiled file by file: each of its formats has its Decoder and Encoder.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
[ -f build-release/src/config.hpp ] || { echo "no build-release: ./dev test makes it"; exit 0; }
compiler=${CXX:-$(command -v g++ || command -v clang++ || command -v c++)}
read -ra flags <<<"$(pkg-config --cflags libplist-2.0 libarchive openssl libsodium 2>/dev/null)"
status=0
for layer in src/*/; do
    [ "$layer" != src/codec/ ] || continue
    for file in "$layer"*.cpp; do echo "#include \"$PWD/$file\""; done |
        "$compiler" -std=c++20 -fsyntax-only -w -Iinclude -Isrc -Ibuild-release/src -Ibuild-release/include "${flags[@]}" \
            -x c++ - || { echo "not together: $layer"; status=1; }
done
exit $status
