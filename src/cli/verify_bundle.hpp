// SPDX-License-Identifier: BSL-1.0
#pragma once
// What verify says of a bundle, besides the lines of the programs in it: docs/verify.schema.json in code, and for a person.
#include <nlohmann/json.hpp>
#include <reseal/bundle.hpp>
#include <string>

namespace reseal::cli {

/// `path  bundle  valid  detail`, and a line like it for each finding, the newlines included; of very many findings the first
/// ones. `path`: of the bundle's folder.
std::string bundle_text(const std::string& path, const BundleVerdict& verdict);

/// One object a bundle, all its findings in it.
nlohmann::ordered_json bundle_json(const std::string& path, const BundleVerdict& verdict);

/// "bad", "unsealed" where there is nothing that seals it, or "valid".
std::string_view bundle_status(const BundleVerdict& verdict);

}  // namespace reseal::cli
