// SPDX-License-Identifier: BSL-1.0
#include "package/json_fields.hpp"

#include "bytes/hex.hpp"

namespace reseal::package {

JsonFields::JsonFields(const Json& object, std::string file, std::string where)
    : object_(object), file_(std::move(file)), where_(std::move(where)) {
    if (!object_.is_object()) fail("", "not an object");
}

const Json* JsonFields::find(const std::string& key) {
    asked_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> JsonFields::text(const std::string& key) {
    const Json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) fail(key, "not a string");
    return value->get<std::string>();
}

std::string JsonFields::needed(const std::string& key) {
    std::optional<std::string> value = text(key);
    if (!value) fail(key, "is missing");
    return std::move(*value);
}

bool JsonFields::flag(const std::string& key) {
    const Json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) fail(key, "neither true nor false");
    return value->get<bool>();
}

std::vector<std::string> JsonFields::texts(const std::string& key) {
    std::vector<std::string> all;
    const Json* value = find(key);
    if (value == nullptr) return all;
    if (!value->is_array()) fail(key, "not a list of strings");
    for (const Json& each : *value) {
        if (!each.is_string()) fail(key, "not a list of strings");
        all.push_back(each.get<std::string>());
    }
    return all;
}

std::optional<std::uint64_t> JsonFields::size(const std::string& key) {
    const Json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_number_unsigned()) fail(key, "not a number of bytes");
    return value->get<std::uint64_t>();
}

std::uint64_t JsonFields::needed_size(const std::string& key) {
    const std::optional<std::uint64_t> value = size(key);
    if (!value) fail(key, "not a number of bytes");
    return *value;
}

std::optional<std::string> JsonFields::sha256(const std::string& key) {
    const std::optional<std::string> digits = text(key);
    if (!digits) return {};
    std::optional<std::string> digest = from_hex(*digits);
    if (!digest || digest->size() != 32) fail(key, "not a SHA-256 digest of 64 hexadecimal digits");
    return digest;
}

void JsonFields::done() const {
    for (const auto& [key, unused] : object_.items())
        if (!asked_.contains(key)) fail("", "there is no field '" + printable(key) + "' here");
}

Json JsonFields::rest() const {
    Json rest;
    for (const auto& [key, value] : object_.items())
        if (!asked_.contains(key)) rest[key] = value;
    return rest;
}

void JsonFields::fail(const std::string& key, const std::string& why) const {
    std::string place = where_;
    if (!key.empty()) place.append(place.empty() ? "" : ".").append(key);
    throw Error(ErrorCode::malformed, place.empty() ? why : place + ": " + why, file_);
}

}  // namespace reseal::package
