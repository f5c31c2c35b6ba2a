// SPDX-License-Identifier: BSL-1.0
#include "package/memory.hpp"

#include <algorithm>
#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"
#include "bytes/hex.hpp"
#include "package/json_fields.hpp"
#include "package/offsets.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

template <class Value>
struct Word {
    const char* word;
    Value value;
};
constexpr Word<FileMode> modes[] = {{"text", FileMode::text}, {"binary", FileMode::binary}};
constexpr Word<Padding> paddings[] = {
    {"slash", Padding::slash}, {"nul", Padding::nul}, {"spack", Padding::spack}, {"refuse", Padding::refuse}};
constexpr Word<Platform> platforms[] = {{"linux", Platform::linux_}, {"osx", Platform::osx}};

template <class Value, std::size_t count>
const char* word_of(const Word<Value> (&words)[count], Value value) {
    for (const Word<Value>& each : words)
        if (each.value == value) return each.word;
    return nullptr;
}

// Paths and prefixes are any bytes.
std::optional<std::string> bytes(JsonFields& fields, const std::string& key) {
    const std::optional<std::string> text = fields.text(key);
    if (!text) return {};
    std::optional<std::string> out = bytes_of(*text);
    if (!out) fields.fail(key, "a backslash that escapes nothing");
    return out;
}

std::string needed_bytes(JsonFields& fields, const std::string& key) {
    fields.needed(key);
    return *bytes(fields, key);
}

std::string path(JsonFields& fields) {
    return fields.parsed("path", needed_bytes(fields, "path"), [](const std::string& text) { return record_path(text, ""); });
}

// What is moved need not be a path: placeholders of Homebrew are none.
std::string checked_prefix(JsonFields& fields, const std::string& key, std::string value) {
    if (value.empty() || value.size() > Prefixes::max_length || value.find('\0') != value.npos)
        fields.fail(key, "is empty, longer than " + std::to_string(Prefixes::max_length) + " bytes, or holds a NUL");
    return value;
}

RememberedPrefix read_prefix(const Json& json, const std::string& file, const std::string& where) {
    JsonFields fields(json, file, where);
    RememberedPrefix out;
    out.placeholder = checked_prefix(fields, "placeholder", needed_bytes(fields, "placeholder"));
    out.at = checked_prefix(fields, "at", needed_bytes(fields, "at"));
    if (const std::optional<std::string> pending = bytes(fields, "pending"))
        out.pending = checked_prefix(fields, "pending", *pending);
    fields.done();
    return out;
}

RememberedFile read_file(const Json& json, std::size_t prefixes, const std::string& file, const std::string& where) {
    JsonFields fields(json, file, where);
    RememberedFile out;
    out.path = path(fields);
    fields.needed("mode");
    out.mode = fields.choice("mode", modes, FileMode::binary);
    out.padding = fields.choice("pad", paddings, Padding::slash);
    out.shebang = bytes(fields, "shebang");
    if (out.shebang && (out.mode != FileMode::text || !out.shebang->starts_with("#!"))) fields.fail("shebang", "is none");
    out.size = fields.needed_size("size");
    if (const Json* offsets = fields.find("offsets")) {
        const bool fixed = out.mode == FileMode::binary;
        auto found = read_offsets(*offsets, out.mode, prefixes, fixed ? std::optional(out.size) : std::nullopt);
        if (!found) fields.fail("offsets", "do not hold together");
        out.fields = std::move(*found);
    }
    out.pending_sha256 = fields.sha256("pending_sha256");
    if (!out.pending_sha256) fields.needed("sha256");
    out.sha256 = fields.sha256("sha256").value_or("");
    fields.done();
    return out;
}

RememberedLink read_link(const Json& json, const std::string& file, const std::string& where) {
    JsonFields fields(json, file, where);
    RememberedLink out{path(fields), needed_bytes(fields, "target")};
    if (out.target.empty() || out.target.find('\0') != out.target.npos) fields.fail("target", "is empty or holds a NUL");
    fields.done();
    return out;
}

template <class Value, class Read>
void read_list(JsonFields& fields, const std::string& key, std::vector<Value>& out, Read&& read) {
    const Json* list = fields.find(key);
    const std::vector<Json>* all = list == nullptr ? nullptr : elements(*list);
    if (all == nullptr) fields.fail(key, "a list is expected");
    out.reserve(all->size());
    for (std::size_t i = 0; i < all->size(); ++i) out.push_back(read((*all)[i], element(key, i)));
}

Json prefix_json(const RememberedPrefix& prefix) {
    Json json = {{"placeholder", byte_string(prefix.placeholder)}, {"at", byte_string(prefix.at)}};
    if (prefix.pending) json["pending"] = byte_string(*prefix.pending);
    return json;
}

Json file_json(const RememberedFile& file) {
    Json json = {{"path", byte_string(file.path)}, {"mode", word_of(modes, file.mode)}};
    if (file.mode == FileMode::binary) json["pad"] = word_of(paddings, file.padding);
    if (file.shebang) json["shebang"] = byte_string(*file.shebang);
    if (!file.fields.empty()) json["offsets"] = write_offsets(file.fields, file.mode);
    json["size"] = file.size;
    if (!file.sha256.empty()) json["sha256"] = to_hex(file.sha256);
    if (file.pending_sha256) json["pending_sha256"] = to_hex(*file.pending_sha256);
    return json;
}

void append_list(std::string& out, const char* key, const std::vector<Json>& lines, bool last) {
    out.append("  \"").append(key).append("\": [");
    for (std::size_t i = 0; i < lines.size(); ++i) out.append(i == 0 ? "\n    " : ",\n    ").append(lines[i].dump());
    out.append(lines.empty() ? "]" : "\n  ]").append(last ? "\n" : ",\n");
}

template <class Value>
std::vector<Value> sorted(std::vector<Value> values) {
    std::sort(values.begin(), values.end(), [](const Value& a, const Value& b) { return a.path < b.path; });
    return values;
}

}  // namespace

bool Memory::pending() const {
    return std::any_of(prefixes.begin(), prefixes.end(), [](const RememberedPrefix& each) { return each.pending.has_value(); });
}

Memory read_memory(std::string_view text, const std::string& file) {
    const Json json = parse_json(text, file);
    JsonFields fields(json, file, "");
    const Json* version = fields.find("version");
    if (version == nullptr || *version != 1) fields.fail("version", "1 is the only one there is");
    Memory memory;
    if (fields.text("platform")) memory.platform = fields.choice("platform", platforms, Platform::linux_);
    if (const std::optional<std::string> place = bytes(fields, "place")) memory.place = checked_prefix(fields, "place", *place);
    read_list(fields, "prefixes", memory.prefixes,
              [&](const Json& each, const std::string& where) { return read_prefix(each, file, where); });
    if (memory.prefixes.size() > Prefixes::max_count) fields.fail("prefixes", "too many");
    read_list(fields, "files", memory.files,
              [&](const Json& each, const std::string& where) { return read_file(each, memory.prefixes.size(), file, where); });
    read_list(fields, "links", memory.links,
              [&](const Json& each, const std::string& where) { return read_link(each, file, where); });
    fields.done();
    refuse_repeated_paths(memory.files, file);
    refuse_repeated_paths(memory.links, file);
    return memory;
}

std::string write_memory(const Memory& memory, const std::string& file) {
    std::string out = "{\n  \"version\": 1,\n";
    if (memory.platform) out.append("  \"platform\": \"").append(word_of(platforms, *memory.platform)).append("\",\n");
    if (memory.place) out.append("  \"place\": ").append(Json(byte_string(*memory.place)).dump()).append(",\n");
    std::vector<Json> lines;
    for (const RememberedPrefix& each : memory.prefixes) lines.push_back(prefix_json(each));
    append_list(out, "prefixes", lines, false);
    lines.clear();
    for (const RememberedFile& each : sorted(memory.files)) lines.push_back(file_json(each));
    append_list(out, "files", lines, false);
    lines.clear();
    for (const RememberedLink& each : sorted(memory.links))
        lines.push_back({{"path", byte_string(each.path)}, {"target", byte_string(each.target)}});
    append_list(out, "links", lines, true);
    out += "}\n";
    if (out.size() > max_memory_text)
        throw Error(ErrorCode::malformed, "more than 64 MiB to remember: too many files for one tree that moves", file);
    return out;
}

}  // namespace reseal::package
