// SPDX-License-Identifier: BSL-1.0
#include "programs.hpp"

#include "support/image_builder.hpp"

namespace bench {

const std::vector<reseal::Rule>& touching_rules() {
    static const std::vector<reseal::Rule> rules = {
        {"/nix/store/0c5b8vw40dy178xlpddw65q9gf1h2186", "/nix/store/1zzzzvw40dy178xlpddw65q9gf1h2186"}};
    return rules;
}

std::string signed_program(std::size_t size, std::size_t pages) {
    constexpr std::size_t page = 4096;
    constexpr std::size_t window = 16384;
    const std::size_t windows = size / window;
    support::ImageSpec spec;
    spec.code_size = size;
    for (std::size_t i = 0; i < pages; ++i) {
        // Spread over the windows; when each has one, the next round takes the next page of each. The load commands lie before.
        const std::size_t in_window = i / windows * page + 2048;
        const std::size_t at = (pages < windows ? i * windows / pages : i % windows) * window + in_window;
        spec.plants.push_back({at, touching_rules()[0].from});
    }
    return support::build(spec).bytes;
}

std::string no_program(std::string program) {
    program[0] = '\0';
    return program;
}

}  // namespace bench
