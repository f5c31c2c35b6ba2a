// SPDX-License-Identifier: BSL-1.0
// Law 4: the only bytes that change are the substituted ones and the slots that seal them, and the report names all of them.
#include <doctest/doctest.h>

#include <algorithm>

#include "laws/inputs.hpp"
#include "laws/slots.hpp"
#include "support/rewritten.hpp"

namespace reseal::minimal_test {
using laws::Input;
using laws::Span;
using support::Rewritten;

namespace {

/// The ranges in which the report admits changes; nothing it names is without one.
struct Admitted {
    std::vector<Span> edits, slots;
    bool covers(std::uint64_t offset) const {
        auto in = [&](const Span& span) { return span.covers(offset); };
        return std::any_of(edits.begin(), edits.end(), in) || std::any_of(slots.begin(), slots.end(), in);
    }
};

Admitted admitted(const Input& input, const Rewritten& run) {
    Admitted out;
    for (const reseal::EntryReport& entry : run.report.entries) {
        for (std::uint64_t position : entry.positions) out.edits.push_back({position, input.rules.longest()});
        for (const reseal::ImageReport& image : entry.images) {
            std::vector<Span> slots = laws::slots_changed(run.output, image);
            out.slots.insert(out.slots.end(), slots.begin(), slots.end());
        }
    }
    return out;
}

}  // namespace

TEST_CASE("a byte changes that is neither substituted nor a slot that seals such a byte") {
    for (const Input& input : laws::all()) {
        Rewritten run = support::rewrite(input.rules, input.bytes, input.options, 0);
        bool one_length = std::all_of(input.rules.rules().begin(), input.rules.rules().end(),
                                      [&](const reseal::Rule& rule) { return rule.from.size() == input.rules.longest(); });
        if (run.refused() || !one_length || input.options.cms == reseal::CmsPolicy::adhoc) continue;
        CAPTURE(input.name);
        Admitted changes = admitted(input, run);
        std::uint64_t laundered = 0;
        for (std::size_t at = 0; at < input.bytes.size(); ++at)
            if (input.bytes[at] != run.output[at] && !changes.covers(at)) ++laundered;
        CHECK(laundered == 0);
    }
}

TEST_CASE("the report names an edit or a slot that has not changed") {
    for (const Input& input : laws::all()) {
        Rewritten run = support::rewrite(input.rules, input.bytes, input.options, 0);
        if (run.refused() || input.rules.size() != 1) continue;
        CAPTURE(input.name);
        Admitted changes = admitted(input, run);
        std::uint64_t hits = 0;
        for (const Span& edit : changes.edits) {
            CHECK(input.bytes.compare(edit.at, edit.size, input.rules[0].from) == 0);
            // What --cms adhoc sets free is zeroed, the path in it too.
            if (input.options.cms != reseal::CmsPolicy::adhoc)
                CHECK(run.output.compare(edit.at, edit.size, input.rules[0].to) == 0);
            ++hits;
        }
        CHECK(run.report.hits == std::vector<std::uint64_t>{hits});
        for (const Span& slot : changes.slots)
            CHECK(input.bytes.compare(slot.at, slot.size, run.output, slot.at, slot.size) != 0);
    }
}

TEST_CASE("slots_changed is not ascending, or a cdhash stays where a slot changed") {
    for (const laws::TwinInput& input : laws::twins()) {
        CAPTURE(input.name);
        for (const reseal::EntryReport& entry : support::rewrite(input.rules, input.bytes).report.entries) {
            for (const reseal::ImageReport& image : entry.images) {
                CHECK(image.codedirectories.empty() == (image.status == reseal::ImageStatus::unsigned_));
                for (const reseal::CodeDirectoryReport& directory : image.codedirectories) {
                    CHECK(std::adjacent_find(directory.slots_changed.begin(), directory.slots_changed.end(),
                                             std::greater_equal<>()) == directory.slots_changed.end());
                    CHECK_FALSE(directory.slots_changed.empty());
                    CHECK(directory.cdhash_before != directory.cdhash_after);
                }
            }
        }
    }
}

}  // namespace reseal::minimal_test
