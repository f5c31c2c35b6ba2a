// SPDX-License-Identifier: BSL-1.0
#include "moved.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "support/chunks.hpp"

using namespace reseal;

namespace support {

bool Moved::has(Code code, Severity severity) const {
    return std::any_of(result.findings.begin(), result.findings.end(),
                       [&](const Finding& each) { return each.code == code && each.severity == severity; });
}

Moved moved(const std::vector<std::string_view>& chunks, const Prefixes& prefixes, const FileOptions& options) {
    StringSink out;
    FileRelocator relocator(prefixes, out, options);
    for (std::string_view chunk : chunks) relocator.write(chunk);
    FileRelocation result = relocator.finish();
    return {result.refused ? std::string() : std::move(out.bytes), std::move(result)};
}

namespace {

/// Planned once more, with a patch: what it says must be what was written.
void check_patched(std::string_view input, const Prefixes& prefixes, FileOptions options, const Moved& written) {
    options.patch_limit = std::size_t{1} << 20;
    const FilePlan plan = plan_file(MemorySource(input), prefixes, options);
    FileRelocation expected = written.result;
    if (!expected.changed || expected.refused) expected.sha256_after.clear();
    CHECK(plan.result == expected);
    const bool promised = expected.changed && !expected.refused && expected.mode == FileMode::binary && options.linkage.empty();
    CHECK_EQ(plan.patch.has_value(), promised);
    if (plan.patch) CHECK_EQ(patched(input, *plan.patch), written.output);
}

}  // namespace

std::string patched(std::string_view input, const FilePatch& patch) {
    std::string out(input);
    std::uint64_t end = 0;
    for (const FilePatch::Range& range : patch.ranges) {
        CHECK(!range.bytes.empty());
        CHECK(range.offset >= end);
        end = range.offset + range.bytes.size();
        REQUIRE(end <= out.size());
        out.replace(static_cast<std::size_t>(range.offset), range.bytes.size(), range.bytes);
    }
    return out;
}

Moved planned(std::string_view input, const Prefixes& prefixes, const FileOptions& options) {
    const MemorySource source(input);
    const FilePlan plan = plan_file(source, prefixes, options);
    StringSink out;
    FileRelocation result = relocate_file(source, plan, out);
    CHECK_EQ(out.bytes.empty(), result.refused || input.empty());
    if (!result.refused) CHECK_EQ(plan.result.changed, out.bytes != input);
    FileRelocation undigested = result;
    undigested.sha256_after.clear();
    CHECK(plan.result == undigested);
    Moved written{std::move(out.bytes), std::move(result)};
    check_patched(input, prefixes, options, written);
    return written;
}

Moved moved_every_way(std::string_view input, const Prefixes& prefixes, const FileOptions& options) {
    Moved whole = moved({input}, prefixes, options);
    const auto same = [&](const Moved& other) {
        CHECK_EQ(other.output, whole.output);
        CHECK(other == whole);
    };
    for (std::size_t at = 1; at < input.size(); ++at) same(moved({input.substr(0, at), input.substr(at)}, prefixes, options));
    same(moved(cut(input, 1), prefixes, options));
    same(planned(input, prefixes, options));

    // Writes of a few bytes are gathered, so that two cuts of a short file are one; here both parts are searched at once.
    const std::string before(4096, '.'), longer = before + std::string(input) + std::string(4096, '.');
    const Moved of_longer = moved({longer}, prefixes, options);
    for (std::size_t at = 0; at <= input.size(); ++at) {
        const auto [first, second] = std::pair(longer.substr(0, before.size() + at), longer.substr(before.size() + at));
        CHECK(moved({first, second}, prefixes, options) == of_longer);
    }
    CHECK(planned(longer, prefixes, options) == of_longer);
    return whole;
}

}  // namespace support
