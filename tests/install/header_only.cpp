// SPDX-License-Identifier: BSL-1.0
// One use of each header-only library, so that a wrap that finds no header, or the wrong one, does not build.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

int main(int argc, char** argv) {
    CLI::App app;
    bool list = false;
    app.add_flag("--list", list);
    CLI11_PARSE(app, argc, argv);
    const nlohmann::json versions = {{"doctest", DOCTEST_VERSION_STR}, {"CLI11", CLI11_VERSION}};
    return doctest::Context().run() == 0 && versions.size() == 2 ? 0 : 1;
}
