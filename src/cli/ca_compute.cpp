// SPDX-License-Identifier: BSL-1.0
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>
#include <reseal/registration.hpp>
#include <set>

#include "cli/ca.hpp"
#include "cli/message.hpp"
#include "cli/register.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {
namespace {

/// One output, with its references as declared.
store::RegistrationSpec spec_of(const CaArguments& a) {
    if (!a.self.empty() && !store::is_hash_part(a.self))
        throw Error(ErrorCode::misuse, "--self: not a hash part: '" + a.self + "': 32 characters of Nix's base 32 are");
    if (const std::string defect = store::name_defect(a.name); !defect.empty())
        throw Error(ErrorCode::misuse, "--name: not a name of a store path: '" + a.name + "': " + defect);
    store::RegistrationSpec spec;
    spec.store_dir = a.store_dir;
    spec.real_store = a.out.value_or("");
    spec.dry_run = !a.out;
    spec.regime = a.regime;
    spec.derive_uuid = a.derive_uuid;
    spec.cms = a.cms;
    spec.stale = a.stale;
    spec.unsealable = a.unsealable;
    spec.on_signed_self_reference = a.on_signed_self_reference;
    store::OutputSpec output;
    output.id = a.name;
    output.scratch = {a.self, a.name};
    output.tree = a.path;
    output.method = a.method;
    output.algorithm = a.algorithm;
    std::set<store::StorePath> references;  // one may be given twice
    for (const std::string& each : a.references) references.insert(store::parse_store_path(each, a.store_dir));
    output.references.emplace(references.begin(), references.end());
    spec.outputs = {output};
    return spec;
}

std::string json_text(const store::RegisteredOutput& output, const store::Hash& hash, const std::string& store_dir) {
    using Json = nlohmann::ordered_json;
    Json references = Json::array();
    for (const store::StorePath& each : output.references) references.push_back(each.in(store_dir));
    const Json json = {{"path", output.path.in(store_dir)},
                       {"hash", hash.sri()},
                       {"ca", output.ca ? Json(output.ca->text()) : Json()},
                       {"caScheme", output.scheme ? Json(name(*output.scheme)) : Json()},
                       {"narHash", output.nar_hash.sri()},
                       {"narSize", output.nar_size},
                       {"references", std::move(references)}};
    return json.dump(2) + "\n";
}

}  // namespace

ExitStatus compute_ca(const CaArguments& a) {
    store::RegistrationSpec spec = spec_of(a);
    store::Registration done;
    try {
        register_unless_interrupted(spec, done);
    } catch (const Error& error) {
        if (error.error() != ErrorCode::refused) throw;
        bool told = false;
        for (const Finding& each : done.findings) {
            message(sentence(each));
            told = told || each.severity == Severity::error;
        }
        if (!told) message(error.what());
        return refused;
    }
    for (const Finding& each : done.findings) message(sentence(each));
    const store::RegisteredOutput& output = done.outputs.at(0);
    fs::OutputFile out("-");
    out.write(a.json ? json_text(output, output.content_hash, a.store_dir) : output.path.in(a.store_dir) + "\n");
    out.commit();
    return complete;
}

}  // namespace reseal::cli
