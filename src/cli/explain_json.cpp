// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_json.hpp"

#include "bytes/byte_string.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

Json evidence_json(const Evidence& evidence) {
    return {{"what", byte_string(evidence.what)},
            {"arch", byte_string(evidence.arch)},
            {"offset", evidence.offset},
            {"slot", evidence.slot ? Json(*evidence.slot) : Json()},
            {"segment", byte_string(evidence.segment)},
            {"section", byte_string(evidence.section)},
            {"text", byte_string(evidence.text)}};
}

}  // namespace

Json cause_json(const Cause& cause) {
    Json evidence = Json::array();
    for (const Evidence& each : cause.evidence) evidence.push_back(evidence_json(each));
    return {{"code", name(cause.code)},
            {"certainty", name(cause.certainty)},
            {"note", cause.note},
            {"layer", name(cause.layer)},
            {"arch", byte_string(cause.arch)},
            {"verdict", byte_string(cause.verdict)},
            {"evidence", std::move(evidence)},
            {"more", cause.more},
            {"remedy", cause.remedy},
            {"reference", cause.reference}};
}

Json explain_json(const std::string& path, const Explanation& explanation) {
    Json causes = Json::array();
    for (const Cause& cause : explanation.causes) causes.push_back(cause_json(cause));
    return {{"path", byte_string(path)}, {"valid", explanation.valid}, {"causes", std::move(causes)}};
}

}  // namespace reseal::cli
