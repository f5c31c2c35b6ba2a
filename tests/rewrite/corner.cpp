// SPDX-License-Identifier: BSL-1.0
#include "corner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>

#include "support/chunks.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"
#include "support/substitute.hpp"

using namespace reseal;

namespace corner {
namespace {

Outcome rewrite_in_chunks(const std::string& input, const Options& options, const Rules& rules, std::size_t chunking) {
    Outcome out;
    StringSink sink;
    Rewriter rewriter(rules, sink, options);
    support::apply(chunking, input, [&](std::string_view chunk) { rewriter.write(chunk); });
    try {
        rewriter.finish();
    } catch (const Error& e) {
        REQUIRE(e.error() == ErrorCode::refused);
        out.refused = true;
    }
    out.bytes = sink.bytes;
    out.report = rewriter.report();
    for (const Finding& finding : out.report.findings)
        (finding.severity == Severity::error ? out.errors : out.notes).push_back(finding.code);
    return out;
}

void passes_without_edit(const std::string& input, const Options& options) {
    const Outcome out =
        rewrite(input, options, {{"these bytes occur in no input of ours", "and these bytes replace them nowhere."}});
    CHECK_FALSE(out.refused);
    CHECK(out.bytes == input);
    CHECK(out.report.entries.empty());
    CHECK(out.report.findings.empty());
}

std::string names(const std::vector<Code>& codes) {
    std::string out;
    for (Code code : codes) out.append(out.empty() ? "" : ", ").append(name(code));
    return out;
}

}  // namespace

std::vector<Rule> path_rule() { return {{support::path_a, support::path_b}}; }

std::vector<Rule> hit(const std::string& bytes, std::uint64_t at, std::size_t count) {
    Rule rule{bytes.substr(at, count), bytes.substr(at, count)};
    for (char& c : rule.to) c = static_cast<char>(c ^ 0x15);
    REQUIRE(bytes.find(rule.from) == at);
    REQUIRE(bytes.find(rule.from, at + 1) == std::string::npos);
    return {rule};
}

bool Outcome::noted(Code code) const { return std::find(notes.begin(), notes.end(), code) != notes.end(); }

const ImageReport& Outcome::image(std::size_t i) const {
    REQUIRE(report.entries.size() == 1);
    REQUIRE(i < report.entries[0].images.size());
    return report.entries[0].images[i];
}

std::string naive(const std::string& input, const std::vector<Rule>& rules) { return support::substitute(rules, input).bytes; }

Outcome rewrite(const std::string& input, const Options& options, const std::vector<Rule>& rules) {
    const Rules compiled(rules);
    const Outcome whole = rewrite_in_chunks(input, options, compiled, std::max<std::size_t>(1, input.size()));
    for (std::size_t chunking : support::chunkings) {
        if (chunking <= 3 && chunking != 0 && input.size() > 200'000) continue;
        const Outcome other = rewrite_in_chunks(input, options, compiled, chunking);
        CAPTURE(chunking);
        REQUIRE(other.refused == whole.refused);
        REQUIRE(other.bytes == whole.bytes);
        REQUIRE(other.report == whole.report);
    }
    return whole;
}

namespace {

/// UnsealablePolicy::keep: the naive rewriter's bytes where the reason lies in what the image is, still refused where a policy
/// is the reason. The note stands where the error stood.
void check_kept(const std::string& input, const Outcome& refused, Code code, Options options, const std::vector<Rule>& rules) {
    options.unsealable = UnsealablePolicy::keep;
    const Outcome out = rewrite(input, options, rules);
    const bool policy =
        code == Code::cms_signed || code == Code::stale_page || code == Code::stale_special || code == Code::hash_unavailable;
    CHECK(out.refused == policy);
    if (policy) return;
    CAPTURE(names(out.errors));
    CHECK(out.noted(code));
    for (const Finding& error : refused.report.findings)
        if (error.code == code)
            CHECK(std::any_of(out.report.findings.begin(), out.report.findings.end(),
                              [&](const Finding& each) { return each.code == code && each.offset == error.offset; }));
    CHECK(out.report.entries.at(0).status != EntryStatus::refused);
    const auto kept = [&](const ImageReport& image) { return image.status == ImageStatus::unsealed; };
    const std::vector<ImageReport>& images = out.report.entries[0].images;
    if (std::all_of(images.begin(), images.end(), kept)) CHECK(out.bytes == naive(input, rules));
}

}  // namespace

Outcome refuses(const std::string& input, Code code, const Options& options, const std::vector<Rule>& rules) {
    const Outcome out = rewrite(input, options, rules);
    CAPTURE(names(out.errors));
    CHECK(out.refused);
    CHECK(std::count(out.errors.begin(), out.errors.end(), code) == std::ssize(out.errors));
    REQUIRE_FALSE(out.errors.empty());
    REQUIRE(out.report.entries.size() == 1);
    CHECK(out.report.entries[0].status == EntryStatus::refused);
    // Images before the refused one may have been resealed; of that one itself no slot has gone out.
    std::size_t from = 0;
    for (const ImageReport& image : out.report.entries[0].images) {
        if (image.status != ImageStatus::refused) continue;
        from = static_cast<std::size_t>(image.offset);
        break;
    }
    REQUIRE(from <= out.bytes.size());
    const std::string substituted = naive(input, rules);
    CHECK(std::string_view(substituted).substr(from).starts_with(std::string_view(out.bytes).substr(from)));
    passes_without_edit(input, options);
    check_kept(input, out, code, options, rules);
    return out;
}

Outcome gives(const std::string& input, const std::string& expected, const std::vector<Code>& notes, const Options& options,
              const std::vector<Rule>& rules) {
    const Outcome out = rewrite(input, options, rules);
    CAPTURE(names(out.errors));
    CAPTURE(names(out.notes));
    CHECK_FALSE(out.refused);
    CHECK(out.bytes == expected);
    CHECK(out.bytes != input);
    CHECK(out.notes == notes);
    passes_without_edit(input, options);
    return out;
}

Outcome reseals(const support::ImageSpec& spec, const std::vector<Code>& notes) {
    const support::Twins twins = support::twins(spec, support::path_a, support::path_b);
    REQUIRE(support::check(twins.a).good_and_signed());
    REQUIRE(support::check(twins.b).good_and_signed());
    const Outcome out = gives(twins.a, twins.b, notes);
    CHECK(out.image().status == ImageStatus::resealed);
    return out;
}

}  // namespace corner
