// SPDX-License-Identifier: BSL-1.0
// Law 8, memory: it follows what was touched, never the file.
#include <doctest/doctest.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/filter.hpp>
#include <reseal/hint.hpp>
#include <reseal/rewriter.hpp>
#include <sstream>

#include "laws/inputs.hpp"
#include "laws/memory.hpp"
#include "support/blobs.hpp"
#include "support/effort.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/shapes.hpp"
#include "support/tree.hpp"

namespace reseal::bounded_test {
using support::path_a;

namespace {

constexpr std::size_t kib = 1024, mib = 1024 * kib;
constexpr std::size_t stream_size = 64 * mib;

const std::string mark = "in every page it is", marked = "IN EVERY PAGE IT IS";

struct Counter final : reseal::Sink {
    void write(std::string_view bytes) override { count += bytes.size(); }
    std::uint64_t count = 0;
};

/// What a stream of `rounds` times `input` cost at most, in chunks of 64 KiB.
struct Cost {
    std::size_t memory = 0;
    std::uint64_t output = 0;
    reseal::Report report;
    reseal::Work work;
    bool refused = false;
};

Cost cost(std::string_view input, std::size_t rounds, const reseal::Rules& rules, const reseal::Options& options = {}) {
    Cost out;
    Counter sink;
    laws::MemoryGauge gauge;
    reseal::Rewriter rewriter(rules, sink, options);
    try {
        for (std::size_t i = 0; i < rounds; ++i)
            for (std::string_view rest = input; !rest.empty(); rest.remove_prefix(std::min(rest.size(), 64 * kib)))
                rewriter.write(rest.substr(0, 64 * kib));
        rewriter.finish();
    } catch (const reseal::Error& error) {
        out.refused = error.error() == reseal::ErrorCode::refused;
        if (!out.refused) throw;
    }
    out.memory = gauge.peak();
    out.output = sink.count;
    out.report = rewriter.report();
    out.work = rewriter.work();
    return out;
}

constexpr std::size_t code_size = stream_size - 1000, marked_pages = code_size / 4096 - 1;

/// 64 MiB of code, every page of it but the first and the last with `mark`, one in two hundred with the path. Made once: 64 MiB
/// are hashed for it.
const std::string& big_image() {
    static const std::string bytes = [] {
        support::ImageSpec spec;
        spec.code_size = code_size;
        for (std::uint64_t page = 1; page <= marked_pages; ++page) {
            spec.plants.push_back({page * 4096 + 2000, mark});
            if (page % 200 == 0) spec.plants.push_back({page * 4096 + 3000, path_a});
        }
        return support::build(spec).bytes;
    }();
    return bytes;
}

}  // namespace

TEST_CASE("a long stream of matches is kept") {
    const std::string block = support::noise(300, 1) + path_a + support::noise(600, 2);
    std::string input;
    while (input.size() < mib) input += block;
    Cost plain = cost(input, 64, laws::a_to_b());
    CHECK(plain.output == 64 * input.size());
    CHECK(plain.memory < 256 * kib);
}

TEST_CASE("a long stream without a match is kept") {
    const std::string input = support::noise(mib, 3);
    Cost plain = cost(input, 64, laws::a_to_b());
    CHECK(plain.output == stream_size);
    CHECK(plain.memory < 256 * kib);
}

TEST_CASE("the code of a signed image is kept where nothing is touched") {
    Cost untouched = cost(big_image(), 1, reseal::Rules({{"this stands nowhere", "and neither is this"}}));
    CHECK(untouched.output == big_image().size());
    CHECK(untouched.memory < mib + stream_size / 4096 * 32);  // the signature, and a window
    CHECK(untouched.work.pages_hashed == 0);
}

TEST_CASE("more is kept of a signed image than its touched windows and its signature") {
    Cost touched = cost(big_image(), 1, laws::a_to_b());
    CHECK(touched.report.entries.at(0).status == reseal::EntryStatus::resealed);
    CHECK(touched.work.windows_touched == stream_size / 4096 / 200);
    CHECK(touched.work.windows_folded == 0);
    // Old and new bytes of 81 windows, the signature twice, and what lists grow by.
    CHECK(touched.memory < 81 * 32 * kib + 2 * stream_size / 4096 * 32 + 2 * mib);
}

TEST_CASE("a fully touched image is kept") {
    Cost touched = cost(big_image(), 1, reseal::Rules({{mark, marked}}));
    CHECK(touched.report.entries.at(0).status == reseal::EntryStatus::resealed);
    CHECK(touched.report.hits.at(0) == marked_pages);
    CHECK(touched.work.windows_folded > 0);
    // The waiting windows, the signature twice, and digests: a window of four pages leaves 10 digests of each hash, old and
    // new.
    const std::size_t digests = 2 * 5 * (20 + 32 + 48) + 15 * 8;
    CHECK(touched.memory < 4 * mib + 2 * stream_size / 4096 * 32 + 2 * (stream_size / 16384) * digests + 2 * mib);

    reseal::Options hinted;
    hinted.hint = reseal::read_hint(reseal::MemorySource(big_image()));
    Cost told = cost(big_image(), 1, reseal::Rules({{mark, marked}}), hinted);
    CHECK(told.report == touched.report);
    CHECK(told.memory < touched.memory);
    CHECK(told.work.pages_hashed < touched.work.pages_hashed);
    CHECK(told.work.pages_hashed == 2 * marked_pages);
}

TEST_CASE("every edit in a signature is kept, instead of the signature twice") {
    // Every other byte of a blob, and then of the padding behind the SuperBlob, one edit each.
    const std::string cells = [] {
        std::string text;
        while (text.size() < support::rounds(16 * mib)) text += "x.";
        return text;
    }();
    for (const bool sealed : {true, false}) {
        CAPTURE(sealed);
        support::ImageSpec spec;
        if (sealed) spec.signature.blobs = {support::entitlements(cells)};
        else spec.signature.padding = cells;
        for (const reseal::UnsealablePolicy policy : {reseal::UnsealablePolicy::refuse, reseal::UnsealablePolicy::keep}) {
            reseal::Options options;
            options.unsealable = policy;
            Cost touched = cost(support::build(spec).bytes, 1, reseal::Rules({{"x.", "y."}}), options);
            CHECK_FALSE(touched.refused);
            CHECK(touched.report.hits.at(0) >= cells.size() / 2);
            // Each of the two strings may have twice the room it needs, and while it grows both rooms are there.
            CHECK(touched.memory < 5 * cells.size());
        }
    }
}

TEST_CASE("the filter, read from, keeps the stream") {
    std::istringstream input(big_image());
    std::string buffer(64 * kib, '\0');
    laws::MemoryGauge gauge;
    reseal::RewriteFilter filter(laws::a_to_b());
    std::uint64_t count = 0;
    while (true) {
        std::streamsize got = filter.read(input, buffer.data(), static_cast<std::streamsize>(buffer.size()));
        if (got < 0) break;
        count += static_cast<std::uint64_t>(got);
    }
    CHECK(count == big_image().size());
    CHECK(gauge.peak() < 81 * 32 * kib + 4 * stream_size / 4096 * 32 + 2 * mib);
}

TEST_CASE("lengths that an input claims are believed") {
    const std::string filler = support::noise(mib, 4);
    auto peak = [&](std::string head, std::size_t rounds) {
        head += path_a;
        Counter sink;
        laws::MemoryGauge gauge;
        reseal::Rewriter rewriter(laws::a_to_b(), sink);
        rewriter.write(head);
        for (std::size_t i = 0; i < rounds; ++i) rewriter.write(filler);
        try {
            rewriter.finish();
        } catch (const reseal::Error& error) {
            CHECK(error.error() == reseal::ErrorCode::refused);
        }
        return gauge.peak();
    };
    support::ImageSpec spec;
    spec.signature_datasize = 64 * mib + 1;  // beyond the maximum: refused where touched, and nothing of it kept
    const std::string head = support::build(spec).bytes.substr(0, spec.code_size);
    CHECK(peak(head, 80) < 3 * mib);
    spec.signature_datasize = 0xffffffff;
    CHECK(peak(support::build(spec).bytes.substr(0, spec.code_size), 8) < 3 * mib);
    // sizeofcmds of 4 GiB, and 2³² slices.
    CHECK(peak(support::poked(head, 20, "\xff\xff\xff\xff"), 8) < 5 * mib);
    CHECK(peak("\xca\xfe\xba\xbe\xff\xff\xff\xff", 8) < 3 * mib);
    CHECK(peak(std::string("\xca\xfe\xba\xbf\0\0\0\x40", 8), 8) < 3 * mib);
}

TEST_CASE("an archive's entries are kept, or its size is") {
    const std::string text = support::noise(1024, 5);
    for (const bool tape : {false, true}) {
        CAPTURE(tape);
        const auto entry = [&](int number) {
            const std::string name = std::to_string(10'000'000 + number);
            if (tape) return support::tar_header(support::TarStyle::ustar, name, '0', text.size()) + support::tar_padded(text);
            const auto s = [](const std::string& bytes) { return support::nar_string(bytes); };
            return s("entry") + s("(") + s("name") + s(name) + s("node") + s("(") + s("type") + s("regular") + s("contents") +
                   s(text) + s(")") + s(")");
        };
        const std::string root = support::nar(support::folder("", {}));
        const std::string begin = tape ? "" : root.substr(0, root.size() - 16),
                          end = tape ? std::string(1024, '\0') : root.substr(root.size() - 16);
        const auto peak = [&](int entries) {
            Counter sink;
            laws::MemoryGauge gauge;
            reseal::Rewriter rewriter(laws::a_to_b(), sink);
            rewriter.write(begin);
            for (int i = 0; i < entries; ++i) rewriter.write(entry(i));
            rewriter.write(end);
            rewriter.finish();
            CHECK(rewriter.report().entries.empty());
            return gauge.peak();
        };
        const std::size_t few = peak(100), many = peak(100'000);
        CHECK(many < few + 16 * kib);
        CHECK(many < 256 * kib);
    }
}

TEST_CASE("a large file in an archive is kept") {
    const std::string block = support::noise(mib, 6);
    constexpr std::size_t rounds = 1024;
    const std::string header = support::tar_header(support::TarStyle::ustar, "large", '0', rounds * block.size());
    Counter sink;
    laws::MemoryGauge gauge;
    reseal::Rewriter rewriter(laws::a_to_b(), sink);
    rewriter.write(header);
    for (std::size_t i = 0; i < rounds; ++i) rewriter.write(block);
    rewriter.write(std::string(1024, '\0'));
    rewriter.finish();
    CHECK(sink.count == header.size() + rounds * block.size() + 1024);
    CHECK(gauge.peak() < 256 * kib);
}

}  // namespace reseal::bounded_test
