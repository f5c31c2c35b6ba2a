// SPDX-License-Identifier: BSL-1.0
// Raw bytes as a compressed file: what is found within does not depend on the chunks, and stays below what it may expand to.
#include "cli/inside.hpp"

#include "fuzz/feed.hpp"

namespace {

using reseal::cli::Inside;

constexpr std::uint64_t max_expanded = std::uint64_t{1} << 20;

/// References with their places; and of what could not be read, where.
struct Result {
    std::vector<std::string> found, unread;
    bool operator==(const Result&) const = default;
};

std::string where(const std::vector<reseal::cli::PackedLayer>& layers) {
    std::string out;
    for (const reseal::cli::PackedLayer& layer : layers)
        out.append(layer.format).append("\n").append(layer.member).append("\n");
    return out;
}

Result look(std::string_view file, std::size_t chunk) {
    Inside inside({std::string(32, 'a'), "dc04vv14dak1c1r48qa0m23vr9jy8sm0"}, {.wide = true, .positions = true}, max_expanded);
    inside.begin("file");
    for (; !file.empty(); file.remove_prefix(std::min(chunk, file.size()))) inside.write(file.substr(0, chunk));
    inside.end();
    fuzz::require(inside.expanded() <= max_expanded, "more was expanded than may be");
    Result out;
    for (const reseal::cli::InsideReference& each : inside.references()) {
        out.found.push_back(where(each.layers) + each.reference.hash_part);
        for (const std::uint64_t at : each.reference.positions) {
            fuzz::require(at < inside.expanded(), "a reference lies behind all that was expanded");
            out.found.back().append(" ").append(std::to_string(at));
        }
    }
    for (const reseal::cli::Unread& each : inside.unread()) out.unread.push_back(where(each.layers));
    return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const std::size_t chunk = 1 + feed.u16() % 2048;
    const std::string_view file = feed.rest();
    const Result whole = look(file, size + 1);
    fuzz::require(look(file, 1) == whole, "what is inside depends on the chunks");
    fuzz::require(look(file, chunk) == whole, "what is inside depends on the chunks");
    return 0;
}
