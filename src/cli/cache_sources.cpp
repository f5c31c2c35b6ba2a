// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>

#include "cli/byte_string.hpp"
#include "fs/io_error.hpp"
#include "fs/read_whole.hpp"

namespace reseal::cli {
namespace {

using nlohmann::json;
using store::StorePath;

std::optional<StorePath> store_path(const std::string& base) {
    try {
        return store::parse_store_path(base);
    } catch (const Error&) {
        return {};
    }
}

std::string base_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string without_slashes(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

/// One output of a JSON file; every complaint names its key.
class Described {
public:
    Described(const json& object, std::string blame, std::string where, const std::string& real_store)
        : object_(object), where_(std::move(where)) {
        source_.blame = std::move(blame);
        source_.described = true;
        if (!object_.is_object()) fail("", "not an object");
        const std::string path = text("path");
        const std::size_t slash = path.rfind('/');
        if (path.empty() || path.front() != '/' || slash == 0) fail("path", "not the full path of a store path: " + path);
        source_.info.store_dir = path.substr(0, slash);
        source_.tree = real_store.empty() ? optional_text("realPath").value_or(path) : real_store + path.substr(slash);
        read("path",
             [&](const std::string& value) { source_.info.path = store::parse_store_path(value, source_.info.store_dir); });
        read("narHash", [&](const std::string& value) { source_.info.nar_hash = store::parse_hash(value); });
        if (source_.info.nar_hash.type != HashType::sha256) fail("narHash", "sha256 is the rule");
        source_.info.nar_size = size("narSize");
        references();
        signatures();
        content_address();
    }

    CacheSource take() { return std::move(source_); }

private:
    [[noreturn]] void fail(const std::string& key, const std::string& what) const {
        std::string where = where_;
        if (!key.empty()) where += where.empty() ? key : "." + key;
        throw Error(ErrorCode::malformed, where.empty() ? what : where + ": " + what, source_.blame);
    }

    std::optional<std::string> optional_text(const char* key) const {
        const auto found = object_.find(key);
        if (found == object_.end() || found->is_null()) return {};
        if (!found->is_string()) fail(key, "not a string");
        return found->get<std::string>();
    }
    std::string text(const char* key) const {
        const std::optional<std::string> value = optional_text(key);
        if (!value) fail(key, "is missing");
        return *value;
    }
    std::uint64_t size(const char* key) const {
        const auto found = object_.find(key);
        if (found == object_.end() || !found->is_number_unsigned()) fail(key, "not a number of bytes");
        return found->get<std::uint64_t>();
    }
    std::vector<std::string> list(const char* key) const {
        const auto found = object_.find(key);
        std::vector<std::string> all;
        if (found == object_.end() || found->is_null()) return all;
        if (!found->is_array()) fail(key, "not a list");
        for (const json& each : *found) {
            if (!each.is_string()) fail(key, "not a list of strings");
            all.push_back(each.get<std::string>());
        }
        return all;
    }
    template <class Action>
    void read(const char* key, Action action) {
        try {
            action(text(key));
        } catch (const Error& error) {
            if (error.error() == ErrorCode::malformed) throw;
            fail(key, error.what());
        }
    }

    void references() {
        for (const std::string& each : list("references")) {
            try {
                source_.info.references.push_back(store::parse_store_path(each, source_.info.store_dir));
            } catch (const Error& error) {
                fail("references", error.what());
            }
        }
        std::sort(source_.info.references.begin(), source_.info.references.end());
    }

    void signatures() {
        for (const std::string& each : list("signatures")) {
            const std::size_t colon = each.find(':');
            if (colon == 0 || colon == each.npos || each.find_first_of(std::string("\n\r\0", 3)) != each.npos)
                fail("signatures", "not 'KEY:SIGNATURE': " + each);
            source_.info.signatures.push_back(each);
        }
    }

    void content_address() {
        if (!optional_text("ca")) return;
        const std::string scheme = text("caScheme");
        if (scheme == "reseal-1") {
            source_.must_be_signed = true;
            return;
        }
        if (scheme != "nix") fail("caScheme", "neither nix nor reseal-1: " + scheme);
        read("ca", [&](const std::string& value) {
            const store::ContentAddress address = store::parse_content_address(value);
            store::References known;
            for (const StorePath& each : source_.info.references) {
                if (each == source_.info.path) known.self = true;
                else known.others.push_back(each);
            }
            if (store::content_path(source_.info.store_dir, source_.info.path.name, address, known) != source_.info.path)
                fail("ca", "it is not the address of " + source_.info.path.base());
            source_.info.ca = address.text();
        });
    }

    const json& object_;
    std::string where_;
    CacheSource source_;
};

std::vector<CacheSource> from_json(const std::string& word, const std::string& real_store) {
    const std::string name = word == "-" ? "standard input" : word;
    json all;
    try {
        all = json::parse(fs::read_whole(word));
    } catch (const json::parse_error& error) {
        throw Error(ErrorCode::malformed, "neither a store path nor JSON", name, error.byte > 0 ? error.byte - 1 : 0);
    }
    if (!all.is_object()) throw Error(ErrorCode::malformed, "not an object", name);
    const auto outputs = all.find("outputs");
    if (outputs == all.end()) return {Described(all, name, "", real_store).take()};
    if (!outputs->is_object()) throw Error(ErrorCode::malformed, "outputs: not an object", name);
    std::vector<CacheSource> sources;
    for (const auto& [id, output] : outputs->items())
        sources.push_back(Described(output, name, "outputs." + printable(id), real_store).take());
    return sources;
}

}  // namespace

std::vector<CacheSource> cache_sources(const std::string& word, const std::string& store_dir, const std::string& real_store) {
    const std::string path = without_slashes(word);
    const std::optional<StorePath> named = store_path(base_of(path));
    if (!named) return from_json(word, real_store);
    CacheSource source;
    source.tree = source.blame = path;
    source.info.path = *named;
    source.info.store_dir = store_dir;
    if (store_dir.empty()) {
        std::error_code error;
        const std::filesystem::path folder = std::filesystem::path(path).parent_path();
        source.info.store_dir = std::filesystem::canonical(folder.empty() ? "." : folder, error).native();
        if (error) throw fs::io_error(path, "open", error.value());
    }
    return {source};
}

}  // namespace reseal::cli
