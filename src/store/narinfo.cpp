// SPDX-License-Identifier: BSL-1.0
#include "store/narinfo.hpp"

#include <algorithm>
#include <charconv>
#include <reseal/error.hpp>
#include <set>

namespace reseal::store {
namespace {

/// Why `url` may not be followed; empty when it may. A URL of another host would be one, too, but for its colon.
std::string url_defect(std::string_view url) {
    if (url.empty()) return "it is empty";
    if (url.front() == '/') return "it is absolute";
    if (url.find(':') != url.npos) return "it names a place outside the cache";
    for (std::size_t at = 0; at <= url.size();) {
        const std::size_t slash = std::min(url.find('/', at), url.size());
        const std::string_view part = url.substr(at, slash - at);
        if (part.empty() || part == "." || part == "..") return "it leads through '" + std::string(part) + "'";
        at = slash + 1;
    }
    return {};
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t space = std::min(text.find(' ', at), text.size());
        if (space > at) all.push_back(text.substr(at, space - at));
        at = space + 1;
    }
    return all;
}

/// What is wrong with a value; line() says of which.
[[noreturn]] void bad(const std::string& what) { throw Error(ErrorCode::malformed, what); }

/// A value that a message can show: what somebody else wrote may be long.
std::string shown(std::string_view value) {
    constexpr std::size_t enough = 80;
    return value.size() <= enough ? std::string(value) : std::string(value.substr(0, enough)) + "...";
}

class Parser {
public:
    Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    NarInfo run() {
        if (text_.size() > max_narinfo_size)
            throw Error(ErrorCode::malformed, "more than " + std::to_string(max_narinfo_size) + " bytes", name_);
        for (std::size_t at = 0; at < text_.size();) {
            ++line_;
            const std::size_t end = text_.find('\n', at);
            if (end == text_.npos) fail("it does not end");
            line(text_.substr(at, end - at));
            at = end + 1;
        }
        for (const char* needed : {"StorePath", "URL", "NarHash", "NarSize"})
            if (!seen_.contains(needed)) throw Error(ErrorCode::malformed, std::string("no ") + needed, name_);
        return std::move(info_);
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(ErrorCode::malformed, "line " + std::to_string(line_) + ": " + what, name_);
    }

    void line(std::string_view line) {
        if (line.find('\0') != line.npos) fail("it holds a NUL");
        const std::size_t colon = line.find(':');
        if (colon == line.npos || colon + 1 == line.size() || line[colon + 1] != ' ')
            fail("not 'NAME: VALUE': '" + shown(line) + "'");
        const std::string_view field = line.substr(0, colon), value = line.substr(colon + 2);
        const bool repeats = field == "Sig";
        if (known(field) && !repeats && !seen_.insert(std::string(field)).second) fail(std::string(field) + " a second time");
        try {
            take(field, value);
        } catch (const Error& error) {
            fail(std::string(field) + ": " + error.what());
        }
    }

    static bool known(std::string_view field) {
        for (const std::string_view each : {"StorePath", "URL", "Compression", "FileHash", "FileSize", "NarHash", "NarSize",
                                            "References", "Deriver", "Sig", "CA"})
            if (field == each) return true;
        return false;
    }

    void take(std::string_view field, std::string_view value) {
        if (field == "StorePath") store_path(value);
        else if (field == "URL") url(value);
        else if (field == "Compression") info_.compression = value.empty() ? "bzip2" : value;
        else if (field == "FileHash") info_.file_hash = hash(value);
        else if (field == "FileSize") info_.file_size = number(value);
        else if (field == "NarHash") info_.nar_hash = nar_hash(value);
        else if (field == "NarSize") info_.nar_size = nar_size(value);
        else if (field == "References") references(value);
        else if (field == "Deriver") deriver(value);
        else if (field == "Sig") signature(value);
        else if (field == "CA") info_.ca = value;
        else info_.further.emplace_back(field, value);
    }

    void store_path(std::string_view value) {
        const std::size_t slash = value.rfind('/');
        if (slash == value.npos || slash == 0 || value.front() != '/') bad("not absolute: '" + shown(value) + "'");
        info_.store_dir = value.substr(0, slash);
        info_.path = base(value.substr(slash + 1));
    }

    void url(std::string_view value) {
        if (const std::string defect = url_defect(value); !defect.empty())
            bad("not one of a file in this cache: '" + shown(value) + "': " + defect);
        info_.url = value;
    }

    std::uint64_t number(std::string_view value) const {
        std::uint64_t result = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (error != std::errc() || end != value.data() + value.size() || value.empty())
            bad("not a number of bytes: '" + shown(value) + "'");
        return result;
    }

    std::uint64_t nar_size(std::string_view value) const {
        const std::uint64_t size = number(value);
        if (size == 0) bad("no archive is empty");
        return size;
    }

    Hash hash(std::string_view value) const {
        constexpr std::size_t longest = 256;  // of any we know, however it is written
        if (value.size() > longest) bad("not a hash: '" + shown(value) + "'");
        return parse_hash(value);
    }

    Hash nar_hash(std::string_view value) const {
        Hash result = hash(value);
        if (result.type != HashType::sha256) bad("sha256 is the rule, not " + std::string(name(result.type)));
        return result;
    }

    StorePath base(std::string_view value) const {
        if (value.size() > hash_part_size + 1 + max_name_size) bad("not a store path: '" + shown(value) + "'");
        return parse_store_path(value);
    }

    void references(std::string_view value) {
        for (const std::string_view word : words(value)) info_.references.push_back(base(word));
    }

    void deriver(std::string_view value) {
        if (value != "unknown-deriver" && !value.empty()) info_.deriver = base(value);
    }

    void signature(std::string_view value) {
        const std::size_t colon = value.find(':');
        if (colon == value.npos || colon == 0 || colon + 1 == value.size()) bad("not 'KEY:SIGNATURE': '" + shown(value) + "'");
        info_.signatures.emplace_back(value);
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t line_ = 0;
    std::set<std::string> seen_;
    NarInfo info_;
};

}  // namespace

std::string narinfo_fingerprint(const std::string& store_dir, const StorePath& path, const Hash& nar_hash,
                                std::uint64_t nar_size, std::vector<StorePath> references) {
    std::sort(references.begin(), references.end());
    references.erase(std::unique(references.begin(), references.end()), references.end());
    std::string text = "1;" + path.in(store_dir) + ";" + nar_hash.nix32() + ";" + std::to_string(nar_size) + ";";
    const char* separator = "";
    for (const StorePath& each : references) {
        text.append(separator).append(each.in(store_dir));
        separator = ",";
    }
    return text;
}

std::string NarInfo::fingerprint() const { return narinfo_fingerprint(store_dir, path, nar_hash, nar_size, references); }

std::string NarInfo::text() const {
    std::string out;
    const auto line = [&out](std::string_view field, std::string_view value) {
        out.append(field).append(": ").append(value).append("\n");
    };
    line("StorePath", path.in(store_dir));
    line("URL", url);
    line("Compression", compression);
    if (file_hash) line("FileHash", file_hash->nix32());
    if (file_size) line("FileSize", std::to_string(*file_size));
    line("NarHash", nar_hash.nix32());
    line("NarSize", std::to_string(nar_size));
    std::string all;
    for (const StorePath& each : references) all.append(all.empty() ? "" : " ").append(each.base());
    line("References", all);
    if (deriver) line("Deriver", deriver->base());
    for (const auto& [field, value] : further) line(field, value);
    for (const std::string& each : signatures) line("Sig", each);
    if (!ca.empty()) line("CA", ca);
    return out;
}

std::string narinfo_name(const StorePath& path) { return path.hash_part + ".narinfo"; }

NarInfo parse_narinfo(std::string_view text, const std::string& name) { return Parser(text, name).run(); }

}  // namespace reseal::store
