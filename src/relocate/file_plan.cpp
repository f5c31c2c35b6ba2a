// SPDX-License-Identifier: BSL-1.0
// Files that can be read twice: first everything is found and decided, then written with nothing held back.
#include <algorithm>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "macho/fat.hpp"
#include "macho/header.hpp"
#include "relocate/binary_pass.hpp"
#include "relocate/field_findings.hpp"
#include "relocate/file_kind.hpp"
#include "relocate/finder.hpp"
#include "relocate/source_bytes.hpp"
#include "relocate/text_pass.hpp"

namespace reseal {
namespace {

using relocate::Fill;
using relocate::Finder;

constexpr std::size_t chunk_bytes = std::size_t{256} << 10;

/// A file in chunks. Throws Error (ErrorCode::io) when it ends before its size.
class Chunks {
public:
    Chunks(const Source& file, const std::string& name) : file_(file), name_(name), size_(file.size()) {
        buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size_, chunk_bytes)));
    }
    bool next(std::string_view& chunk) {
        if (at_ == size_) return false;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size_ - at_, buffer_.size()));
        if (file_.read_at(at_, buffer_.data(), wanted) != wanted)
            throw Error(ErrorCode::io, "the file became shorter while it was read", name_, at_);
        chunk = std::string_view(buffer_).substr(0, wanted);
        at_ += wanted;
        return true;
    }

private:
    const Source& file_;
    const std::string& name_;
    std::uint64_t size_, at_ = 0;
    std::string buffer_;
};

/// Whether replaced bytes may concern more than themselves.
bool may_be_sealed(const Source& file) {
    const std::string head = relocate::source_bytes(file, 0, 8);
    return macho::is_thin(head) || macho::is_fat(head) || head.starts_with("dyld_v1");
}

bool changes(const relocate::PrefixIndex& index, const PrefixField& field) {
    if (field.fill == Fill::left) return false;
    const relocate::Replacement replacement = relocate::replacement_of(index, field);
    if (field.fill == Fill::cut || replacement.from == replacement.to) return field.fill == Fill::cut;
    return field.fill == Fill::end || relocate::filled(replacement, field.fill, {}) != replacement.from;
}

/// Nothing where its length must not change after all.
std::optional<FileRelocation> plan_text(const Source& file, const Prefixes& prefixes, const FileOptions& options) {
    relocate::TextPass pass(prefixes, options, nullptr);
    Chunks chunks(file, options.name);
    for (std::string_view chunk; chunks.next(chunk);) pass.write(chunk);
    pass.finish();
    if (pass.payload()) return {};
    return pass.result();
}

/// The file goes by once more, its fields decided.
FileRelocation pass_by(const Source& file, const Prefixes& prefixes, const std::vector<PrefixField>& fields,
                       const FileOptions& options, Sink* out) {
    relocate::BinaryPass pass(prefixes.index(), fields, options, out);
    Chunks chunks(file, options.name);
    for (std::string_view chunk; chunks.next(chunk);) {
        pass.write(chunk);
    }
    pass.finish();
    if (!pass.as_planned()) throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", options.name);
    return pass.result();
}

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
    findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

FilePlan plan_file(const Source& file, const Prefixes& prefixes, const FileOptions& options) {
    FilePlan plan{{}, prefixes, options};
    std::optional<digest::Hasher> before;
    if (options.digest_before) before.emplace(HashType::sha256);
    FileRelocation& result = plan.result;

    std::optional<FileRelocation> text;
    if (options.mode == FileMode::text) text = plan_text(file, prefixes, options);
    Finder finder(prefixes, Finder::no_limit);
    relocate::FileKind kind;
    Chunks chunks(file, options.name);
    for (std::string_view chunk; (before || !text) && chunks.next(chunk);) {
        if (before) before->update(chunk);
        if (text) continue;
        if (options.mode == FileMode::unknown && !kind.certainly_binary()) kind.feed(chunk);
        finder.write(chunk);
    }
    finder.end();
    if (options.mode == FileMode::unknown && !kind.binary()) text = plan_text(file, prefixes, options);

    if (text) {
        result = std::move(*text);
    } else {
        result.mode = FileMode::binary;
        result.size_before = result.size_after = file.size();
        result.findings = relocate::field_findings(finder, prefixes, options.name);
        result.entry.path = options.name;
        result.entry.substitutions = static_cast<std::uint64_t>(std::count_if(
            finder.fields().begin(), finder.fields().end(), [](const PrefixField& each) { return each.fill != Fill::left; }));
        result.changed = std::any_of(finder.fields().begin(), finder.fields().end(),
                                     [&](const PrefixField& each) { return changes(prefixes.index(), each); });
        result.refused = !finder.problems().empty();
        result.fields = finder.take_fields();
        if (result.changed && may_be_sealed(file)) {
            FileRelocation passed = pass_by(file, prefixes, result.fields, options, nullptr);
            result.entry = std::move(passed.entry);
            result.refused = result.refused || passed.refused;
            append(result.findings, std::move(passed.findings));
        }
        if (result.refused) result.entry.status = EntryStatus::refused;
    }
    plan.options.mode = result.mode;
    if (before) result.sha256_before = before->finish().bytes();
    return plan;
}

FileRelocation relocate_file(const Source& file, const FilePlan& plan, Sink& out) {
    FileRelocation result = plan.result;
    if (result.refused) return result;
    if (result.mode == FileMode::text) {
        relocate::TextPass pass(plan.prefixes, plan.options, &out);
        Chunks chunks(file, plan.options.name);
        for (std::string_view chunk; chunks.next(chunk);) pass.write(chunk);
        pass.finish();
        FileRelocation passed = pass.result();
        if (passed.size_before != result.size_before || passed.size_after != result.size_after ||
            passed.fields != result.fields)
            throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", plan.options.name);
        result.sha256_after = std::move(passed.sha256_after);
        return result;
    }
    FileRelocation passed = pass_by(file, plan.prefixes, result.fields, plan.options, &out);
    if (passed.size_before != result.size_before || passed.refused)
        throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", plan.options.name);
    result.sha256_after = std::move(passed.sha256_after);
    return result;
}

}  // namespace reseal
