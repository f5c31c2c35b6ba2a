#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Builds the files of this folder: testdata/make.sh [OUT], into testdata itself unless OUT is given. testdata/make.sh --versions
# only says which versions of the tools it would use, as VERSIONS has them.
# Needs clang, ld64.lld and llvm-lipo of one LLVM version (LLVM_SUFFIX, -19 by default), and no SDK.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
suffix=${LLVM_SUFFIX--19}

versions() {
    local tool
    for tool in clang ld64.lld llvm-lipo; do
        printf '%s: %s\n' "$tool" "$("$tool$suffix" --version | grep -m1 -Eo '(LLD|version) [0-9.]+')"
    done
}
if [ "${1-}" = --versions ]; then
    versions
    exit
fi

out=${1:-$here}
mkdir -p "$out"
out=$(cd "$out" && pwd)

path_a=/nix/store/0bqks4v5sjb8cxnqjmwyrmv2ssd0lr7w-hello-1.0
path_b=/nix/store/z9h1fwkjc7vh3y6d2pga8xi5rl0sq4nm-hello-1.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile ARCH OBJECT SOURCE [FLAG]...
compile() {
    local arch=$1 object=$2 source=$3
    shift 3
    "clang$suffix" --target="$arch-apple-macos11" -ffreestanding -fno-unwind-tables -fno-asynchronous-unwind-tables -Os \
        -c "$@" -o "$object" "$source"
}

# link ARCH OUT [FLAG]...: OUT's last part becomes the identifier of the signature.
link() {
    local arch=$1 to=$2
    shift 2
    mkdir -p "$(dirname "$to")"
    "ld64.lld$suffix" -arch "$arch" -platform_version macos 11.0 11.0 -no_uuid -fixup_chains -o "$to" "$@"
}

# build LETTER PATH: everything for one path.
build() {
    local to=$out/$1 path=$2 b=$work/$1
    mkdir -p "$to" "$b/src"
    for source in "$here"/src/*; do sed "s|@STORE_PATH@|$path|g" "$source" >"$b/src/${source##*/}"; done

    for arch in arm64 x86_64; do
        local o=$b/$arch
        mkdir -p "$o"
        compile "$arch" "$o/hello.o" "$b/src/hello.c"
        compile "$arch" "$o/greet.o" "$b/src/greet.c"
        compile "$arch" "$o/short.o" "$b/src/paths.s" -Wa,-defsym,LONG=0
        compile "$arch" "$o/long.o" "$b/src/paths.s" -Wa,-defsym,LONG=1
        local exe=("$o/hello.o" "$o/short.o" "$b/src/libSystem.tbd" -rpath "$path/lib")
        link "$arch" "$o/signed/hello" "${exe[@]}" -adhoc_codesign
        link "$arch" "$o/unsigned/hello" "${exe[@]}" -no_adhoc_codesign
    done

    local arm=$b/arm64 x86=$b/x86_64
    cp "$arm/signed/hello" "$to/exe.arm64"
    cp "$x86/signed/hello" "$to/exe.x86_64"
    cp "$arm/unsigned/hello" "$to/unsigned.arm64"
    cp "$x86/unsigned/hello" "$to/unsigned.x86_64"

    link arm64 "$arm/dylib/libgreet.dylib" -dylib -install_name "$path/lib/libgreet.dylib" "$arm/greet.o" "$arm/long.o"
    cp "$arm/dylib/libgreet.dylib" "$to/dylib.arm64"
    link arm64 "$arm/bundle/greet.bundle" -bundle "$arm/greet.o" "$arm/short.o"
    cp "$arm/bundle/greet.bundle" "$to/bundle.arm64"
    link arm64 "$arm/plist/hello" "$arm/hello.o" "$arm/short.o" "$b/src/libSystem.tbd" -rpath "$path/lib" \
        -sectcreate __TEXT __info_plist "$b/src/Info.plist"
    cp "$arm/plist/hello" "$to/info-plist.arm64"

    "llvm-lipo$suffix" -create "$to/exe.x86_64" "$to/exe.arm64" -output "$to/fat"
    "llvm-lipo$suffix" -create "$to/exe.x86_64" "$to/exe.arm64" -fat64 -output "$to/fat64"
    "llvm-lipo$suffix" -create "$to/unsigned.x86_64" "$to/exe.arm64" -output "$to/half-signed"
    chmod 644 "$to"/*
}

build a "$path_a"
build b "$path_b"
printf '%s\t%s\n' "$path_a" "$path_b" >"$out/a-to-b.rules"
versions >"$out/VERSIONS"
