// SPDX-License-Identifier: BSL-1.0
#include "bundle/plan.hpp"

#include <algorithm>
#include <array>
#include <reseal/error.hpp>
#include <set>
#include <utility>

#include "bundle/plist.hpp"
#include "bundle/shape.hpp"
#include "bundle/walk.hpp"
#include "fs/file_source.hpp"

namespace reseal::bundle {
namespace {

constexpr std::int64_t slot_of_info_plist = -1, slot_of_resources = -3;

std::string below(const std::string& folder, const std::string& name) {
    return folder.empty() || name.empty() ? folder + name : folder + "/" + name;
}

class Planner {
public:
    Planner(const Inside& top, bool strict) : top_(top), strict_(strict) {}

    /// An embedded one is to the bundle around it a folder of files that it seals one by one, as iOS has them.
    enum class Kind { whole, embedded, version };

    /// The index of the bundle's main executable among the code, if there is one.
    std::optional<std::size_t> add_bundle(const BundlePlace& place, std::size_t depth, Kind kind) {
        const std::string name = within(place.folder);
        if (depth > max_nested_depth || plan_.bundles.size() == max_nested_bundles) {
            find(BundleCode::beyond_bounds, name, "more bundles within bundles than are looked at");
            return {};
        }
        const std::size_t index = plan_.bundles.size();
        plan_.bundles.push_back({place, name, !place.code_resources.empty(), {}});
        if (!place.fault.empty()) find(BundleCode::info_plist_malformed, within(place.info_plist), place.fault);
        std::map<std::int64_t, std::string> preimages;
        if (std::optional<std::string> bytes = read(place.info_plist, max_info_plist))
            preimages[slot_of_info_plist] = std::move(*bytes);
        if (std::optional<std::string> bytes = read(place.code_resources, max_plist_bytes)) {
            check_resources(place, *bytes, depth, kind);
            preimages[slot_of_resources] = std::move(*bytes);
        }
        if (strict_ && kind != Kind::version) check_root(place);
        const std::optional<std::size_t> code = add_executable(place, std::move(preimages));
        plan_.bundles[index].code = code;
        return code;
    }

    Plan finish() { return std::move(plan_); }

private:
    std::string within(const std::string& path) const {
        return path.size() > top_.folder().size() ? path.substr(top_.folder().size() + 1) : std::string();
    }

    void find(BundleCode code, std::string path, std::string what, Severity severity = Severity::error,
              Layer layer = Layer::codesign) {
        plan_.findings.push_back({severity, code, layer, std::move(path), std::move(what)});
    }

    /// Nothing: there is no such file, or nobody may read it.
    std::optional<std::string> read(const std::string& path, std::size_t most) {
        if (path.empty()) return {};
        if (plists_ > max_plists_together) {
            find(BundleCode::beyond_bounds, within(path), "more property lists than are looked at");
            return {};
        }
        try {
            std::string bytes = top_.read(within(path), most);
            plists_ += bytes.size();
            return bytes;
        } catch (const Error&) {
            find(BundleCode::unreadable, within(path), "cannot be read");
            return {};
        }
    }

    std::optional<std::size_t> add_executable(const BundlePlace& place, std::map<std::int64_t, std::string> preimages) {
        const std::string name = within(place.executable);
        if (name.empty()) {
            if (!place.code_resources.empty())
                find(BundleCode::code_unchecked, within(place.folder),
                     "no main executable, so its seal is in files that are not checked", Severity::note);
            return {};
        }
        std::uint64_t size = 0;
        try {
            const fs::Descriptor fd = top_.open(name);
            size = fs::FileSource::share(fd.get(), name).size();
        } catch (const Error&) {
            // Plug-ins of data alone name one now and then.
            find(BundleCode::executable_missing, name, "the main executable cannot be opened",
                 place.code_resources.empty() ? Severity::note : Severity::error);
            return {};
        }
        return add_code(name, size, std::move(preimages));
    }

    std::size_t add_code(const std::string& name, std::uint64_t size, std::map<std::int64_t, std::string> preimages) {
        PlannedCode& code = plan_.code.emplace_back();
        code.name = name;
        code.size = size;
        code.preimages = std::move(preimages);
        return plan_.code.size() - 1;
    }

    void check_resources(const BundlePlace& place, const std::string& bytes, std::size_t depth, Kind kind) {
        try {
            plan_.resources.push_back(parse_code_resources(bytes, "CodeResources"));
        } catch (const Error& error) {
            if (error.error() != ErrorCode::malformed) throw;
            find(BundleCode::resources_malformed, within(place.code_resources), error.what());
            return;
        }
        CodeResources& resources = plan_.resources.back();
        for (const char* name : {"_CodeSignature", "CodeResources", "_MASReceipt"}) resources.rules.exclude(name);
        if (!place.executable.empty()) resources.rules.exclude(place.executable.substr(place.base.size() + 1));
        for (const std::string& fault : resources.rules.faults())
            find(BundleCode::rules_unsupported, within(place.code_resources), fault);
        compare(resources, walk_resources(top_, within(place.base), resources), within(place.base), depth, kind);
    }

    void compare(const CodeResources& resources, const Walked& walked, const std::string& base, std::size_t depth, Kind kind) {
        for (const auto& [name, why] : walked.unreadable) find(BundleCode::unreadable, below(base, name), why);
        if (!walked.fault.empty()) find(BundleCode::beyond_bounds, base, walked.fault);
        std::set<std::string_view> seen;
        for (const Found& found : walked.found) {
            const auto listed = resources.files.find(found.name);
            if (listed == resources.files.end()) {
                not_listed(resources, found, below(base, found.name));
                continue;
            }
            seen.insert(found.name);
            if (listed->second.fault.empty()) add(listed->second, found, below(base, found.name), depth);
            else find(BundleCode::entry_malformed, below(base, found.name), listed->second.fault);
        }
        for (const std::string& name : walked.bundles)
            if (std::optional<BundlePlace> place = shape_of(top_.path(below(base, name)))) {
                find_parts(*place);
                add_bundle(*place, depth + 1, Kind::embedded);
            }
        if (!walked.fault.empty()) return;  // what was not found may well be there
        for (const auto& [name, seal] : resources.files)
            if (!seen.contains(name) && !seal.optional && !hidden(name, walked)) missing(below(base, name), kind);
    }

    /// What is copied into an application goes without its headers, which is nothing to the seal around it.
    void missing(const std::string& name, Kind kind) {
        if (kind != Kind::embedded) return find(BundleCode::file_missing, name, "sealed, but not there");
        find(BundleCode::file_missing, name, "not there, though the embedded bundle seals it", Severity::note);
    }

    /// In a folder that could not be listed.
    static bool hidden(const std::string& name, const Walked& walked) {
        return std::any_of(walked.unreadable.begin(), walked.unreadable.end(), [&](const auto& each) {
            return each.first.empty() || name == each.first || name.starts_with(each.first + "/");
        });
    }

    void not_listed(const CodeResources& resources, const Found& found, const std::string& name) {
        if (resources.version == 1 && found.kind == Found::Kind::link) return;
        if (found.kind == Found::Kind::code) find(BundleCode::file_extra, name, "code that is not sealed");
        else if (found.kind == Found::Kind::other)
            find(BundleCode::file_extra, name, "neither a file nor a link, so nothing can seal it", Severity::note,
                 Layer::strict);
        else find(BundleCode::file_extra, name, "not sealed");
    }

    void add(const Seal& seal, const Found& found, const std::string& name, std::size_t depth) {
        if (seal.nested()) {
            if (found.kind == Found::Kind::code || found.kind == Found::Kind::file) add_nested(seal, found, name, depth);
            else find(BundleCode::file_replaced, name, "sealed as code, but it is none");
        } else if (seal.link) {
            if (found.kind == Found::Kind::link) check_link(*seal.link, name);
            else find(BundleCode::file_replaced, name, "sealed as a symbolic link, but it is none");
        } else if (found.kind == Found::Kind::file) {
            plan_.files.push_back({name, &seal, found.size});
        } else {
            find(BundleCode::file_replaced, name, "sealed as a file, but it is none");
        }
    }

    void add_nested(const Seal& seal, const Found& found, const std::string& name, std::size_t depth) {
        if (found.kind == Found::Kind::file) {
            plan_.nested.push_back({name, &seal, add_code(name, found.size, {})});
            return;
        }
        std::optional<BundlePlace> place = shape_of(top_.path(name));
        if (!place) return find(BundleCode::unsigned_code, name, "sealed as code, but it is no bundle");
        find_parts(*place);
        plan_.nested.push_back({name, &seal, add_bundle(*place, depth + 1, Kind::whole)});
        if (!plan_.nested.back().code) find(BundleCode::unsigned_code, name, "sealed as code, but it has no main executable");
        if (strict_ && place->shape == BundlePlace::Shape::versioned) add_other_versions(seal, *place, name, depth);
    }

    /// What the bundle asks of a framework, strict mode asks of the versions that are not its current one, too.
    void add_other_versions(const Seal& seal, const BundlePlace& current, const std::string& framework, std::size_t depth) {
        const std::string versions = framework + "/Versions";
        fs::OpenFolder open = top_.open_folder(versions);
        if (!open) return;
        for (const fs::OpenFolder::Entry& entry : open.entries(versions)) {
            const std::string name = versions + "/" + entry.name;
            if (entry.type != DT_DIR || entry.name == "Current" || top_.path(name) == current.base) continue;
            BundlePlace place = version_of(current.folder, top_.path(name));
            find_parts(place);
            plan_.other_versions.push_back(name);
            plan_.nested.push_back({name, &seal, add_bundle(place, depth + 1, Kind::version), false});
            if (!plan_.nested.back().code) find(BundleCode::unsigned_code, name, "a version that has no main executable");
        }
    }

    void check_link(const std::string& sealed, const std::string& name) {
        std::string target;
        try {
            target = top_.link_target(name);
        } catch (const Error&) {
            return find(BundleCode::unreadable, name, "a link that cannot be read");
        }
        if (target != sealed) return find(BundleCode::link_changed, name, "points to " + target + ", sealed as " + sealed);
        if (strict_ && leads_outside(name, target))
            find(BundleCode::link_outside, name, "points out of the bundle, to " + target, Severity::error, Layer::strict);
    }

    /// By its words alone, like what a signer saw.
    static bool leads_outside(const std::string& name, const std::string& target) {
        if (target.starts_with("/")) return !target.starts_with("/System/") && !target.starts_with("/Library/");
        std::ptrdiff_t depth = std::count(name.begin(), name.end(), '/');
        for (std::size_t begin = 0; begin <= target.size();) {
            const std::size_t end = std::min(target.find('/', begin), target.size());
            const std::string_view part = std::string_view(target).substr(begin, end - begin);
            if (part == "..") --depth;
            else if (!part.empty() && part != ".") ++depth;
            if (depth < 0) return true;
            begin = end + 1;
        }
        return false;
    }

    /// What lies beside the only folder that is sealed.
    void check_root(const BundlePlace& place) {
        if (place.shape == BundlePlace::Shape::flat) return;
        constexpr std::array<std::string_view, 4> harmless = {".DS_Store", "Icon\r", ".LSOverride", ".SoftwareDepot.tracking"};
        const bool versioned = place.shape == BundlePlace::Shape::versioned;
        fs::OpenFolder open = top_.open_folder(within(place.folder));
        if (!open) return;
        for (const fs::OpenFolder::Entry& entry : open.entries(place.folder)) {
            if (entry.name == (versioned ? "Versions" : "Contents") || (versioned && entry.type == DT_LNK)) continue;
            if (std::find(harmless.begin(), harmless.end(), entry.name) != harmless.end()) continue;
            find(BundleCode::unsealed_root, below(within(place.folder), entry.name), "lies beside what is sealed",
                 Severity::error, Layer::strict);
        }
    }

    const Inside& top_;
    const bool strict_;
    std::uint64_t plists_ = 0;  // bytes of them so far
    Plan plan_;
};

}  // namespace

Plan make_plan(const Inside& top, const BundlePlace& place, bool strict) {
    Planner planner(top, strict);
    planner.add_bundle(place, 0, Planner::Kind::whole);
    return planner.finish();
}

}  // namespace reseal::bundle
