// SPDX-License-Identifier: BSL-1.0
// A binary file of any bytes in which prefixes are replaced: the result does not depend on how it was cut, the length stays, a
// plan says what relocating does, positions that were found give the same plan, and no others are taken for them.
#include <algorithm>
#include <reseal/relocation.hpp>

#include "fuzz/feed.hpp"
#include "fuzz/prefixes.hpp"
#include "support/chunks.hpp"
#include "support/oracle.hpp"

namespace {

using namespace reseal;

struct Moved {
    std::string output;
    FileRelocation result;
    bool operator==(const Moved&) const = default;
};

Moved stream(const std::vector<std::string_view>& chunks, const Prefixes& prefixes, const FileOptions& options) {
    StringSink out;
    FileRelocator relocator(prefixes, out, options);
    for (std::string_view chunk : chunks) relocator.write(chunk);
    FileRelocation result = relocator.finish();
    if (result.refused) out.bytes.clear();
    return {std::move(out.bytes), std::move(result)};
}

PrefixOptions taken_options(fuzz::Feed& feed) {
    PrefixOptions options;
    options.padding = static_cast<Padding>(feed.below(4));
    options.tail = static_cast<Tail>(feed.below(3));
    options.wide = feed.flag();
    options.boundary = feed.flag() ? Boundary::path : Boundary::none;
    return options;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const std::size_t at = feed.u16();
    const PrefixOptions how = taken_options(feed);
    const std::vector<PrefixPair> pairs = fuzz::taken_pairs(feed);
    // Writes of a few bytes are gathered; two that are long enough are not.
    const std::string payload(feed.rest());
    std::string input = payload + std::string(4096, '\1') + payload + std::string(4096, '\2');
    const std::optional<Prefixes> made = fuzz::accepted(pairs, how);
    if (!made) return 0;
    const Prefixes& prefixes = *made;

    const FileOptions options = {.mode = FileMode::binary, .cms = CmsPolicy::adhoc};
    const MemorySource source(input);
    const FilePlan plan = plan_file(source, prefixes, options);
    StringSink out;
    const Moved planned{{}, relocate_file(source, plan, out)};
    const Moved whole = stream({input}, prefixes, options);
    fuzz::require(whole.output == out.bytes && whole.result == planned.result, "a stream and a plan differ");
    fuzz::require(stream(support::cut(input, 0, at), prefixes, options) == whole, "the result depends on the chunks");
    const std::size_t middle = std::min(input.size(), 4096 + at % (payload.size() + 1));
    fuzz::require(
        stream({std::string_view(input).substr(0, middle), std::string_view(input).substr(middle)}, prefixes, options) == whole,
        "the result depends on the chunks");

    fuzz::require(whole.result.refused || whole.output.size() == input.size(), "the length changed");
    fuzz::require(whole.result.refused || whole.result.changed == (whole.output != input), "a change that is not so");
    fuzz::require(whole.result.refused == whole.output.empty(), "bytes of a file that is refused");
    fuzz::require(whole.result.refused || !support::check(input).good_and_signed() || support::check(whole.output).good(),
                  "a signature that no longer holds");
    for (const PrefixField& field : whole.result.fields)
        fuzz::require(field.end >= field.offset && field.end <= input.size() && (!field.terminated || input[field.end] == '\0'),
                      "a string's end that is not so");

    fuzz::require(plan_positions(source, prefixes, plan.result.fields, options).result == plan.result,
                  "positions that were found give another plan");
    if (plan.result.fields.empty()) return 0;
    std::vector<PrefixField> wrong = plan.result.fields;
    wrong[at % wrong.size()].end ^= 1;
    const FileRelocation fallen = plan_positions(source, prefixes, wrong, options).result;
    fuzz::require(
        fallen.fields == plan.result.fields && !fallen.findings.empty() && fallen.findings.back().code == Code::positions_wrong,
        "a string's end that is wrong was believed");
    return 0;
}
