// SPDX-License-Identifier: BSL-1.0
// Raw bytes as a file: whatever they are, nothing crashes, the rewriter, the verifier, the reader of hints, the oracle and what
// is explained agree with each other, what was valid before is valid after or was refused, and so is what was fixed.
#include <algorithm>
#include <reseal/explain.hpp>
#include <reseal/fix.hpp>
#include <reseal/hint.hpp>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>
#include <string>
#include <string_view>

#include "fuzz/feed.hpp"
#include "fuzz/picked.hpp"
#include "support/oracle.hpp"
#include "support/rewritten.hpp"

namespace {

bool any_valid(const std::vector<reseal::ImageVerdict>& images) {
    return std::any_of(images.begin(), images.end(),
                       [](const reseal::ImageVerdict& image) { return image.verdict == reseal::Verdict::valid; });
}

bool all_good(const std::vector<reseal::ImageVerdict>& images) {
    return std::all_of(images.begin(), images.end(), [](const reseal::ImageVerdict& image) {
        return image.verdict == reseal::Verdict::valid || image.verdict == reseal::Verdict::unsigned_;
    });
}

/// A yes to everything codesign asks is the kernel's too, but for what only the kernel asks.
bool kernel_only(const reseal::Problem& problem) {
    return problem.code == reseal::Code::fat_unloadable || problem.code == reseal::Code::not_covered ||
           problem.code == reseal::Code::signature_too_large;
}

void compare_levels(const reseal::Source& file, const std::vector<reseal::ImageVerdict>& all) {
    reseal::VerifyOptions options;
    options.level = reseal::Level::kernel;
    const std::vector<reseal::ImageVerdict> kernel = reseal::verify(file, options);
    for (const reseal::ImageVerdict& one : kernel) {
        if (std::any_of(one.notes.begin(), one.notes.end(),
                        [](const reseal::Problem& note) { return note.code == reseal::Code::code_limit; }))
            continue;  // to the kernel, which reads another code limit, this is another thing
        fuzz::require(one.bad == !one.problems.empty(), "bad without a problem");
        for (const reseal::Problem& problem : one.problems)
            fuzz::require(problem.layer == reseal::Layer::kernel, "the kernel's level says what the kernel does not");
        for (const reseal::ImageVerdict& same : all) {
            if (same.offset != one.offset || same.layer() == reseal::Layer::kernel) continue;
            fuzz::require(std::all_of(one.problems.begin(), one.problems.end(), kernel_only),
                          "the kernel minds what codesign's level does not say it minds");
        }
    }
    options.level = reseal::Level::codesign;
    options.jobs = 3;
    fuzz::require(reseal::verify(file, options) == all, "threads change the verdict");
}

std::string applied(std::string file, const reseal::Fix& fix) {
    std::uint64_t done = 0;
    for (const reseal::Replacement& each : fix.replacements) {
        fuzz::require(each.offset >= done && each.offset <= file.size() && each.bytes.size() <= file.size() - each.offset,
                      "a fix out of order, or outside of the file");
        done = each.offset + each.bytes.size();
        file.replace(static_cast<std::size_t>(each.offset), each.bytes.size(), each.bytes);
    }
    return file;
}

void check_fix(std::string_view file, reseal::CmsPolicy cms) {
    const reseal::Fix fix = reseal::fix(reseal::MemorySource(file), cms);
    if (fix.refused()) return fuzz::require(fix.replacements.empty(), "a file that is refused is changed");
    const std::string fixed = applied(std::string(file), fix);
    for (const reseal::ImageVerdict& image : reseal::verify(reseal::MemorySource(fixed)))
        for (const reseal::Problem& problem : image.problems)
            fuzz::require(cms == reseal::CmsPolicy::keep && problem.code == reseal::Code::cms_unbound,
                          "a file that was fixed is rejected");
    fuzz::require(reseal::fix(reseal::MemorySource(fixed), cms).replacements.empty(), "what was fixed is fixed again");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    fuzz::Picked input = fuzz::pick(feed);
    const reseal::MemorySource before(input.payload);
    const std::vector<reseal::ImageVerdict> verdicts = reseal::verify(before);
    reseal::VerifyOptions strictly;
    strictly.strict = true;
    (void)reseal::verify(before, strictly);
    compare_levels(before, verdicts);

    check_fix(input.payload, input.options.cms);

    const reseal::Explanation told = reseal::explain(before);
    fuzz::require(!told.causes.empty(), "nothing is said of a file");
    fuzz::require(!told.valid || (!verdicts.empty() && all_good(verdicts)), "a file that verify rejects is said to be right");

    const reseal::Rules rules(input.rules);
    const support::Rewritten run = support::rewrite(rules, input.payload, input.options);
    reseal::Options hinted = input.options;
    hinted.hint = reseal::read_hint(before);
    fuzz::require(support::rewrite(rules, input.payload, hinted) == run, "a hint changed the result");
    if (run.refused()) return 0;

    fuzz::require(run.output.size() == input.payload.size(), "the length has changed");
    if (input.options.cms == reseal::CmsPolicy::keep) return 0;
    const std::vector<reseal::ImageVerdict> after = reseal::verify(reseal::MemorySource(run.output));
    if (any_valid(verdicts) && all_good(verdicts)) fuzz::require(all_good(after), "a valid file came out that verify rejects");
    if (support::check(input.payload).good_and_signed())
        fuzz::require(support::check(run.output).good(), "a valid file came out that the oracle rejects");
    return 0;
}
