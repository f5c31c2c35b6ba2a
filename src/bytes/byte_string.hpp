// SPDX-License-Identifier: BSL-1.0
#pragma once
// Paths and rules are any bytes; JSON and terminals take text.
#include <optional>
#include <string>
#include <string_view>

namespace reseal {

/// As the report writes it, without loss: UTF-8 stays, a backslash is `\\`, every other byte `\xNN`.
std::string byte_string(std::string_view bytes);
/// The bytes that byte_string() wrote so; nothing where it would not have: a backslash before anything else, or an escape for
/// what needs none.
std::optional<std::string> bytes_of(std::string_view text);

/// As messages show it: UTF-8 and backslashes stay; every other byte, every control character and every one that changes the
/// direction of the text is `\xNN`, so that a name out of an archive can neither break a line nor speak to the terminal, nor
/// have what stands around it shown in another order.
std::string printable(std::string_view bytes);
/// The same with a backslash as two, so that different bytes stay different.
std::string printable_name(std::string_view bytes);

}  // namespace reseal
