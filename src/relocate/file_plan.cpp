// SPDX-License-Identifier: BSL-1.0
// Files that can be read twice: first everything is found and decided, then written with nothing held back.
#include <optional>
#include <reseal/error.hpp>
#include <reseal/relocation.hpp>
#include <string_view>
#include <utility>

#include "relocate/binary_plan.hpp"
#include "relocate/file_kind.hpp"
#include "relocate/finder.hpp"
#include "relocate/following_pass.hpp"
#include "relocate/null_sink.hpp"
#include "relocate/placed_fields.hpp"
#include "relocate/source_chunks.hpp"
#include "relocate/source_digest.hpp"
#include "relocate/text_pass.hpp"

namespace reseal {

std::size_t FilePatch::memory() const {
    std::size_t sum = 0;
    for (const Range& each : ranges) sum += sizeof(Range) + each.bytes.size();
    return sum;
}

namespace {

using relocate::FieldDecider;
using relocate::Finder;
using relocate::NullSink;
using relocate::SourceChunks;

/// Nothing where its length must not change after all.
std::optional<FileRelocation> pass_text(const Source& file, const Prefixes& prefixes, const FileOptions& options, Sink* out) {
    relocate::TextPass pass(prefixes, options, out);
    SourceChunks chunks(file, options.name);
    for (std::string_view chunk; chunks.next(chunk);) pass.write(chunk);
    pass.finish();
    if (pass.payload()) return {};
    return pass.result();
}

std::optional<FileRelocation> plan_text(const Source& file, const Prefixes& prefixes, const FileOptions& options) {
    NullSink hashed;
    std::optional<FileRelocation> result = pass_text(file, prefixes, options, options.patch_limit > 0 ? &hashed : nullptr);
    if (result && (!result->changed || result->refused)) result->sha256_after.clear();
    return result;
}

FilePlan plan_of(FileRelocation result, const Prefixes& prefixes, FileOptions options) {
    options.mode = result.mode;
    return {std::move(result), prefixes, std::move(options)};
}

/// One that may be binary.
FilePlan plan_searched(const Source& file, const Prefixes& prefixes, const FileOptions& options, std::string& digest) {
    std::optional<digest::Hasher> before;
    if (options.digest_before) before.emplace(HashType::sha256);
    Finder finder(prefixes, FieldDecider::no_limit);
    relocate::FileKind kind;
    std::optional<relocate::FollowingPass> following;
    if (options.patch_limit > 0 && options.linkage.empty()) following.emplace(file, finder.decider(), prefixes, options);
    std::uint64_t position = 0;
    SourceChunks chunks(file, options.name);
    for (std::string_view chunk; chunks.next(chunk);) {
        if (before) before->update(chunk);
        if (!kind.binary()) kind.feed(chunk);
        finder.write(chunk);
        if (following && (options.mode == FileMode::binary || kind.binary())) following->follow(position, chunk);
        position += chunk.size();
    }
    finder.end();
    if (before) digest = before->finish().bytes();
    if (options.mode == FileMode::unknown && !kind.binary()) {
        std::optional<FileRelocation> text = plan_text(file, prefixes, options);
        if (!text) throw Error(ErrorCode::io, "the file changed while it was read", options.name);
        return plan_of(std::move(*text), prefixes, options);
    }
    std::optional<FileRelocation> passed;
    if (following) passed = following->finish();
    FilePlan plan = plan_of(relocate::plan_fields(file, finder.decider(), prefixes, options, passed ? &*passed : nullptr),
                            prefixes, options);
    if (passed && plan.result.changed && !plan.result.refused) plan.patch = following->take_patch();
    return plan;
}

}  // namespace

FilePlan plan_file(const Source& file, const Prefixes& prefixes, const FileOptions& options) {
    std::string digest;
    std::optional<FilePlan> plan;
    if (options.mode == FileMode::text) {
        if (std::optional<FileRelocation> text = plan_text(file, prefixes, options)) {
            plan = plan_of(std::move(*text), prefixes, options);
            if (options.digest_before) digest = relocate::sha256_of(file, options.name);
        }
    }
    if (!plan) plan = plan_searched(file, prefixes, options, digest);
    plan->result.sha256_before = std::move(digest);
    return std::move(*plan);
}

FilePlan plan_positions(const Source& file, const Prefixes& prefixes, const std::vector<PrefixField>& positions,
                        const FileOptions& options) {
    if (options.mode != FileMode::binary) return plan_file(file, prefixes, options);
    FieldDecider decider(prefixes, FieldDecider::no_limit);
    if (const std::optional<std::uint64_t> wrong = relocate::place_fields(file, prefixes, positions, options.name, decider)) {
        FilePlan plan = plan_file(file, prefixes, options);
        plan.result.findings.push_back({Severity::note, options.name, *wrong, Code::positions_wrong,
                                        "what is recorded is not what stands here: prefixes were sought instead"});
        return plan;
    }
    FileRelocation result = relocate::plan_fields(file, decider, prefixes, options, nullptr);
    if (options.digest_before) result.sha256_before = relocate::sha256_of(file, options.name);
    return plan_of(std::move(result), prefixes, options);
}

FileRelocation relocate_file(const Source& file, const FilePlan& plan, Sink& out) {
    FileRelocation result = plan.result;
    if (result.refused) return result;
    const bool text = result.mode == FileMode::text;
    std::optional<FileRelocation> passed;
    if (text) passed = pass_text(file, plan.prefixes, plan.options, &out);
    else passed = relocate::pass_by(file, plan.prefixes, result.fields, plan.options, &out);
    if (!passed || passed->refused || passed->size_before != result.size_before || passed->size_after != result.size_after ||
        (text && passed->fields != result.fields))
        throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", plan.options.name);
    if (!result.sha256_after.empty() && !passed->sha256_after.empty() && passed->sha256_after != result.sha256_after)
        throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", plan.options.name);
    result.sha256_after = std::move(passed->sha256_after);
    return result;
}

}  // namespace reseal
