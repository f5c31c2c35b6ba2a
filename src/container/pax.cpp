// SPDX-License-Identifier: BSL-1.0
#include "container/pax.hpp"

#include <charconv>
#include <limits>

#include "bytes/zeros.hpp"

namespace reseal::container {

std::optional<std::uint64_t> pax_number(std::string_view digits) {
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    bool whole = end == digits.data() + digits.size();
    if (error != std::errc() || !whole || value > std::numeric_limits<std::int64_t>::max()) return {};
    return value;
}

std::optional<std::vector<PaxRecord>> parse_pax(std::string_view bytes) {
    std::vector<PaxRecord> records;
    std::size_t at = 0;
    while (at < bytes.size()) {
        std::string_view rest = bytes.substr(at);
        if (bytes::zeros(rest)) break;  // padding that was counted in
        std::size_t space = rest.find(' ');
        std::optional<std::uint64_t> length = space == rest.npos ? std::nullopt : pax_number(rest.substr(0, space));
        if (!length || *length <= space + 1 || *length > rest.size()) return {};
        std::string_view record = rest.substr(space + 1, static_cast<std::size_t>(*length) - space - 1);
        std::size_t equals = record.find('=');
        if (record.back() != '\n' || equals == record.npos) return {};
        std::string_view value = record.substr(equals + 1, record.size() - equals - 2);
        records.push_back({record.substr(0, equals), value, at + space + 1 + equals + 1});
        at += static_cast<std::size_t>(*length);
    }
    return records;
}

}  // namespace reseal::container
