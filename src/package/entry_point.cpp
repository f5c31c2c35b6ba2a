// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <reseal/error.hpp>

#include "bytes/ascii.hpp"
#include "package/index_json.hpp"
#include "package/json_fields.hpp"

namespace reseal::package {
namespace {

std::string_view stripped(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_python_letter(char byte) { return is_letter(byte) || byte == '_' || static_cast<unsigned char>(byte) >= 0x80; }

// A name of Python, or some of them with dots between.
bool is_dotted_name(std::string_view text) {
    bool begins = true;
    for (const char byte : text) {
        if (begins ? !is_python_letter(byte) : !is_python_letter(byte) && !is_digit(byte) && byte != '.') return false;
        begins = byte == '.';
    }
    return !begins;
}

// The name of a file in bin: what shells, and people, take for one word, and not for an option.
bool is_command(std::string_view text) {
    const auto allowed = [](char byte) {
        return is_python_letter(byte) || is_digit(byte) || std::string_view(".-+@").find(byte) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 255 && text.front() != '.' && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

EntryPoint parse_entry_point(std::string_view text, const std::string& file) {
    const std::size_t colon = text.rfind(':');
    const std::size_t equals = colon == text.npos ? text.npos : text.rfind('=', colon);
    EntryPoint out;
    if (equals != text.npos) {
        out.command = stripped(text.substr(0, equals));
        out.module = stripped(text.substr(equals + 1, colon - equals - 1));
        out.function = stripped(text.substr(colon + 1));
    }
    if (!is_command(out.command) || !is_dotted_name(out.module) || !is_dotted_name(out.function)) {
        std::string what = "the entry point '";
        throw Error(ErrorCode::malformed, what.append(printable(text.substr(0, 200))) + "' is not COMMAND = MODULE:FUNCTION",
                    file);
    }
    return out;
}

std::vector<EntryPoint> read_link_json(std::string_view text, const std::string& file) {
    const Json json = parse_json(text, file);
    JsonFields fields(json, file, "");
    const Json* version = fields.find("package_metadata_version");
    if (version == nullptr || *version != 1) fields.fail("package_metadata_version", "1 is the only one there is");
    std::vector<EntryPoint> points;
    const Json* noarch = fields.find("noarch");
    if (noarch == nullptr) return points;
    JsonFields of_noarch(*noarch, file, "noarch");
    std::vector<std::string_view> commands;
    const std::vector<std::string> lines = of_noarch.texts("entry_points");
    for (const std::string& line : lines) points.push_back(parse_entry_point(line, file));
    for (const EntryPoint& point : points) commands.push_back(point.command);
    std::sort(commands.begin(), commands.end());
    const auto twice = std::adjacent_find(commands.begin(), commands.end());
    if (twice != commands.end())
        throw Error(ErrorCode::malformed, std::string("the command '").append(*twice) + "' is there twice", file);
    return points;
}

}  // namespace reseal::package
