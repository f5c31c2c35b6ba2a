// SPDX-License-Identifier: BSL-1.0
#pragma once
// The records of a pax extended header: "LENGTH KEY=VALUE\n", LENGTH counting all of it (POSIX pax(1), "pax Extended Header").
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace reseal::container {

struct PaxRecord {
    std::string_view key, value;
    std::size_t offset;  ///< of the value
};

/// Nothing when the records do not fill `bytes` exactly, but for NULs behind the last.
std::optional<std::vector<PaxRecord>> parse_pax(std::string_view bytes);

/// A decimal number up to 2^63 − 1.
std::optional<std::uint64_t> pax_number(std::string_view digits);

}  // namespace reseal::container
