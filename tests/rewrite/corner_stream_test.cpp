// SPDX-License-Identifier: BSL-1.0
// Streams: cut off at every place, empty, idempotent, very long.
#include <doctest/doctest.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>

#include "corner.hpp"
#include "support/chunks.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_stream_test {
using namespace support;

namespace {

struct Result {
    std::string bytes;
    bool refused = false;
    std::vector<Finding> findings;
};

Result run(std::string_view input, const Rules& rules) {
    Result out;
    StringSink sink;
    Rewriter rewriter(rules, sink);
    rewriter.write(input);
    try {
        rewriter.finish();
    } catch (const Error& e) {
        REQUIRE(e.error() == ErrorCode::refused);
        out.refused = true;
    }
    out.bytes = sink.bytes;
    out.findings = rewriter.report().findings;
    return out;
}

}  // namespace

TEST_CASE("a stream cut off at any byte: plain up to the load commands' end, then refused once touched, never half patched") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature.blobs = {};
    spec.trailer = "trailer";
    const Image image = build(spec);
    const Rules rules(corner::path_rule());
    for (std::size_t length = 0; length <= image.bytes.size(); ++length) {
        // In the middle of the code one length in seven is enough.
        if (length > image.commands_end + 100 && length + 300 < image.signature && length % 7 != 0) continue;
        const std::string cut = image.bytes.substr(0, length);
        const std::string substituted = corner::naive(cut);
        const Result out = run(cut, rules);
        const bool touched = substituted != cut, parsed = length >= image.commands_end, whole = length >= image.trailer;
        if (out.refused != (touched && parsed && !whole)) FAIL("refused or not, at " << length);
        if (out.refused && (out.findings.size() != 1 || out.findings[0].code != Code::truncated))
            FAIL("the finding, at " << length);
        if (out.refused && !substituted.starts_with(out.bytes)) FAIL("bytes before the refusal, at " << length);
        if (!out.refused && !whole && out.bytes != substituted) FAIL("bytes that pass, at " << length);
        if (whole && !check(out.bytes).good_and_signed()) FAIL("the signature, at " << length);
    }
}

TEST_CASE("a stream cut off at any byte without an edit passes byte for byte, without a word") {
    const Image image = build(with_path_in_code(path_a));
    const Rules rules({{"these bytes occur in no input of ours", "and these bytes replace them nowhere."}});
    for (std::size_t length = 0; length <= image.bytes.size(); length += 1 + length % 5) {
        const Result out = run(std::string_view(image.bytes).substr(0, length), rules);
        if (out.refused || out.bytes != image.bytes.substr(0, length) || !out.findings.empty()) FAIL("at " << length);
    }
}

TEST_CASE("no rules and no bytes") {
    const corner::Outcome out = corner::rewrite("", {}, {});
    CHECK(out.bytes.empty());
    CHECK(out.report.entries.empty());
    const std::string image = build(with_path_in_code(path_a)).bytes;
    CHECK(corner::rewrite(image, {}, {}).bytes == image);
}

TEST_CASE("rewriting what was rewritten changes nothing") {
    for (const NamedFile& file : twin_files()) {
        CAPTURE(file.name);
        const corner::Outcome again = corner::rewrite(file.b);
        CHECK(again.bytes == file.b);
        CHECK(again.report.entries.empty());
    }
}

TEST_CASE("there and back again gives the first bytes") {
    for (const NamedFile& file : twin_files()) {
        CAPTURE(file.name);
        CHECK(corner::rewrite(file.b, {}, {{path_b, path_a}}).bytes == file.a);
    }
}

TEST_CASE("a slice beyond 4 GiB is found and resealed at its 64-bit offset") {
    constexpr std::uint64_t offset = (std::uint64_t{1} << 32) + 16384;
    const Twins image = twins(with_path_in_code(path_a), path_a, path_b);
    const std::string table =
        be32(0xcafebabf) + be32(1) + be32(cpu_arm64) + be32(0) + be64(offset) + be64(image.a.size()) + be32(14) + be32(0);
    // Keeps what comes behind the gap.
    struct Tail final : Sink {
        void write(std::string_view bytes) override {
            if (written + bytes.size() > offset)
                tail += bytes.substr(written < offset ? static_cast<std::size_t>(offset - written) : 0);
            written += bytes.size();
        }
        std::uint64_t written = 0;
        std::string tail;
    } sink;
    Options options;
    options.positions = true;
    Rewriter rewriter(Rules(corner::path_rule()), sink, options);
    rewriter.write(table);
    const std::string zeros(4 << 20, '\0');
    for (std::uint64_t left = offset - table.size(); left > 0;) {
        const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left, zeros.size()));
        rewriter.write(std::string_view(zeros).substr(0, count));
        left -= count;
    }
    rewriter.write(image.a);
    rewriter.finish();
    CHECK(sink.written == offset + image.a.size());
    CHECK(sink.tail == image.b);
    const EntryReport& entry = rewriter.report().entries.at(0);
    CHECK(entry.images.at(0).offset == offset);
    CHECK(entry.images.at(0).status == ImageStatus::resealed);
    CHECK(entry.positions.at(1) == offset + 4096 + 100);
}

}  // namespace reseal::corner_stream_test
