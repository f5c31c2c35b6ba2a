// SPDX-License-Identifier: BSL-1.0
#include "relocate/former_file.hpp"

#include <algorithm>

#include "relocate/placer.hpp"
#include "relocate/source_bytes.hpp"
#include "relocate/source_chunks.hpp"
#include "rewrite/file.hpp"

namespace reseal::relocate {
namespace {

bool restore_binary(const Source& now, const std::vector<PlacedEdit>& edits, const FileOptions& options, Sink& out) {
    Options policies;
    policies.cms = options.cms;
    policies.stale = options.stale;
    policies.name = options.name;
    rewrite::File file(options.name, policies);
    Placer placer(edits);
    const auto pass = [&](std::string_view bytes) {
        if (!bytes.empty() && !file.refused()) out.write(bytes);
    };
    SourceChunks chunks(now, options.name);
    for (std::string_view chunk; chunks.next(chunk);) {
        for (match::Piece rest{chunk, chunk}; !rest.bytes.empty();) {
            match::Piece part = placer.take(rest);
            rest = rest.part(part.bytes.size(), rest.bytes.size() - part.bytes.size());
            if (part.changed()) file.edit();
            while (!part.bytes.empty()) {
                const rewrite::Step step = file.take(part);
                pass(step.out);
                part = part.part(step.taken, part.bytes.size() - step.taken);
            }
        }
    }
    pass(file.end());
    return placer.as_planned() && placer.finished() && !file.refused();
}

bool restore_text(const Source& now, const std::vector<PlacedEdit>& edits, const std::string& name, Sink& out) {
    std::uint64_t position = 0;  // of the next byte
    std::size_t next = 0;        // the edit that goes by, or the next one
    bool as_planned = true;
    SourceChunks chunks(now, name);
    for (std::string_view bytes; chunks.next(bytes);) {
        while (!bytes.empty()) {
            if (next == edits.size() || position < edits[next].offset) {
                const std::uint64_t room = next == edits.size() ? bytes.size() : edits[next].offset - position;
                const std::string_view part =
                    bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size())));
                out.write(part);
                bytes.remove_prefix(part.size());
                position += part.size();
                continue;
            }
            const PlacedEdit& edit = edits[next];
            const auto within = static_cast<std::size_t>(position - edit.offset);
            if (within == 0) out.write(edit.after);
            const std::size_t count = std::min(edit.before.size() - within, bytes.size());
            as_planned = as_planned && edit.before.compare(within, count, bytes.substr(0, count)) == 0;
            bytes.remove_prefix(count);
            position += count;
            if (within + count == edit.before.size()) ++next;
        }
    }
    return as_planned && next == edits.size();
}

}  // namespace

FormerFile former_file(const Source& file, const FileRelocation& result) {
    FormerFile former{result.mode, result.fields, {}};
    if (result.shebang_length) former.first_line = source_bytes(file, 0, static_cast<std::size_t>(*result.shebang_length));
    return former;
}

bool restore(const Source& now, const FormerFile& former, const Prefixes& placed, const FileOptions& options, Sink& out) {
    const std::optional<PlacedEdits> edits = edits_back(now, former, placed);
    if (!edits) return false;
    return former.mode == FileMode::text ? restore_text(now, edits->list(), options.name, out)
                                         : restore_binary(now, edits->list(), options, out);
}

std::optional<FileRelocation> move_again(const Source& now, const FormerFile& former, const Prefixes& placed,
                                         const Prefixes& next, const FileOptions& options, Sink& out) {
    FileOptions known = options;
    known.mode = former.mode;
    known.hint = {};  // of another file
    FileRelocator relocator(next, out, known);
    if (!restore(now, former, placed, options, relocator)) return {};
    return relocator.finish();
}

}  // namespace reseal::relocate
