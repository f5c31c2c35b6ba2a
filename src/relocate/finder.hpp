// SPDX-License-Identifier: BSL-1.0
#pragma once
// Finds the prefixes in a binary file that flows by, and has what becomes of them decided.
#include <cstdint>
#include <reseal/relocation.hpp>
#include <string_view>

#include "relocate/field_decider.hpp"
#include "relocate/text_search.hpp"

namespace reseal::relocate {

class Finder {
public:
    /// `max_wait` as FieldDecider's.
    Finder(const Prefixes& prefixes, std::uint64_t max_wait);

    void write(std::string_view chunk);
    void end();

    FieldDecider& decider() { return decider_; }

private:
    void drain();

    TextSearch search_;
    FieldDecider decider_;
};

}  // namespace reseal::relocate
