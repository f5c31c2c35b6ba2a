// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <ios>
#include <optional>
#include <string>

namespace reseal {

/// Why a stream cannot go on.
enum class ErrorCode {
    rules,      ///< a rule set that means nothing: empty or repeated *from*, unequal lengths, too many, a bad rules file
    refused,    ///< at least one image was refused; the report names every one of them
    malformed,  ///< an archive that does not hold together or is cut short
    io,         ///< reading or writing failed below us
    misuse,     ///< the caller broke the contract (a write after finish, a hint that is not true of the input)
};

/// Thrown when a stream cannot go on. what() reads `<entry>: <what> (offset N)`, each part only where it is known; offsets
/// are bytes from the first byte of the entry.
class Error : public std::ios_base::failure {
public:
    Error(ErrorCode code, const std::string& what, std::string entry = {}, std::optional<std::uint64_t> offset = {});

    const char* what() const noexcept override { return message_.c_str(); }
    ErrorCode error() const noexcept { return code_; }
    const std::string& entry() const noexcept { return entry_; }
    std::optional<std::uint64_t> offset() const noexcept { return offset_; }

private:
    ErrorCode code_;
    std::string entry_;
    std::optional<std::uint64_t> offset_;
    std::string message_;
};

}  // namespace reseal
