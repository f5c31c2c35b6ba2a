// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"
#include "fs/io_error.hpp"
#include "fs/path_parts.hpp"
#include "fs/read_whole.hpp"
#include "package/json_fields.hpp"

namespace reseal::cli {
namespace {

using package::Json;
using package::JsonFields;
using store::StorePath;

std::optional<StorePath> store_path(const std::string& base) {
    try {
        return store::parse_store_path(base);
    } catch (const Error&) {
        return {};
    }
}

std::string base_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// One output of a JSON file.
class Described {
public:
    Described(const Json& object, const std::string& file, const std::string& where, const std::string& real_store)
        : fields_(object, file, where) {
        source_.blame = file;
        source_.described = true;
        const std::string path = fields_.needed("path");
        const store::FullStorePath full =
            fields_.parsed("path", path, [](const std::string& text) { return store::parse_full_store_path(text); });
        store::NarInfo& info = source_.info;
        info.store_dir = full.store_dir;
        info.path = full.path;
        source_.tree = real_store.empty() ? fields_.text("realPath").value_or(path) : info.path.in(real_store);
        info.nar_hash = fields_.parsed("narHash", fields_.needed("narHash"),
                                       [](const std::string& text) { return store::parse_hash(text); });
        if (info.nar_hash.type != HashType::sha256) fields_.fail("narHash", "sha256 is the rule");
        info.nar_size = fields_.needed_size("narSize");
        for (const std::string& each : fields_.texts("references"))
            info.references.push_back(
                fields_.parsed("references", each, [&](const std::string& text) { return in_store(text); }));
        std::sort(info.references.begin(), info.references.end());
        signatures();
        content_address();
    }

    CacheSource take() { return std::move(source_); }

private:
    StorePath in_store(const std::string& text) const { return store::parse_store_path(text, source_.info.store_dir); }

    void signatures() {
        for (const std::string& each : fields_.texts("signatures")) {
            const std::size_t colon = each.find(':');
            if (colon == 0 || colon == each.npos || each.find_first_of(std::string("\n\r\0", 3)) != each.npos)
                fields_.fail("signatures", "not 'KEY:SIGNATURE': " + each);
            source_.info.signatures.push_back(each);
        }
    }

    void content_address() {
        const std::optional<std::string> text = fields_.text("ca");
        if (!text) return;
        const std::string scheme = fields_.needed("caScheme");
        if (scheme == "reseal-1") {
            source_.must_be_signed = true;
            return;
        }
        if (scheme != "nix") fields_.fail("caScheme", "neither nix nor reseal-1: " + scheme);
        const store::ContentAddress address =
            fields_.parsed("ca", *text, [](const std::string& ca) { return store::parse_content_address(ca); });
        const store::References known = store::split_references(source_.info.path, source_.info.references);
        const auto place = [&](const std::string&) {
            return store::content_path(source_.info.store_dir, source_.info.path.name, address, known);
        };
        if (fields_.parsed("ca", *text, place) != source_.info.path)
            fields_.fail("ca", "it is not the address of " + source_.info.path.base());
        source_.info.ca = address.text();
    }

    JsonFields fields_;
    CacheSource source_;
};

std::vector<CacheSource> from_json(const std::string& word, const std::string& real_store) {
    const std::string name = word == "-" ? "standard input" : word;
    Json all;
    try {
        all = Json::parse(fs::read_whole(word));
    } catch (const Json::parse_error& error) {
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
    const std::string path = fs::without_slashes(word);
    const std::optional<StorePath> named = store_path(base_of(path));
    if (!named) return from_json(word, real_store);
    CacheSource source;
    source.tree = source.blame = path;
    source.info.path = *named;
    source.info.store_dir = store_dir;
    if (!store_dir.empty())
        if (const std::string defect = store::store_dir_defect(store_dir); !defect.empty())
            throw Error(ErrorCode::misuse, defect, "--store-dir");
    if (store_dir.empty()) {
        std::error_code error;
        const std::filesystem::path folder = std::filesystem::path(path).parent_path();
        source.info.store_dir = std::filesystem::canonical(folder.empty() ? "." : folder, error).native();
        if (error) throw fs::io_error(path, "open", error.value());
    }
    return {source};
}

}  // namespace reseal::cli
