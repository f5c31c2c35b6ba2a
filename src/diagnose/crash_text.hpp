// SPDX-License-Identifier: BSL-1.0
#pragma once
// A crash report in its text form, line by line: the one that a person reads, and until macOS 11 the only one.
#include <optional>
#include <reseal/log.hpp>
#include <string_view>

namespace reseal::diagnose {

class CrashText {
public:
    /// `number`: of the line. Returns the report that ended in front of it.
    std::optional<LogEvent> add(std::string_view line, std::size_t number);
    /// The report that the text ends with.
    std::optional<LogEvent> finish();

private:
    bool field(std::string_view key, std::string_view value);
    std::optional<LogEvent> report_;
    bool in_images_ = false;
};

/// "arm64" for "ARM-64 (Native)"; "" for what no processor of ours is called.
std::string crash_arch(std::string_view code_type);

/// The address in an exception's codes or subtype: "UNKNOWN_0x32 at 0x0000000104b58000", "0x0000000000000032,
/// 0x0000000104b58000".
std::optional<std::uint64_t> crash_address(std::string_view text);

}  // namespace reseal::diagnose
