// SPDX-License-Identifier: BSL-1.0
#include "cli/registration_json.hpp"

#include "cli/report_json.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json(const store::RegisteredOutput& output, const std::string& store_dir) {
    Json references = Json::array(), files = Json::array();
    for (const store::StorePath& each : output.references) references.push_back(each.in(store_dir));
    for (const EntryReport& each : output.files) files.push_back(entry_json(each, false));
    return {{"path", output.path.in(store_dir)},
            {"narHash", output.nar_hash.sri()},
            {"narSize", output.nar_size},
            {"references", std::move(references)},
            {"ca", output.ca ? Json(output.ca->text()) : Json()},
            {"caScheme", output.scheme ? Json(name(*output.scheme)) : Json()},
            {"signatures", output.signatures},
            {"alreadyPresent", output.already_present},
            {"reads", output.reads},
            {"writes", output.writes},
            {"files", std::move(files)}};
}

}  // namespace

Json registration_json(const store::Registration& done, const std::string& store_dir, double seconds) {
    Json outputs = Json::object(), findings = Json::array();
    for (const store::RegisteredOutput& each : done.outputs) outputs[each.id] = json(each, store_dir);
    for (const Finding& each : done.findings) findings.push_back(finding_json(each));
    return {{"version", 1},
            {"outputs", std::move(outputs)},
            {"findings", std::move(findings)},
            {"bytesRead", done.bytes_read},
            {"bytesWritten", done.bytes_written},
            {"seconds", seconds}};
}

}  // namespace reseal::cli
