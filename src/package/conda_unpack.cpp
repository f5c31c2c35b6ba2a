// SPDX-License-Identifier: BSL-1.0
#include "package/conda_unpack.hpp"

#include <optional>
#include <reseal/error.hpp>

#include "bytes/byte_string.hpp"
#include "package/python_text.hpp"
#include "package/record_path.hpp"

namespace reseal::package {
namespace {

constexpr std::string_view variable = "_prefix_records";

bool is_name(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
           static_cast<unsigned char>(byte) >= 0x80;
}

std::size_t past_blanks(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(" \t", at), text.size());
}

// Behind the `=` of the next line, from `from` on, that assigns to the variable; npos: there is none.
std::size_t next_assignment(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find(variable, from); at != text.npos; at = text.find(variable, at + 1)) {
        std::size_t end = at + variable.size();
        if (at > 0 && text[at - 1] != '\n' && text[at - 1] != '\r') continue;
        if (end < text.size() && is_name(text[end])) continue;
        end = past_blanks(text, end);
        const std::string_view left = text.substr(end);
        if (left.starts_with('=') && !left.starts_with("==")) return end + 1;
    }
    return text.npos;
}

Record read_record(PythonText& text) {
    text.expect('(');
    const std::size_t start = text.offset() - 1;
    std::string parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        text.skip();
        parts[i] = text.string();
        if (i < 2) text.expect(',');
    }
    text.take(',');
    text.skip();
    text.expect(')');
    Record record;
    try {
        record.path = record_path(parts[0], "");
        record.placeholder = checked_placeholder(parts[1], record.path, "");
    } catch (const Error& error) {
        text.fail(error.what(), start);
    }
    const std::optional<FileMode> mode = file_mode(parts[2]);
    if (!mode) text.fail(std::string("'") + printable(parts[2].substr(0, 100)) + "' is none of text, binary, unknown", start);
    record.mode = *mode;
    return record;
}

}  // namespace

bool is_conda_unpack_script(const Source& file) {
    char beginning[512];
    const std::size_t count = file.read_at(0, beginning, sizeof beginning);
    return std::string_view(beginning, count).find('\0') == std::string_view::npos;
}

bool has_conda_unpack_records(std::string_view script) { return next_assignment(script, 0) != script.npos; }

std::vector<Record> conda_unpack_records(std::string_view script, const std::string& file, std::size_t most) {
    if (script.size() > max_script) throw Error(ErrorCode::malformed, "more than 64 MiB of Python", file);
    const std::size_t first = next_assignment(script, 0);
    if (first == script.npos) throw Error(ErrorCode::malformed, "no line begins with '_prefix_records = ['", file);
    PythonText text(script, past_blanks(script, first), file);
    text.expect('[');
    std::vector<Record> records;
    for (text.skip(); !text.take(']'); text.skip()) {
        if (records.size() == most) text.fail("more than " + std::to_string(most) + " records");
        records.push_back(read_record(text));
        text.skip();
        if (text.take(',')) continue;
        text.expect(']');
        break;
    }
    const std::size_t end = past_blanks(script, text.offset());
    if (end < script.size() && std::string_view("\r\n#").find(script[end]) == std::string_view::npos)
        text.fail("the list goes on; only literals are read here, no expressions", end);
    if (const std::size_t again = next_assignment(script, end); again != script.npos)
        text.fail("_prefix_records is assigned to twice", again);
    refuse_repeated_paths(records, file);
    return records;
}

}  // namespace reseal::package
