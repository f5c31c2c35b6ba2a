// SPDX-License-Identifier: BSL-1.0
#include "bundle/judgement.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "bundle/requirement_check.hpp"

namespace reseal::bundle {
namespace {

constexpr std::int64_t info_plist_slot = -1, resources_slot = -3;

class Judge {
public:
    explicit Judge(Plan& plan) : plan_(plan) {}

    void code(const PlannedCode& code) {
        if (!code.read) return find(BundleCode::unreadable, code.name, "cannot be read");
        for (const ImageVerdict& image : code.images)
            for (const Problem& problem : image.problems)
                if (!said_by_file(problem))
                    find(BundleCode::code_bad, code.name, image.arch + ": " + problem.what, Severity::error, problem.layer);
    }

    void bundle(const PlannedBundle& bundle) {
        if (!bundle.code) return;
        const PlannedCode& code = plan_.code[*bundle.code];
        if (!code.read) return;
        if (code.images.empty())
            return find(BundleCode::code_unchecked, code.name, "no Mach-O, so its seal is in files that are not checked",
                        Severity::note);
        stale_slot(bundle, code, info_plist_slot, bundle.place.info_plist, BundleCode::info_plist_stale);
        stale_slot(bundle, code, resources_slot, bundle.place.code_resources, BundleCode::resources_stale);
        missing_preimage(bundle, code);
        if (bundle.has_resources)
            for (const ImageVerdict& image : code.images)
                if (image.verdict == Verdict::unsigned_)
                    find(BundleCode::unsigned_code, code.name, image.arch + " is not signed, so nothing seals CodeResources");
        for (const CodeFacts& facts : code.facts) bound(bundle, code, facts);
    }

    void nested(const PlannedNested& nested) {
        if (!nested.code) return;
        const PlannedCode& code = plan_.code[*nested.code];
        if (!code.read) return;
        if (code.images.empty())
            return find(BundleCode::code_unchecked, nested.name, "no Mach-O: what seals it stands in extended attributes",
                        Severity::note);
        if (code.facts.empty()) return find(BundleCode::unsigned_code, nested.name, "sealed as code, but not signed");
        const bool may_be = requirement(nested, code);
        if (nested.sealed_itself) cdhash(nested, code, may_be);
    }

    /// Who asks for less than strict mode never looks at other versions of a framework than the current one.
    void soften_other_versions() {
        for (BundleFinding& each : plan_.findings)
            if (each.layer == Layer::codesign && in_other_version(each.path)) each.layer = Layer::strict;
    }

private:
    void find(BundleCode code, std::string path, std::string what, Severity severity = Severity::error,
              Layer layer = Layer::codesign) {
        plan_.findings.push_back({severity, code, layer, std::move(path), std::move(what)});
    }

    std::string within(const std::string& path) const {
        const std::size_t folder = plan_.bundles.front().place.folder.size();
        return path.size() > folder ? path.substr(folder + 1) : std::string();
    }

    bool in_other_version(const std::string& path) const {
        return std::any_of(plan_.other_versions.begin(), plan_.other_versions.end(),
                           [&](const std::string& each) { return path == each || path.starts_with(each + "/"); });
    }

    static bool is_stale(const CodeDirectoryVerdict& directory, std::int64_t slot) {
        return std::binary_search(directory.stale.begin(), directory.stale.end(), slot);
    }

    /// Of the slots that seal files of the bundle those files' findings speak.
    static bool said_by_file(const Problem& problem) {
        return problem.code == Code::special_stale &&
               (problem.what.starts_with("special slot -1 ") || problem.what.starts_with("special slot -3 "));
    }

    void stale_slot(const PlannedBundle& bundle, const PlannedCode& code, std::int64_t slot, const std::string& file,
                    BundleCode how) {
        std::string where;
        for (const ImageVerdict& image : code.images)
            for (const CodeDirectoryVerdict& directory : image.codedirectories)
                if (is_stale(directory, slot))
                    where.append(where.empty() ? "" : ", ").append(image.arch).append(" ").append(name(directory.hash));
        if (!where.empty())
            find(how, file.empty() ? within(bundle.place.base) : within(file),
                 "not what special slot " + std::to_string(slot) + " of " + code.name + " seals: " + where);
    }

    void missing_preimage(const PlannedBundle& bundle, const PlannedCode& code) {
        const auto unchecked = [&](std::int64_t slot) {
            return std::any_of(code.images.begin(), code.images.end(), [&](const ImageVerdict& image) {
                return std::any_of(image.codedirectories.begin(), image.codedirectories.end(), [&](const auto& directory) {
                    return std::find(directory.unchecked.begin(), directory.unchecked.end(), slot) != directory.unchecked.end();
                });
            });
        };
        if (bundle.place.info_plist.empty() && unchecked(info_plist_slot))
            find(BundleCode::info_plist_missing, within(bundle.place.base),
                 "there is no Info.plist, but " + code.name + " seals one");
        if (bundle.place.code_resources.empty() && unchecked(resources_slot))
            find(BundleCode::resources_missing, within(bundle.place.base),
                 "there is no _CodeSignature/CodeResources, but " + code.name + " seals one");
    }

    /// Whether a signature is one of the bundle, or of the program alone.
    void bound(const PlannedBundle& bundle, const PlannedCode& code, const CodeFacts& facts) {
        if (!bundle.place.info_plist.empty() && !facts.seals_info_plist)
            find(BundleCode::info_plist_unbound, within(bundle.place.info_plist),
                 facts.arch + " of " + code.name + " does not seal it", Severity::note);
        if (bundle.has_resources && !facts.seals_code_resources)
            find(BundleCode::resources_unbound, within(bundle.place.code_resources),
                 facts.arch + " of " + code.name + " does not seal it");
        if (!bundle.has_resources && !facts.seals_any_code_resources)
            find(BundleCode::unsealed, code.name, facts.arch + " is signed by itself, nothing seals the bundle around it",
                 facts.linker_signed ? Severity::note : Severity::error);
    }

    /// False: an image surely does not meet it, or nobody can tell what it asks for.
    bool requirement(const PlannedNested& nested, const PlannedCode& code) {
        using Answer = RequirementResult::Answer;
        if (!nested.seal->requirement) return false;
        bool may_be = true;
        for (const CodeFacts& facts : code.facts) {
            const RequirementResult result = check_requirement(*nested.seal->requirement, facts);
            if (result.answer == Answer::malformed) {
                find(BundleCode::requirement_malformed, nested.name,
                     "the requirement that it is sealed by: " + result.asked.front());
                return false;
            }
            if (result.answer == Answer::unmet) {
                find(BundleCode::requirement_unmet, nested.name,
                     facts.arch + " is not what the bundle asks for: " + excerpt(*nested.seal->requirement));
                may_be = false;
            }
            if (result.answer != Answer::unchecked) continue;
            std::string asked;
            for (const std::string& each : result.asked) asked.append(asked.empty() ? "" : ", ").append(each);
            find(BundleCode::requirement_unchecked, nested.name,
                 facts.arch + ": this takes its certificates: " + excerpt(asked), Severity::note);
        }
        return may_be;
    }

    static std::string excerpt(const std::string& text) {
        constexpr std::size_t most = 400;
        return text.size() > most ? text.substr(0, most) + "…" : text;
    }

    /// codesign goes by the requirement alone: who meets it may change the code without a new seal around it.
    void cdhash(const PlannedNested& nested, const PlannedCode& code, bool may_be) {
        if (!nested.seal->cdhash) return;
        bool comparable = true;
        for (const CodeFacts& facts : code.facts) {
            if (std::find(facts.cdhashes.begin(), facts.cdhashes.end(), *nested.seal->cdhash) != facts.cdhashes.end()) return;
            comparable = comparable && facts.complete;
        }
        if (comparable)
            find(BundleCode::nested_changed, nested.name, "not the code that was there when the bundle was signed",
                 may_be ? Severity::note : Severity::error);
        else find(BundleCode::hash_unavailable, nested.name, "this build cannot compute its cdhash", Severity::note);
    }

    Plan& plan_;
};

}  // namespace

void judge(Plan& plan) {
    Judge judge(plan);
    for (const PlannedCode& code : plan.code) judge.code(code);
    for (const PlannedBundle& bundle : plan.bundles) judge.bundle(bundle);
    for (const PlannedNested& nested : plan.nested) judge.nested(nested);
    judge.soften_other_versions();
}

}  // namespace reseal::bundle
