// SPDX-License-Identifier: BSL-1.0
#include "bundle/code_resources.hpp"

#include <array>
#include <reseal/error.hpp>
#include <utility>

#include "bundle/plist.hpp"
#include "macho/codedirectory.hpp"

namespace reseal::bundle {
namespace {

constexpr std::array<std::pair<std::string_view, HashType>, 4> hash_keys = {{{"hash", HashType::sha1},
                                                                             {"hash2", HashType::sha256},
                                                                             {"hash3", HashType::sha256_truncated},
                                                                             {"hash4", HashType::sha384}}};

void add_hash(Seal& seal, HashType type, const std::string& bytes) {
    if (bytes.size() == digest_size(type)) seal.hashes.emplace_back(type, bytes);
    else seal.fault = std::string("a ").append(name(type)) + " of " + std::to_string(bytes.size()) + " bytes";
}

Seal read_seal(const plist::Value& value) {
    Seal seal;
    if (const auto* data = value.as<plist::Data>()) {
        add_hash(seal, HashType::sha1, data->bytes);
        return seal;
    }
    const auto* dict = value.as<plist::Dict>();
    if (!dict) {
        seal.fault = "neither a hash nor a dictionary";
        return seal;
    }
    for (const auto& [key, type] : hash_keys)
        if (const auto* data = plist::find<plist::Data>(*dict, key)) add_hash(seal, type, data->bytes);
    if (const bool* flag = plist::find<bool>(*dict, "optional")) seal.optional = *flag;
    if (const auto* target = plist::find<std::string>(*dict, "symlink")) seal.link = *target;
    if (const auto* text = plist::find<std::string>(*dict, "requirement")) seal.requirement = *text;
    if (const auto* data = plist::find<plist::Data>(*dict, "cdhash")) {
        seal.cdhash = data->bytes;
        if (data->bytes.size() != macho::cdhash_size)
            seal.fault = "a cdhash of " + std::to_string(data->bytes.size()) + " bytes";
    }
    if (seal.fault.empty() && seal.hashes.empty() && !seal.link && !seal.nested()) seal.fault = "no hash that is known";
    return seal;
}

}  // namespace

CodeResources parse_code_resources(std::string_view bytes, const std::string& name) {
    const plist::Value value = parse_plist(bytes, name);
    const auto* whole = value.as<plist::Dict>();
    if (!whole) throw Error(ErrorCode::malformed, "no dictionary", name);
    CodeResources resources;
    resources.version = whole->find("files2") ? 2 : 1;
    const bool second = resources.version == 2;
    const auto* files = plist::find<plist::Dict>(*whole, second ? "files2" : "files");
    const auto* rules = plist::find<plist::Dict>(*whole, second ? "rules2" : "rules");
    if (!files || !rules)
        throw Error(ErrorCode::malformed, std::string("no dictionary ") + (files ? "rules" : "files") + (second ? "2" : ""),
                    name);
    for (const plist::Entry& entry : files->entries) resources.files.emplace(entry.key, read_seal(entry.value));
    resources.rules = ResourceRules::parse(*rules);
    return resources;
}

}  // namespace reseal::bundle
