// SPDX-License-Identifier: BSL-1.0
#include <sodium.h>

#include <reseal/error.hpp>
#include <reseal/store.hpp>

#include "bytes/hex.hpp"
#include "store/base32.hpp"

namespace reseal::store {
namespace {

constexpr HashType types[] = {HashType::sha1, HashType::sha256, HashType::sha512};

std::optional<std::string> parse_hex(std::string_view text, std::size_t size) {
    if (text.size() != 2 * size) return {};
    return from_hex(text);
}

std::optional<std::string> parse_base64(std::string_view text, std::size_t size) {
    if (text.size() != (size + 2) / 3 * 4) return {};
    std::string bytes(size, '\0');
    std::size_t count = 0;
    const bool whole = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), size, text.data(), text.size(),
                                         nullptr, &count, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0;
    if (!whole || count != size) return {};
    return bytes;
}

}  // namespace

std::string Hash::hex() const { return to_hex(bytes); }

std::string Hash::nix32() const { return std::string(name(type)).append(":").append(base32(bytes)); }

std::string Hash::sri() const {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return std::string(name(type)).append("-").append(text);
}

Hash parse_hash(std::string_view text) {
    for (const HashType type : types) {
        const std::string_view prefix = name(type);
        if (!text.starts_with(prefix) || text.size() == prefix.size()) continue;
        const char separator = text[prefix.size()];
        const std::string_view digits = text.substr(prefix.size() + 1);
        const std::size_t size = digest_size(type);
        std::optional<std::string> bytes;
        if (separator == '-') bytes = parse_base64(digits, size);
        if (separator == ':') bytes = parse_hex(digits, size);
        if (separator == ':' && !bytes) bytes = parse_base32(digits, size);
        if (bytes) return {type, *bytes};
    }
    throw Error(ErrorCode::misuse, "not a hash: '" + std::string(text) +
                                       "'; sha1, sha256 or sha512, then ':' and base 16 or Nix's base 32, or '-' and base 64");
}

}  // namespace reseal::store
