// SPDX-License-Identifier: BSL-1.0
// Strings that know their length, as std::string_view, Rust and Go have them.
#include <cstdio>
#include <string_view>

constexpr std::string_view views[] = {PREFIX "/share/greet", PREFIX, "-I" PREFIX "/include -L" PREFIX "/lib"};

int main() {
    for (const std::string_view view : views) {
        std::printf("%zu ", view.size());
        std::fwrite(view.data(), 1, view.size(), stdout);
        std::puts("");
    }
}
