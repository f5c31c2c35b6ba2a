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
    return {std::move(out.bytes), std::move(result)};
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
