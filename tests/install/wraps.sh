#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# usage: wraps.sh SOURCE [INCLUDE]
# Tries the wraps without a network: the headers under INCLUDE (/usr/include) become git repositories in the layout of
# the upstream releases, git is told to take those for the upstream addresses, and a copy of SOURCE is configured with every
# fallback forced. What this cannot tell is whether the real addresses and tags are there.
set -euo pipefail
source=$1 include=${2:-/usr/include}

for header in doctest/doctest.h CLI/CLI.hpp nlohmann/json.hpp; do
    [ -f "$include/$header" ] || { echo "skipped: no $include/$header to make a repository of"; exit 77; }
done
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_GLOBAL=$scratch/gitconfig GIT_CONFIG_NOSYSTEM=1
export GIT_ALLOW_PROTOCOL=file  # a download would fail here, not pass unnoticed

value() { sed -n "s/^$2 = //p" "$source/subprojects/$1.wrap"; }

# upstream WRAP HEADERS FOLDER: a repository that holds $include/HEADERS under FOLDER, tagged as the wrap wants it.
upstream() {
    local repository=$scratch/upstream/$1
    mkdir -p "$repository/$3"
    cp -r "$include/$2" "$repository/$3"
    git -C "$repository" init -q
    git -C "$repository" add .
    git -C "$repository" -c user.name=trial -c user.email=trial@example.invalid commit -qm "Release"
    git -C "$repository" tag "$(value "$1" revision)"
    git config --global "url.file://$repository.insteadOf" "$(value "$1" url)"
}
upstream doctest doctest .
upstream cli11 CLI include
upstream nlohmann_json nlohmann include

copy=$scratch/copy
mkdir "$copy"
tar -cf - -C "$source" --exclude='./build*' --exclude=./.git . | tar -xf - -C "$copy"
find "$copy/subprojects" -mindepth 1 -maxdepth 1 -type d ! -name packagefiles -exec rm -r {} +  # fetched before
meson setup "$copy/build" "$copy" -Dcli=enabled -Dtests=enabled --buildtype=debug \
    --force-fallback-for=doctest,CLI11,nlohmann_json
for wrap in doctest cli11 nlohmann_json; do
    [ -d "$copy/subprojects/$(value $wrap directory)" ] || { echo "$wrap did not come from its wrap"; exit 1; }
done
meson compile -C "$copy/build" header-only
"$copy/build/tests/install/header-only"
