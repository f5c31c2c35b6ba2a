// SPDX-License-Identifier: BSL-1.0
#pragma once
// Drives a TextEditor over a text cut in chunks, and says by the plainest means what it should give.
#include <string>
#include <string_view>
#include <vector>

#include "relocate/text_editor.hpp"

struct Edited {
    std::string bytes;
    reseal::relocate::TextChanges changes;
};

/// Every chunk lives in memory of its own, exactly as large as it is, and is gone before the next one comes.
Edited edited(const reseal::Prefixes& prefixes, reseal::relocate::TextOptions options,
              const std::vector<std::string_view>& chunks);

/// The same however the text is cut: whole, at every place (of texts of up to 2000 bytes), and in the usual chunkings. Asserts
/// it.
Edited edited(const reseal::Prefixes& prefixes, reseal::relocate::TextOptions options, std::string_view text);

/// Every prefix, leftmost and of those the longest, replaced in one text without a `#!` line.
std::string plainly_replaced(const std::vector<reseal::PrefixPair>& pairs, std::string_view text);
