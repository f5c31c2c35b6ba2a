// SPDX-License-Identifier: BSL-1.0
#include "package/path_entry.hpp"

#include <string_view>

#include "bytes/hex.hpp"
#include "package/json_fields.hpp"
#include "package/offsets.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

struct TypeWord {
    const char* word;
    PathType value;
};
constexpr TypeWord type_words[] = {{"hardlink", PathType::hardlink},
                                   {"softlink", PathType::softlink},
                                   {"directory", PathType::directory},
                                   {"pyc_file", PathType::pyc_file},
                                   {"unix_python_entry_point", PathType::unix_python_entry_point}};
constexpr std::size_t words_of_packages = 3;

PathType path_type(JsonFields& fields, bool installed, Json& extra) {
    const std::string text = fields.needed("path_type");
    for (std::size_t i = 0; i < (installed ? std::size(type_words) : words_of_packages); ++i)
        if (text == type_words[i].word) return type_words[i].value;
    if (!installed) fields.fail("path_type", std::string("'") + printable(text) + "' is none of hardlink, softlink, directory");
    extra["path_type"] = text;
    return PathType::other;
}

}  // namespace

PathEntry read_path_entry(const Json& json, bool installed, const std::string& file, const std::string& where) {
    JsonFields fields(json, file, where);
    PathEntry entry;
    entry.path = fields.parsed("_path", fields.needed("_path"), [](const std::string& text) { return record_path(text, ""); });
    Json kind;
    entry.type = path_type(fields, installed, kind);
    entry.no_link = fields.flag("no_link");
    if (const std::optional<std::string> placeholder = fields.text("prefix_placeholder"))
        entry.placeholder = checked_placeholder(*placeholder, entry.path, file);
    if (const std::optional<std::string> mode = fields.text("file_mode")) {
        entry.mode = file_mode(*mode);
        if (!entry.mode) fields.fail("file_mode", std::string("'") + printable(*mode) + "' is none of text, binary");
    }
    entry.sha256 = fields.sha256("sha256");
    entry.sha256_in_prefix = fields.sha256("sha256_in_prefix");
    entry.size = fields.size("size_in_bytes");
    entry.extra = fields.rest();
    if (!kind.is_null()) entry.extra.update(kind);
    return entry;
}

Json write_path_entry(const PathEntry& entry) {
    Json json;
    json["_path"] = entry.path;
    if (entry.mode) json["file_mode"] = word(*entry.mode);
    if (entry.no_link) json["no_link"] = true;
    for (const TypeWord& each : type_words)
        if (entry.type == each.value) json["path_type"] = each.word;
    if (entry.placeholder) json["prefix_placeholder"] = *entry.placeholder;
    if (entry.sha256) json["sha256"] = to_hex(*entry.sha256);
    if (entry.sha256_in_prefix) json["sha256_in_prefix"] = to_hex(*entry.sha256_in_prefix);
    if (entry.size) json["size_in_bytes"] = *entry.size;
    if (!entry.extra.is_null()) json.update(entry.extra);
    return json;
}

std::vector<Record> records_of(const std::vector<PathEntry>& entries) {
    std::vector<Record> records;
    for (const PathEntry& entry : entries) {
        if (!entry.placeholder || entry.type == PathType::directory) continue;
        Record record{.path = entry.path, .mode = entry.mode.value_or(FileMode::unknown), .placeholder = *entry.placeholder};
        record.softlink = entry.type == PathType::softlink;
        record.sha256 = entry.sha256;
        record.sha256_in_prefix = entry.sha256_in_prefix;
        record.size = entry.size;
        if (const Json* offsets = member(entry.extra, "offsets"))
            record.offsets = read_offsets(*offsets, record.mode, 1, entry.size);
        const Json* line = member(entry.extra, "shebang_length");
        if (line != nullptr && line->is_number_unsigned()) record.shebang_length = line->get<std::uint64_t>();
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace reseal::package
