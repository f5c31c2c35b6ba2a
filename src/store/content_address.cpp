// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/store.hpp>

#include "digest/digest.hpp"

namespace reseal::store {
namespace {

/// "TYPE:ref:ref…[:self]"
std::string with_references(std::string type, const std::string& store_dir, const References& references) {
    std::vector<StorePath> sorted = references.others;
    std::sort(sorted.begin(), sorted.end(), [](const StorePath& a, const StorePath& b) { return a.base() < b.base(); });
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (const StorePath& path : sorted) type.append(":").append(path.in(store_dir));
    return references.self ? type + ":self" : type;
}

Hash sha256(std::string_view bytes) { return {HashType::sha256, std::string(digest::digest(HashType::sha256, bytes).bytes())}; }

}  // namespace

std::string_view name(Method method) {
    switch (method) {
        case Method::nar: return "nar";
        case Method::flat: return "flat";
        case Method::text: return "text";
    }
    return {};
}

Method parse_method(std::string_view text) {
    for (const Method method : {Method::nar, Method::flat, Method::text})
        if (text == name(method)) return method;
    throw Error(ErrorCode::misuse, text == "git" ? "the method git is not supported; nar, flat and text are"
                                                 : "no such method: '" + std::string(text) + "'; nar, flat or text");
}

std::string ContentAddress::text() const {
    const char* prefix = method == Method::nar ? "fixed:r:" : method == Method::flat ? "fixed:" : "text:";
    return prefix + hash.nix32();
}

ContentAddress parse_content_address(std::string_view text) {
    if (text.starts_with("fixed:git:")) parse_method("git");
    for (const auto& [prefix, method] :
         {std::pair<std::string_view, Method>{"fixed:r:", Method::nar}, {"fixed:", Method::flat}, {"text:", Method::text}})
        if (text.starts_with(prefix)) return {method, parse_hash(text.substr(prefix.size()))};
    throw Error(ErrorCode::misuse,
                "not a content address: '" + std::string(text) + "'; fixed:r:, fixed: or text:, then a hash");
}

References split_references(const StorePath& path, const std::vector<StorePath>& all) {
    References out;
    for (const StorePath& each : all) {
        if (each == path) out.self = true;
        else out.others.push_back(each);
    }
    return out;
}

std::string address_defect(const ContentAddress& address, const References& references) {
    const bool plain =
        address.method == Method::flat || (address.method == Method::nar && address.hash.type != HashType::sha256);
    if (address.method == Method::text && address.hash.type != HashType::sha256)
        return "the method text takes sha256 only, not " + std::string(name(address.hash.type));
    if (address.method == Method::text && references.self) return "the method text takes no reference to the path itself";
    if (plain && (references.self || !references.others.empty()))
        return "the method " + std::string(name(address.method)) + " with " + std::string(name(address.hash.type)) +
               " takes no references; only nar with sha256 and text do";
    return {};
}

StorePath content_path(const std::string& store_dir, std::string_view path_name, const ContentAddress& address,
                       const References& references) {
    if (const std::string defect = address_defect(address, references); !defect.empty()) throw Error(ErrorCode::misuse, defect);
    const bool sha256_nar = address.method == Method::nar && address.hash.type == HashType::sha256;
    if (address.method == Method::text || sha256_nar)
        return typed_path(store_dir, with_references(sha256_nar ? "source" : "text", store_dir, references), address.hash,
                          path_name);
    const std::string recursive = address.method == Method::nar ? "r:" : "";
    const std::string inner = "fixed:out:" + recursive + std::string(name(address.hash.type)) + ":" + address.hash.hex() + ":";
    return typed_path(store_dir, "output:out", sha256(inner), path_name);
}

}  // namespace reseal::store
