// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <reseal/bundle.hpp>
#include <reseal/error.hpp>
#include <tuple>
#include <utility>

#include "bundle/judgement.hpp"
#include "bundle/plan.hpp"
#include "bundle/plist.hpp"
#include "bundle/sealed_file.hpp"
#include "bundle/shape.hpp"
#include "bytes/parallel.hpp"
#include "fs/file_source.hpp"
#include "fs/path_parts.hpp"

namespace reseal {
namespace {

using bundle::Inside;
using bundle::Plan;

void read_code(const Inside& top, bundle::PlannedCode& code, VerifyOptions options, unsigned jobs) {
    try {
        const fs::Descriptor fd = top.open(code.name);
        const fs::FileSource file = fs::FileSource::share(fd.get(), top.path(code.name));
        options.preimages = std::exchange(code.preimages, {});
        options.jobs = jobs;
        code.images = verify(file, options);
        code.facts = bundle::code_facts(file);
        code.read = true;
    } catch (const Error&) {
        code.read = false;
    }
}

/// From so many bytes on a program is worth all threads: its pages are shared out among them.
constexpr std::uint64_t large_program = std::uint64_t{16} << 20;

/// Programs and files alike, as many at once as `options` allow.
std::vector<std::optional<BundleFinding>> read_all(const Inside& top, Plan& plan, const VerifyOptions& options) {
    std::vector<std::optional<BundleFinding>> findings(plan.files.size());
    std::vector<std::uint64_t> sizes;
    for (bundle::PlannedCode& code : plan.code) {
        sizes.push_back(code.size);
        if (code.size >= large_program) read_code(top, code, options, options.jobs);
    }
    for (const bundle::PlannedFile& file : plan.files) sizes.push_back(file.size);
    bytes::parallel_largest_first(sizes, options.jobs, [&](std::size_t i) {
        if (i < plan.code.size()) {
            if (sizes[i] < large_program) read_code(top, plan.code[i], options, 1);
            return;
        }
        const bundle::PlannedFile& file = plan.files[i - plan.code.size()];
        findings[i - plan.code.size()] = bundle::check_sealed_file(top, file.name, *file.seal);
    });
    return findings;
}

}  // namespace

BundleVerdict verify_bundle(const std::string& folder, const VerifyOptions& options) {
    const Inside top(fs::without_slashes(folder));
    std::optional<BundlePlace> place = bundle::shape_of(top.folder());
    if (!place) throw Error(ErrorCode::io, "is no bundle", top.folder());
    if (!bundle::plists_available()) throw Error(ErrorCode::misuse, "this build reads no property lists (libplist)", folder);
    bundle::find_parts(*place);

    Plan plan = bundle::make_plan(top, *place, options.strict);
    BundleVerdict verdict;
    verdict.place = std::move(*place);
    verdict.sealed = !verdict.place.code_resources.empty();
    verdict.files = plan.files.size();
    for (std::optional<BundleFinding>& finding : read_all(top, plan, options))
        if (finding) plan.findings.push_back(std::move(*finding));
    bundle::judge(plan);
    verdict.findings = std::move(plan.findings);
    if (options.level == Level::kernel)
        std::erase_if(verdict.findings, [](const BundleFinding& each) { return each.layer != Layer::kernel; });
    std::sort(verdict.findings.begin(), verdict.findings.end(), [](const BundleFinding& a, const BundleFinding& b) {
        return std::tie(a.path, a.code, a.what) < std::tie(b.path, b.code, b.what);
    });
    verdict.bad = std::any_of(verdict.findings.begin(), verdict.findings.end(),
                              [](const BundleFinding& each) { return each.severity == Severity::error; });
    for (bundle::PlannedCode& code : plan.code) verdict.code.push_back({std::move(code.name), std::move(code.images)});
    std::sort(verdict.code.begin(), verdict.code.end(),
              [](const BundleCodeVerdict& a, const BundleCodeVerdict& b) { return a.path < b.path; });
    return verdict;
}

std::optional<Layer> BundleVerdict::layer() const {
    std::optional<Layer> first;
    for (const BundleFinding& each : findings)
        if (each.severity == Severity::error && (!first || each.layer < *first)) first = each.layer;
    return first;
}

}  // namespace reseal
