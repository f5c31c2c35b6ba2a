// SPDX-License-Identifier: BSL-1.0
#pragma once
// Wrong hashes of a last page that producers are known to make. Right is the hash of the bytes up to the code limit.
#include <string>
#include <string_view>

#include "macho/codedirectory.hpp"

namespace reseal::diagnose {

/// What `hash` is the hash of instead, as a phrase; empty: of nothing known. `page`: the bytes up to the code limit; `beyond`:
/// those of the file that would make it whole. The hash must be available.
std::string last_page_variant(HashType type, std::string_view hash, std::string_view page, std::string_view beyond,
                              std::uint64_t page_size);

}  // namespace reseal::diagnose
