// SPDX-License-Identifier: BSL-1.0
// Law 8, work: no page is hashed that was not touched, and a touched one at most twice per page size and hash. A hint changes
// the work and nothing else.
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/hint.hpp>
#include <reseal/source.hpp>
#include <set>

#include "config.hpp"
#include "laws/inputs.hpp"
#include "support/chunks.hpp"
#include "support/image_builder.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

namespace reseal::work_test {
using laws::TwinInput;
using support::Rewritten;

namespace {

/// How many blocks of `size` bytes, counted from `begin`, hold a byte that differs.
std::uint64_t differing(const std::string& a, const std::string& b, std::uint64_t begin, std::uint64_t end,
                        std::uint64_t size) {
    std::set<std::uint64_t> blocks;
    for (std::uint64_t at = begin; at < end; ++at)
        if (a[at] != b[at]) blocks.insert((at - begin) / size);
    return blocks.size();
}

/// Where the code of a thin image at `offset` ends, by its oracle-free description: the first byte that only a slot explains is
/// behind it. Taken from LC_CODE_SIGNATURE.
std::uint64_t code_end(const std::string& file, std::uint64_t offset) {
    bool big = file[offset] == '\xfe';
    bool wide = file[offset + (big ? 3 : 0)] == '\xcf';
    auto u32 = [&](std::uint64_t at) {
        std::uint32_t value = 0;
        for (std::uint64_t i = 0; i < 4; ++i)
            value |= static_cast<std::uint32_t>(static_cast<unsigned char>(file[at + i])) << 8 * (big ? 3 - i : i);
        return value;
    };
    std::uint64_t at = offset + (wide ? 32 : 28);
    while (u32(at) != 0x1d) at += u32(at + 4);
    return offset + u32(at + 8);
}

}  // namespace

TEST_CASE("a page is hashed that holds no changed byte, or one more often than it has to be") {
    for (const TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        for (std::size_t chunk : support::coarse_chunkings) {
            Rewritten run = support::rewrite(input.rules, input.bytes, {}, chunk);
            std::uint64_t pages = 0, windows = 0;
            for (const reseal::ImageReport& image : run.report.entries.at(0).images) {
                if (image.codedirectories.empty()) continue;
                std::uint64_t end = code_end(input.bytes, image.offset);
                for (const reseal::CodeDirectoryReport& directory : image.codedirectories)
                    pages += 2 * differing(input.bytes, input.twin, image.offset, end, directory.page_size);
                windows += differing(input.bytes, input.twin, image.offset, end, 16384);
            }
            CHECK(run.work.windows_folded == 0);
            CHECK(run.work.windows_touched == windows);
            CHECK(run.work.pages_hashed == pages);
        }
    }
}

TEST_CASE("a hint changes the output or the report") {
    for (const laws::Input& input : laws::all()) {
        CAPTURE(input.name);
        Rewritten without = support::rewrite(input.rules, input.bytes, input.options);
        reseal::Options options = input.options;
        options.hint = reseal::read_hint(reseal::MemorySource(input.bytes));
        CHECK(support::rewrite(input.rules, input.bytes, options) == without);
        CHECK(support::rewrite(input.rules, input.bytes, options, 4097) == without);
    }
}

namespace {

/// More touched windows than wait: 300 of them, hashed by SHA-1 in pages of 4 KiB and by SHA-256 in pages of 16 KiB.
const support::ImageSpec& folded_spec() {
    static const support::ImageSpec made = [] {
        support::ImageSpec spec;
        spec.code_size = 300 * 16384 + 5000;
        for (std::uint64_t window = 0; window < 300; ++window) spec.plants.push_back({window * 16384 + 9000, support::path_a});
        support::primary(spec).hash_type = 1;
        support::DirectorySpec alternate;
        alternate.slot = support::slot_alternate;
        alternate.page_shift = 14;
        spec.signature.directories.push_back(alternate);
        return spec;
    }();
    return made;
}

/// The counts are of three hashes, and the file has SHA-1.
const doctest::skip needs_libcrypto(RESEAL_LIBCRYPTO == 0);

}  // namespace

TEST_CASE("folded windows give other slots than waiting ones, with a hint or without" * needs_libcrypto) {
    support::Twins twins = support::twins(folded_spec(), support::path_a, support::path_b);
    Rewritten without = support::rewrite(laws::a_to_b(), twins.a, {}, 4097);
    CHECK(laws::same(without.output, twins.b));
    CHECK(without.work.windows_touched == 300);
    CHECK(without.work.windows_folded == 172);
    // Folded: SHA-1, SHA-256 and SHA-384 of a page of 4 KiB and one of 16 KiB. Waiting: the two that were asked for. Old and
    // new.
    CHECK(without.work.pages_hashed == 2 * (172 * 6 + 128 * 2));

    reseal::Options options;
    options.hint = reseal::read_hint(reseal::MemorySource(twins.a));
    REQUIRE(options.hint.images.size() == 1);
    Rewritten with = support::rewrite(laws::a_to_b(), twins.a, options);
    CHECK(with == without);
    CHECK(with.work.pages_hashed == 2 * 300 * 2);
}

TEST_CASE("a hint of a file is taken for one of an archive's entries") {
    support::ImageSpec spec = support::with_path_in_code(support::path_a);
    support::primary(spec).page_shift = 14;
    const support::Twins twins = support::twins(spec, support::path_a, support::path_b);
    reseal::Options options;
    options.hint.images = {{0, {{4096, reseal::HashType::sha256}}}};  // of windows that are too small
    CHECK_THROWS_AS(support::rewrite(laws::a_to_b(), twins.a, options), reseal::Error);
    const auto archived = [](const std::string& program, bool tape) {
        const support::Node tree = support::folder("", {support::file("program", program, true)});
        return tape ? support::tar(tree, support::TarStyle::ustar) : support::nar(tree);
    };
    for (const bool tape : {false, true}) {
        CAPTURE(tape);
        CHECK(laws::same(support::rewrite(laws::a_to_b(), archived(twins.a, tape), options).output, archived(twins.b, tape)));
    }
}

TEST_CASE("a hint that is not true gives a wrong output instead of an error" * needs_libcrypto) {
    std::string input = support::build(folded_spec()).bytes;
    reseal::Options options;
    options.hint.images = {{0, {{4096, reseal::HashType::sha1}}}};  // the alternate is missing
    try {
        support::rewrite(laws::a_to_b(), input, options);
        FAIL("an untrue hint was believed");
    } catch (const reseal::Error& error) {
        CHECK(error.error() == reseal::ErrorCode::misuse);
    }
    // Where nothing is folded it does not matter, and neither does a hint for an image that is not there.
    support::Twins small = support::twins(support::with_path_in_code(support::path_a), support::path_a, support::path_b);
    CHECK(laws::same(support::rewrite(laws::a_to_b(), small.a, options).output, small.b));
    options.hint.images = {{12345, {{16384, reseal::HashType::sha384}}}};
    CHECK_FALSE(support::rewrite(laws::a_to_b(), input, options).refused());
}

}  // namespace reseal::work_test
