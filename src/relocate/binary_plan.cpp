// SPDX-License-Identifier: BSL-1.0
#include "relocate/binary_plan.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "macho/fat.hpp"
#include "macho/header.hpp"
#include "relocate/binary_pass.hpp"
#include "relocate/field_findings.hpp"
#include "relocate/linkage.hpp"
#include "relocate/null_sink.hpp"
#include "relocate/source_bytes.hpp"
#include "relocate/source_chunks.hpp"

namespace reseal::relocate {
namespace {

/// Whether replaced bytes may concern more than themselves.
bool may_be_sealed(const Source& file) {
    const std::string head = source_bytes(file, 0, 8);
    return macho::is_thin(head) || macho::is_fat(head) || head.starts_with("dyld_v1");
}

bool changes(const PrefixIndex& index, const PrefixField& field) {
    const Replacement replacement = replacement_of(index, field);
    switch (field.fill) {
        case Fill::none: return replacement.from != replacement.to;
        case Fill::behind:
        case Fill::front: return filled(replacement, field.fill, {}) != replacement.from;
        case Fill::end:
        case Fill::cut: return true;  // a NUL where none was
        case Fill::left: break;
    }
    return false;
}

}  // namespace

FileRelocation plan_fields(const Source& file, FieldDecider& decider, const Prefixes& prefixes, const FileOptions& options,
                           const FileRelocation* passed) {
    FileRelocation result;
    result.mode = FileMode::binary;
    result.size_before = result.size_after = file.size();
    result.findings = field_findings(decider, prefixes, options.name);
    const Linkage linkage = plan_linkage(file, options.linkage.pairs(), options.name);
    result.findings.insert(result.findings.end(), linkage.findings.begin(), linkage.findings.end());
    result.refused = !decider.problems().empty() || !linkage.findings.empty();
    result.changed = !linkage.edits.empty();
    result.fields = decider.take_fields();
    result.entry.path = options.name;
    result.entry.substitutions = linkage.edits.size();
    for (const PrefixField& field : result.fields) {
        if (field.fill != Fill::left) ++result.entry.substitutions;
        result.changed = result.changed || changes(prefixes.index(), field);
    }
    const bool sealed = may_be_sealed(file);
    const bool digest = options.patch_limit > 0 && !result.refused;
    if (result.changed && (sealed || digest)) {
        FileRelocation again;
        if (passed == nullptr) {
            NullSink hashed;
            again = pass_by(file, prefixes, result.fields, options, digest ? &hashed : nullptr);
            passed = &again;
        }
        result.sha256_after = passed->sha256_after;
        result.refused = result.refused || passed->refused;
        if (sealed) {
            result.entry = passed->entry;
            result.findings.insert(result.findings.end(), passed->findings.begin(), passed->findings.end());
        }
    }
    if (result.refused) result.entry.status = EntryStatus::refused;
    return result;
}

FileRelocation pass_by(const Source& file, const Prefixes& prefixes, const std::vector<PrefixField>& fields,
                       const FileOptions& options, Sink* out) {
    // Cheap enough to be planned each time: it reads no more than heads.
    Linkage linkage = plan_linkage(file, options.linkage.pairs(), options.name);
    BinaryPass pass(prefixes.index(), fields, options, out, std::move(linkage.edits));
    SourceChunks chunks(file, options.name);
    for (std::string_view chunk; chunks.next(chunk);) pass.write(chunk);
    pass.finish();
    if (!pass.as_planned()) throw Error(ErrorCode::io, "the file is no longer what it was when it was looked at", options.name);
    return pass.result();
}

}  // namespace reseal::relocate
