// SPDX-License-Identifier: BSL-1.0
// The seal, twin and honest laws on signed programs of any shape, sound or with some bytes broken after signing.
#include <algorithm>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>
#include <stdexcept>

#include "fuzz/feed.hpp"
#include "fuzz/spec.hpp"
#include "support/fat_builder.hpp"
#include "support/oracle.hpp"
#include "support/rewritten.hpp"
#include "support/shapes.hpp"

namespace {

struct File {
    std::string bytes, twin;
};

File file_from(fuzz::Feed& feed) {
    std::size_t count = 1 + feed.below(8) % 3;
    bool fat = count > 1 || feed.flag(), wide = feed.flag();
    std::vector<support::SliceSpec> a, b;
    for (std::size_t i = 0; i < count; ++i) {
        support::ImageSpec spec = fuzz::spec_from(feed);
        spec.cpusubtype = static_cast<std::uint32_t>(i);  // no two slices of one architecture
        a.emplace_back(support::build(spec));
        b.emplace_back(support::build(support::with_path(spec, support::path_a, support::path_b)));
    }
    return fat ? File{support::fat(a, wide).bytes, support::fat(b, wide).bytes} : File{a[0].bytes, b[0].bytes};
}

/// Flips bits at up to four places.
bool broken(fuzz::Feed& feed, std::string& bytes) {
    std::size_t places = feed.below(16) % 5;
    for (std::size_t i = 0; i < places; ++i) {
        char& byte = bytes[feed.u16() % bytes.size()];
        byte = static_cast<char>(byte ^ static_cast<char>(feed.u8() | 1));
    }
    return places > 0;
}

/// Slots that were wrong and no longer are.
bool laundered(const support::Checked& before, const support::Checked& after) {
    if (before.images.size() != after.images.size()) return false;
    for (std::size_t i = 0; i < before.images.size(); ++i) {
        const auto& old_ones = before.images[i].directories;
        const auto& new_ones = after.images[i].directories;
        if (old_ones.size() != new_ones.size()) continue;
        for (std::size_t k = 0; k < old_ones.size(); ++k)
            if (!std::includes(new_ones[k].bad.begin(), new_ones[k].bad.end(), old_ones[k].bad.begin(), old_ones[k].bad.end()))
                return true;
    }
    return false;
}

bool cms_signed(const support::Checked& checked) {
    return std::any_of(checked.images.begin(), checked.images.end(), [](const auto& image) { return image.cms; });
}

/// But for what slices are to each other: each is sealed for itself, and one that was made ad-hoc is of no team.
bool rejected(const std::string& bytes) {
    const auto minded = [](const reseal::Problem& problem) {
        return problem.code != reseal::Code::unsigned_image && problem.code != reseal::Code::teams_differ;
    };
    std::vector<reseal::ImageVerdict> images = reseal::verify(reseal::MemorySource(bytes));
    return std::any_of(images.begin(), images.end(),
                       [&](const auto& image) { return std::any_of(image.problems.begin(), image.problems.end(), minded); });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    std::uint8_t policies = feed.u8();
    reseal::Options options;
    options.cms = static_cast<reseal::CmsPolicy>((policies & 3) % 3);
    options.stale = static_cast<reseal::StalePolicy>(policies >> 2 & 1);
    File file;
    try {
        file = file_from(feed);
    } catch (const std::logic_error&) {
        return 0;  // a shape that cannot be built: what is in it does not fit
    }
    bool sound = !broken(feed, file.bytes);
    const support::Checked before = support::check(file.bytes);
    const bool cms = cms_signed(before);
    if (sound && !cms) fuzz::require(rejected(file.bytes) == !before.good(), "the verifier and the oracle disagree");

    const reseal::Rules rules({{support::path_a, support::path_b}});
    const support::Rewritten run = support::rewrite(rules, file.bytes, options, 0, size);
    if (run.refused()) {
        fuzz::require(!sound || cms || !before.good_and_signed(), "a sound program was refused");
        return 0;
    }
    fuzz::require(run.output.size() == file.bytes.size(), "the length has changed");
    const support::Checked after = support::check(run.output);
    if (options.stale == reseal::StalePolicy::refuse) fuzz::require(!laundered(before, after), "a wrong slot was laundered");
    if (before.good_and_signed()) fuzz::require(after.good(), "what was right before is wrong after");
    // --cms keep leaves the CMS blob unbound.
    if (!rejected(file.bytes) && !(cms && options.cms == reseal::CmsPolicy::keep))
        fuzz::require(!rejected(run.output), "the verifier takes the input and rejects the output");
    if (sound && !cms) fuzz::require(run.output == file.twin, "the output is not the twin");
    return 0;
}
