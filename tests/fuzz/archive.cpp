// SPDX-License-Identifier: BSL-1.0
// The twin, length and chunking laws on archives of any tree, sound or with some bytes broken.
#include "fuzz/feed.hpp"
#include "support/demuxed.hpp"
#include "support/image_builder.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

namespace {

struct Pair {
    support::Node a, b;
};

/// A small signed program with the path somewhere in it.
std::string program(std::size_t at, const std::string& path) {
    support::ImageSpec spec;
    spec.code_size = 9000;
    spec.plants = {{1000 + at % 7000, path}};
    return support::build(spec).bytes;
}

std::string text(const std::string& path, std::size_t pieces, std::uint64_t seed) {
    std::string out;
    for (std::size_t i = 0; i < pieces; ++i) out += std::string((seed >> (i % 32)) % 600, 't') + path;
    return out;
}

Pair node(fuzz::Feed& feed, std::string name, int depth) {
    const auto both = [&](auto make) { return Pair{make(support::path_a), make(support::path_b)}; };
    switch (feed.below(depth > 4 ? 3 : 4)) {
        case 0: {
            const std::size_t at = feed.u16();
            const bool executable = feed.flag();
            return both([&](const std::string& path) { return support::file(name, program(at, path), executable); });
        }
        case 1: {
            const std::size_t pieces = feed.below(5);
            const std::uint64_t seed = feed.u16();
            return both([&](const std::string& path) { return support::file(name, text(path, pieces, seed)); });
        }
        case 2: {
            const std::string tail(feed.below(256), 'l');
            return both([&](const std::string& path) { return support::link(name, path + tail); });
        }
        default: {
            Pair pair{support::folder(name, {}), support::folder(name, {})};
            const std::size_t count = feed.below(5);
            for (std::size_t i = 0; i < count; ++i) {
                Pair child = node(feed, std::string(1 + feed.below(120), static_cast<char>('a' + i)), depth + 1);
                pair.a.children.push_back(std::move(child.a));
                pair.b.children.push_back(std::move(child.b));
            }
            return pair;
        }
    }
}

std::string archive(const support::Node& root, std::size_t style) {
    if (style == 0) return support::nar(root);
    // Only these two hold a target of any length.
    return support::tar(root, style == 1 ? support::TarStyle::pax : support::TarStyle::gnu);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const std::size_t style = feed.below(3), chunk = 1 + feed.u16(), damage = feed.below(4);
    const std::size_t at = feed.u16();
    const Pair tree = node(feed, "top", 0);
    std::string stream = archive(tree.a, style);
    const std::string twin = archive(tree.b, style);
    const reseal::Rules rules({{support::path_a, support::path_b}});
    reseal::Options options;
    options.positions = options.edits = true;
    if (damage == 3) {  // by a flipped bit
        char& byte = stream[at * 37 % stream.size()];
        byte = static_cast<char>(byte ^ (1 << (at & 7)));
    } else if (damage == 2) {
        stream.resize(at * 37 % stream.size());
    }
    const support::Rewritten whole = support::rewrite(rules, stream, options);
    fuzz::require(support::rewrite(rules, stream, options, chunk) == whole, "the result depends on the chunks");
    fuzz::require(whole.output.size() <= stream.size(), "the stream grew");
    if (damage >= 2) return 0;
    fuzz::require(whole.failure.empty(), "a sound archive was refused");
    fuzz::require(whole.output == twin, "the output is not the twin");
    return 0;
}
