// SPDX-License-Identifier: BSL-1.0
#include "cli/say_findings.hpp"

#include <map>

#include "cli/message.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t notes_shown = 5;  // of each kind; the report has them all

/// What a user can do about a refusal; null: nothing that we know.
const char* remedy(Code code) {
    switch (code) {
        case Code::prefix_too_long: return "choose a prefix that is no longer than the one it replaces";
        case Code::prefix_unpaddable: return "choose a prefix that is as long as the one it replaces, or another --pad";
        case Code::script_payload: return "choose a prefix that is as long as the one it replaces";
        case Code::load_commands_full: return "choose a shorter prefix";
        case Code::external_link: return "--external-links warn makes such links";
        case Code::cms_signed: return "--cms adhoc makes the signature ad-hoc, --cms keep leaves it for who signs again";
        case Code::stale_page:
        case Code::stale_special: return "--stale reseal vouches for pages that were broken before";
        default: return nullptr;
    }
}

}  // namespace

void say_findings(const std::vector<Finding>& findings, bool quiet) {
    std::map<Code, std::size_t> notes;
    std::map<Code, const char*> remedies;
    for (const Finding& each : findings) {
        if (each.severity == Severity::error) {
            message(sentence(each));
            if (const char* what = remedy(each.code)) remedies[each.code] = what;
        } else if (!quiet && ++notes[each.code] <= notes_shown) {
            message(sentence(each));
        }
    }
    for (const auto& [code, count] : notes)
        if (count > notes_shown)
            message(std::string("note: ") + std::to_string(count - notes_shown) + " more of " + std::string(name(code)));
    for (const auto& [code, what] : remedies) message(std::string(name(code)) + ": " + what);
}

}  // namespace reseal::cli
