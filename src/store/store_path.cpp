// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <reseal/error.hpp>
#include <reseal/store.hpp>

#include "digest/digest.hpp"
#include "store/base32.hpp"

namespace reseal::store {
namespace {

constexpr std::size_t hash_part_bytes = 20;

/// 160 bits of a longer digest: byte i goes, by exclusive or, where i modulo 20 says.
std::string folded(std::string_view digest) {
    std::string bytes(hash_part_bytes, '\0');
    for (std::size_t i = 0; i < digest.size(); ++i) bytes[i % hash_part_bytes] ^= digest[i];
    return bytes;
}

}  // namespace

bool is_hash_part(std::string_view text) {
    return text.size() == hash_part_size && text.find_first_not_of(base32_digits) == text.npos;
}

bool is_name_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("+-._?=").find(c) != std::string_view::npos;
}

std::string name_defect(std::string_view name) {
    if (name.empty()) return "it is empty";
    if (name.size() > max_name_size)
        return "it has " + std::to_string(name.size()) + " bytes, " + std::to_string(max_name_size) + " are allowed";
    // As Nix since 2.20: "." and "..", also in front of a dash, could be taken for folders.
    for (const std::string_view dots : {"..", "."})
        if (name == dots || (name.starts_with(dots) && name[dots.size()] == '-'))
            return "it begins with '" + std::string(dots) + "' by itself";
    for (const char c : name)
        if (!is_name_character(c))
            return std::string("it has the character '") + c + "'; letters, digits and +-._?= are allowed";
    return {};
}

StorePath parse_store_path(std::string_view base) {
    const auto fail = [&](const std::string& why) {
        throw Error(ErrorCode::misuse, "not a store path: '" + std::string(base) + "': " + why);
    };
    const std::string_view hash_part = base.substr(0, hash_part_size);
    if (!is_hash_part(hash_part)) fail("it does not begin with 32 characters of Nix's base 32");
    if (base.size() <= hash_part_size || base[hash_part_size] != '-') fail("no '-' follows the hash part");
    const std::string_view name = base.substr(hash_part_size + 1);
    if (const std::string defect = name_defect(name); !defect.empty()) fail("of its name: " + defect);
    return {std::string(hash_part), std::string(name)};
}

StorePath parse_store_path(std::string_view path, const std::string& store_dir) {
    if (!path.starts_with(store_dir) || path.size() <= store_dir.size() || path[store_dir.size()] != '/')
        throw Error(ErrorCode::misuse, "not a store path: '" + std::string(path) + "': it does not lie in " + store_dir);
    return parse_store_path(path.substr(store_dir.size() + 1));
}

FullStorePath parse_full_store_path(std::string_view text) {
    const std::size_t slash = text.rfind('/');
    if (!text.starts_with('/') || slash == 0)
        throw Error(ErrorCode::misuse, "not the full path of a store path: " + std::string(text));
    return {std::string(text.substr(0, slash)), parse_store_path(text.substr(slash + 1))};
}

std::string store_dir_defect(std::string_view store_dir) {
    if (store_dir.starts_with('/') && !store_dir.ends_with('/')) return {};
    return "not a store: '" + std::string(store_dir) + "': an absolute path without a slash at its end";
}

StorePath typed_path(const std::string& store_dir, std::string_view type, const Hash& hash, std::string_view path_name) {
    if (const std::string defect = name_defect(path_name); !defect.empty())
        throw Error(ErrorCode::misuse, "not a name of a store path: '" + std::string(path_name) + "': " + defect);
    std::string fingerprint(type);
    fingerprint.append(":").append(name(hash.type)).append(":").append(hash.hex());
    fingerprint.append(":").append(store_dir).append(":").append(path_name);
    return {base32(folded(digest::digest(HashType::sha256, fingerprint).bytes())), std::string(path_name)};
}

}  // namespace reseal::store
