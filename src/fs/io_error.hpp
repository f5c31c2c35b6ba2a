// SPDX-License-Identifier: BSL-1.0
#pragma once
// How every failure of the system below is worded: which file, what we tried, why it failed.
#include <cerrno>
#include <reseal/error.hpp>
#include <string>
#include <system_error>

namespace reseal::fs {

/// `<path>: cannot <verb>: <why>`. `error` is an errno value; take it before anything else can change it.
inline Error io_error(const std::string& path, const std::string& verb, int error = errno) {
    return Error(ErrorCode::io, "cannot " + verb + ": " + std::generic_category().message(error), path);
}

}  // namespace reseal::fs
