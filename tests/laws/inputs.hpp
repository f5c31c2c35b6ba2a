// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the laws are tried on: well-formed files with their twins, and odd ones that are refused or that hold no image.
#include <optional>
#include <reseal/options.hpp>
#include <reseal/rules.hpp>
#include <string>
#include <vector>

namespace laws {

struct Input {
    std::string name;
    std::string bytes;
    reseal::Rules rules;
    reseal::Options options;
};

struct TwinInput : Input {
    std::string twin;  ///< what rewriting `bytes` has to give
};

/// Every shape of the tests' own signer and every program of testdata/. Made once.
const std::vector<TwinInput>& twins();

/// One file for each way to be refused, or to be passed through with a finding, and some that are no Mach-O. Made once.
const std::vector<Input>& odd();

/// twins() and odd().
std::vector<Input> all();

/// support::path_a → support::path_b.
reseal::Rules a_to_b();

/// Equality whose failure does not print two whole files.
inline bool same(const std::string& one, const std::string& other) { return one == other; }

}  // namespace laws
