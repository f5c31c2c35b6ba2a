// SPDX-License-Identifier: BSL-1.0
#pragma once
// The few elements of SVG that pictures are made of, as text. What they show may be any bytes.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace reseal::cli::svg {

/// As text or as an attribute's value: nothing that XML has a use for itself, and nothing that it forbids.
std::string xml_text(std::string_view bytes);

inline std::string number(std::uint64_t value) { return std::to_string(value); }

using Attributes = std::initializer_list<std::pair<const char*, std::string>>;

/// `contents` are elements or xml_text(), and so are the attributes' values.
std::string element(const char* name, const Attributes& attributes, const std::string& contents = {});
/// `style`: a class. `title`: what a pointer over it shows, any bytes.
std::string rectangle(std::uint64_t x, std::uint64_t y, std::uint64_t w, std::uint64_t h, const std::string& style,
                      const std::string& title = {});
/// `text`: any bytes.
std::string words(std::uint64_t x, std::uint64_t y, const char* style, const std::string& text);

}  // namespace reseal::cli::svg
