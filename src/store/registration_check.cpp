// SPDX-License-Identifier: BSL-1.0
#include "store/registration_check.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <set>

#include "digest/digest.hpp"

namespace reseal::store {
namespace {

void check(const OutputSpec& output) {
    const auto fail = [&](const std::string& why) { throw Error(ErrorCode::misuse, "output '" + output.id + "': " + why); };
    const bool known = output.kind == OutputKind::input_addressed || output.kind == OutputKind::valid;
    if (output.id.empty() || !name_defect(output.id).empty()) fail("no name for an output");
    if (known != output.path.has_value()) fail(known ? "its path is missing" : "its path follows from its contents");
    if (output.path && output.path->name != output.scratch.name)
        fail("the names of its paths differ: " + output.scratch.base() + " and " + output.path->base());
    if ((output.kind == OutputKind::ca_fixed) != output.hash.has_value())
        fail(output.hash ? "only a fixed output has a hash" : "its hash is missing");
    if (known) return;
    if (output.algorithm != HashType::sha1 && output.algorithm != HashType::sha256 && output.algorithm != HashType::sha512)
        fail("sha1, sha256 or sha512");
    if (!digest::available(output.algorithm)) fail("this build has no library for " + std::string(name(output.algorithm)));
    if (output.hash && output.hash->type != output.algorithm)
        fail("its hash is " + std::string(name(output.hash->type)) + ", not " + std::string(name(output.algorithm)));
    if (output.method == Method::text && output.algorithm != HashType::sha256) fail("the method text takes sha256 only");
}

}  // namespace

void check(const RegistrationSpec& spec) {
    const auto fail = [](const std::string& why) { throw Error(ErrorCode::misuse, why); };
    hashes_positions(spec.regime);
    if (const std::string defect = store_dir_defect(spec.store_dir); !defect.empty()) fail(defect);
    std::set<std::string> ids, scratch;
    for (const OutputSpec& output : spec.outputs) {
        check(output);
        if (!ids.insert(output.id).second) fail("output '" + output.id + "' is there twice");
        if (!output.scratch.hash_part.empty() && !scratch.insert(output.scratch.hash_part).second)
            fail("output '" + output.id + "': another output has the scratch path's hash part too: " + output.scratch.base());
    }
    for (const Rule& rule : spec.rewrites) {
        for (const std::string& each : {rule.from, rule.to})
            if (!is_hash_part(each)) fail("rewrites: not a hash part: '" + each + "'");
        if (scratch.contains(rule.to))
            fail("rewrites: " + rule.to + " is the scratch path's of an output: give what it will be");
        if (scratch.contains(rule.from)) fail("rewrites: " + rule.from + " is the scratch path's of an output");
    }
    std::set<std::string> ordered;
    for (const std::string& id : spec.order)
        if (!ids.contains(id) || !ordered.insert(id).second)
            fail("order: '" + id + (ids.contains(id) ? "' is there twice" : "' is no output"));
}

}  // namespace reseal::store
