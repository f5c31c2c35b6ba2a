// SPDX-License-Identifier: BSL-1.0
// The lists of older conda packages: a line each, as conda's own reader takes them apart.
#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"
#include "package/paths_json.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view stripped(std::string_view text, std::string_view of) {
    const std::size_t first = text.find_first_not_of(of);
    return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(of) - first + 1);
}

struct Line {
    std::size_t number;
    std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = stripped(text.substr(0, end), blanks);
        if (!line.empty() && line.front() != '#') lines.push_back({number, line});
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return lines;
}

// As Python's shlex.split(posix=False) does: a word that begins with a quote ends with the next one, and elsewhere a quote is a
// character like any other. conda then strips quotes of either kind.
std::vector<std::string> words_of(const Line& line, const std::string& file) {
    std::vector<std::string> words;
    std::string_view left = line.text;
    while (!(left = left.substr(std::min(left.find_first_not_of(blanks), left.size()))).empty()) {
        const char first = left.front();
        std::size_t end = left.find_first_of(blanks);
        if (first == '"' || first == '\'') {
            end = left.find(first, 1);
            if (end == left.npos)
                throw Error(ErrorCode::malformed, "line " + std::to_string(line.number) + ": a quote without an end", file);
            ++end;
        }
        words.emplace_back(stripped(left.substr(0, end), "\"'"));
        left.remove_prefix(std::min(end, left.size()));
    }
    return words;
}

}  // namespace

std::vector<std::string> read_path_list(std::string_view text, const std::string& file) {
    std::vector<std::string> paths;
    for (const Line& line : lines_of(text)) paths.push_back(record_path(line.text, file));
    refuse_repeated({paths.begin(), paths.end()}, file);
    return paths;
}

std::vector<Record> read_has_prefix(std::string_view text, const std::string& file) {
    std::vector<Record> records;
    for (const Line& line : lines_of(text)) {
        const std::vector<std::string> words = words_of(line, file);
        const std::string where = file + ": line " + std::to_string(line.number);
        if (words.size() != 1 && words.size() != 3)
            throw Error(ErrorCode::malformed, "neither `path` nor `placeholder mode path`", where);
        Record record{.path = record_path(words.back(), where), .mode = FileMode::text};
        record.placeholder = oldest_placeholder;
        if (words.size() == 3) {
            record.placeholder = checked_placeholder(words[0], record.path, where);
            const std::optional<FileMode> mode = file_mode(words[1]);
            if (!mode || mode == FileMode::unknown)
                throw Error(ErrorCode::malformed, std::string("'") + printable(words[1]) + "' is none of text, binary", where);
            record.mode = *mode;
        }
        records.push_back(std::move(record));
    }
    refuse_repeated_paths(records, file);
    return records;
}

}  // namespace reseal::package
