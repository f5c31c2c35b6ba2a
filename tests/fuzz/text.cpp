// SPDX-License-Identifier: BSL-1.0
// A text of any bytes in which prefixes are replaced: the result does not depend on how it was cut, only what was found
// changes, and what is remembered of it leads to any other prefix and back.
#include "fuzz/feed.hpp"
#include "fuzz/prefixes.hpp"
#include "relocate/encoding.hpp"
#include "relocate/text_editor.hpp"
#include "support/chunks.hpp"

namespace {

using namespace reseal;
using relocate::TextOptions;

struct Edited {
    std::string bytes;
    relocate::TextChanges changes;
};

Edited edit(const Prefixes& prefixes, TextOptions options, const std::vector<std::string_view>& chunks) {
    relocate::TextEditor editor(prefixes, options);
    Edited out;
    const auto drain = [&] {
        for (std::string_view bytes; editor.next(bytes);) out.bytes += bytes;
    };
    for (const std::string_view chunk : chunks) {
        const std::string copy(chunk);
        editor.feed(copy);
        drain();
    }
    editor.end();
    drain();
    out.changes = editor.changes();
    return out;
}

bool same(const Edited& one, const Edited& other) {
    const relocate::TextChanges &a = one.changes, &b = other.changes;
    return one.bytes == other.bytes && a.fields == b.fields && a.shebang == b.shebang && a.shebang_length == b.shebang_length &&
           a.form == b.form && a.size_before == b.size_before && a.size_after == b.size_after && a.changed == b.changed;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const std::size_t chunk = 1 + feed.u8();
    const PrefixOptions how = {.wide = feed.flag(), .boundary = feed.flag() ? Boundary::path : Boundary::none};
    const TextOptions options = {static_cast<ShebangStyle>(feed.below(4)), feed.flag() ? Platform::osx : Platform::linux_};
    std::vector<PrefixPair> pairs = fuzz::taken_pairs(feed);
    const std::string text(feed.rest());
    const std::optional<Prefixes> made = fuzz::accepted(pairs, how);
    if (!made) return 0;
    const Prefixes& prefixes = *made;

    const Edited whole = edit(prefixes, options, {text});
    fuzz::require(same(edit(prefixes, options, support::cut(text, 1)), whole), "the result depends on the chunks");
    fuzz::require(same(edit(prefixes, options, support::cut(text, chunk)), whole), "the result depends on the chunks");
    const relocate::TextChanges& changes = whole.changes;
    fuzz::require(changes.size_before == text.size() && changes.size_after == whole.bytes.size(), "sizes that are not so");
    fuzz::require(changes.changed == (whole.bytes != text), "a change that is not so");
    fuzz::require(changes.changed <= (!changes.fields.empty() || !changes.shebang.empty()), "a change without a prefix");
    std::uint64_t end = changes.shebang.size();
    for (const PrefixField& field : changes.fields) {
        const auto from = relocate::encode(prefixes.pairs()[field.pair].from, field.encoding);
        fuzz::require(from && field.offset >= end, "fields that overlap");
        end = field.offset + from->size();
        fuzz::require(text.substr(field.offset, from->size()) == *from, "a field without its prefix");
    }

    // Only prefixes that are normal paths can be replaced by themselves.
    pairs = prefixes.pairs();
    for (PrefixPair& pair : pairs) {
        if (normal_prefix(pair.from) != pair.from) return 0;
        pair.to = pair.from;
    }
    fuzz::require(edit(Prefixes(pairs, how), options, {text}).bytes == text, "prefixes replaced by themselves change a text");
    return 0;
}
