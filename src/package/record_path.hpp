// SPDX-License-Identifier: BSL-1.0
#pragma once
// Paths as metadata names them, below a prefix. Metadata comes from strangers: a path that leads out of the prefix is found
// here, before anybody opens it.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reseal::package {

/// The path without `.` components, repeated and trailing slashes, so that one file has one name. Throws Error
/// (ErrorCode::malformed, entry `where`) that quotes the path when it is empty, absolute, longer than max_path_bytes, holds a
/// NUL or a component `..`, or names the prefix itself.
std::string record_path(std::string_view path, const std::string& where);

/// Throws Error (ErrorCode::malformed, entry `where`) that names a path that is there twice.
void refuse_repeated(std::vector<std::string_view> paths, const std::string& where);
/// … of values that have a member `path`.
template <class Value>
void refuse_repeated_paths(const std::vector<Value>& values, const std::string& where) {
    std::vector<std::string_view> paths;
    paths.reserve(values.size());
    for (const Value& value : values) paths.push_back(value.path);
    refuse_repeated(std::move(paths), where);
}

}  // namespace reseal::package
