// SPDX-License-Identifier: BSL-1.0
#include "relocate/shebang.hpp"

#include <algorithm>

#include "relocate/platform.hpp"

namespace reseal::relocate {
namespace {

constexpr std::string_view digits = "0123456789";

// A carriage return alone, at the end of a file, belongs to no name either.
bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Whether a kernel would take `written` for more than one word, or for something else. A backslash means nothing to it; before
/// a space in the name it is left all the same, as conda leaves it.
bool broken_up(std::string_view written) {
    const std::size_t name = written.rfind('/') + 1;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] == ' ' && i > name && written[i - 1] == '\\') continue;
        if (blank(written[i]) || written[i] == '\n' || written[i] == '\0') return true;
    }
    return false;
}

/// For sh and, within `'''`, for Python. Single quotes keep `$` and the backtick from sh without a backslash, of which Python
/// would complain; a backslash itself must be doubled for both.
std::string shell_quoted(std::string_view path) {
    const bool plainly =
        path.find_first_of("$`\"") != std::string_view::npos && path.find_first_of("'\\") == std::string_view::npos;
    std::string out(1, plainly ? '\'' : '"');
    for (const char c : path) {
        if (!plainly && std::string_view("$`\"\\").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out += plainly ? '\'' : '"';
}

}  // namespace

bool is_python(std::string_view name) {
    if (!name.starts_with("python")) return false;
    name.remove_prefix(6);
    if (name.empty()) return true;
    const std::size_t major = std::min(name.find_first_not_of(digits), name.size());
    if (major == 0) return false;
    name.remove_prefix(major);
    return name.empty() || (name.size() > 1 && name[0] == '.' && name.find_first_not_of(digits, 1) == std::string_view::npos);
}

Shebang::Shebang(std::string_view line, std::span<const ShebangHit> hits)
    : same_(std::all_of(hits.begin(), hits.end(),
                        [&](const ShebangHit& hit) { return line.substr(hit.at, hit.length) == hit.to; })) {
    for (const std::string_view end : {"\r\n", "\n"}) {
        if (!line.ends_with(end)) continue;
        end_ = end == "\n" ? "\n" : "\r\n";
        line.remove_suffix(end.size());
        break;
    }
    parse(line, hits);
}

void Shebang::parse(std::string_view line, std::span<const ShebangHit> hits) {
    enum { lead, interpreter, options } part = lead;
    const auto put = [&](std::string_view bytes) {
        (part == lead ? lead_ : part == interpreter ? interpreter_ : options_) += bytes;
        if (part == interpreter) path_ += bytes;
    };
    auto hit = hits.begin();
    for (std::size_t i = 0; i < line.size();) {
        // A prefix belongs to one word, whatever is in it; one that begins within `#!` is no prefix of an interpreter.
        if (hit != hits.end() && hit->at == i) {
            if (part == lead && i >= 2) part = interpreter;
            put(hit->to);
            i += hit->length;
            ++hit;
            continue;
        }
        if (part == lead && i >= 2 && !blank(line[i])) part = interpreter;
        const bool escaped = part == interpreter && line[i] == '\\' && i + 1 < line.size() && line[i + 1] == ' ' &&
                             (hit == hits.end() || hit->at > i + 1);
        if (escaped) {
            interpreter_ += "\\ ";
            path_ += ' ';
            i += 2;
            continue;
        }
        if (part == interpreter && blank(line[i])) part = options;
        put(line.substr(i, 1));
        ++i;
    }
}

std::string_view Shebang::name() const { return std::string_view(interpreter_).substr(interpreter_.rfind('/') + 1); }

bool Shebang::fits(Platform platform) const {
    const std::size_t length = lead_.size() + interpreter_.size() + options_.size() + (end_ == "\r\n" ? 1 : 0);
    return length <= shebang_limit(platform) && !broken_up(interpreter_);
}

/// Whether sh would read the second line as it is meant, and Python as one string. The options go to sh as they stand, so they
/// must mean the same to it as to a kernel.
bool Shebang::can_exec() const {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view(" \t0123456789_-+.,:/=@%").find(c) != std::string_view::npos;
    };
    return std::all_of(options_.begin(), options_.end(), plain) && path_.find("'''") == std::string::npos &&
           path_.find('\0') == std::string::npos;
}

ShebangForm Shebang::form(ShebangStyle style, Platform platform) const {
    if (same_ || style == ShebangStyle::keep || !lead_.starts_with("#!") || !interpreter_.starts_with('/') || name().empty() ||
        fits(platform))
        return ShebangForm::plain;
    const bool pythons = style == ShebangStyle::exec && (name().starts_with("python") || name().starts_with("pypy"));
    if (style != ShebangStyle::env && (pythons || is_python(name())) && can_exec()) return ShebangForm::exec;
    return ShebangForm::env;
}

std::string Shebang::text(ShebangForm form) const {
    std::string out;
    if (form == ShebangForm::plain) out.append(lead_).append(interpreter_).append(options_);
    if (form == ShebangForm::env) out.append("#!/usr/bin/env ").append(name()).append(options_);
    // The first line ends in LF alone: a kernel would look for a shell whose name ends in CR.
    if (form == ShebangForm::exec)
        out.append("#!/bin/sh\n'''exec' ").append(shell_quoted(path_)).append(options_).append(" \"$0\" \"$@\" #'''");
    return out.append(end_);
}

}  // namespace reseal::relocate
