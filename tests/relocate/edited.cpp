// SPDX-License-Identifier: BSL-1.0
#include "edited.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "support/chunks.hpp"

using namespace reseal;
using relocate::TextEditor;
using relocate::TextOptions;

Edited edited(const Prefixes& prefixes, TextOptions options, const std::vector<std::string_view>& chunks) {
    TextEditor editor(prefixes, options);
    Edited out;
    const auto drain = [&] {
        for (std::string_view bytes; editor.next(bytes); out.bytes += bytes) REQUIRE_FALSE(bytes.empty());
    };
    for (const std::string_view chunk : chunks) {
        auto copy = std::make_unique<char[]>(chunk.size());
        std::copy(chunk.begin(), chunk.end(), copy.get());
        editor.feed({copy.get(), chunk.size()});
        drain();
    }
    editor.end();
    drain();
    out.changes = editor.changes();
    return out;
}

namespace {

void require_same(const Edited& one, const Edited& other) {
    REQUIRE(one.bytes == other.bytes);
    REQUIRE(one.changes.fields == other.changes.fields);
    REQUIRE(one.changes.size_before == other.changes.size_before);
    REQUIRE(one.changes.size_after == other.changes.size_after);
    REQUIRE(one.changes.shebang_length == other.changes.shebang_length);
    REQUIRE(one.changes.shebang == other.changes.shebang);
    REQUIRE(one.changes.form == other.changes.form);
    REQUIRE(one.changes.changed == other.changes.changed);
}

}  // namespace

Edited edited(const Prefixes& prefixes, TextOptions options, std::string_view text) {
    const Edited whole = edited(prefixes, options, std::vector{text});
    if (text.size() <= 2000)
        for (std::size_t at = 0; at <= text.size(); ++at) {
            CAPTURE(at);
            require_same(edited(prefixes, options, {text.substr(0, at), text.substr(at)}), whole);
        }
    for (const std::size_t size : support::chunkings) {
        CAPTURE(size);
        require_same(edited(prefixes, options, support::cut(text, size)), whole);
    }
    REQUIRE(whole.changes.size_before == text.size());
    REQUIRE(whole.changes.size_after == whole.bytes.size());
    REQUIRE(whole.changes.changed == (whole.bytes != text));
    return whole;
}

std::string plainly_replaced(const std::vector<PrefixPair>& pairs, std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const PrefixPair* best = nullptr;
        for (const PrefixPair& pair : pairs)
            if (text.substr(at).starts_with(pair.from) && (best == nullptr || pair.from.size() > best->from.size()))
                best = &pair;
        out += best != nullptr ? std::string_view(best->to) : text.substr(at, 1);
        at += best != nullptr ? best->from.size() : 1;
    }
    return out;
}
