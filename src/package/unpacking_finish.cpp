// SPDX-License-Identifier: BSL-1.0
// The end of an unpacking: what came late, links, and the name under which the tree is seen.
#include <algorithm>
#include <reseal/error.hpp>
#include <tuple>
#include <utility>

#include "fs/wait_for_disk.hpp"
#include "package/memory.hpp"
#include "package/unpacking.hpp"
#include "relocate/moved_target.hpp"
#include "relocate/platform.hpp"

namespace reseal::package {
namespace {

bool worth_telling(const MovedFile& file) { return file.what.changed || file.what.refused || !file.what.findings.empty(); }

}  // namespace

/// One that is no package.
void Unpacking::settle(const Arrived& archive) {
    if (archive.info != "info" && (laid_.names().find(archive.info) || !asked_.empty())) {
        Foresight more = known_;
        more.no_packages.insert(archive.name);
        throw Again{std::move(more)};
    }
    if (settle_environment(archive) || settle_bottles(archive) || !pairs_.empty()) return;
    throw Error(ErrorCode::malformed, "nothing in it says which prefix it was made for; --from does", archive.name);
}

/// Nothing is replaced in what was put there for another prefix: what metadata names had to wait for it. What names
/// placeholders goes on doing so.
void Unpacking::expect_asked() {
    if (asked_.empty()) return;
    const auto is_metadata = [&](const std::string& path) { return environment_ && is_environment_metadata(path); };
    if (known_.raw) {
        for (const std::string& path : laid_.names().files())
            if (path != memory_path && !is_metadata(path) && !mover_.done().contains(path) &&
                (!settings_.wanted || settings_.wanted(path)))
                later_.try_emplace(path, FileOrder{.prefixes = asked_});
        return;
    }
    const auto changed_as_it_came = [&](const std::string& path) {
        const auto done = mover_.done().find(path);
        return done != mover_.done().end() && (done->second.what.changed || done->second.what.refused);
    };
    const auto wait = [&] {
        Foresight more = known_;
        more.raw = true;
        throw Again{std::move(more)};
    };
    for (const auto& [path, order] : later_)
        if (changed_as_it_came(path)) wait();
    for (const auto& [path, done] : mover_.done())
        if (is_metadata(path) && changed_as_it_came(path)) wait();
    for (const std::string& path : told_)
        if (changed_as_it_came(path) && mover_.done().at(path).what.sha256_before.empty()) wait();
}

/// Of files that are read again: who has a record of one is told, whatever it is read for.
void Unpacking::want_digests() {
    for (const std::string& path : told_)
        if (const auto order = later_.find(path); order != later_.end()) order->second.sha256_before = true;
    for (const Installed& each : packages_)
        for (const PathEntry& entry : each.package.paths)
            if (const auto order = later_.find(laid_.file_of(each.place(entry.path))); order != later_.end())
                order->second.sha256_after = true;
}

/// Of what no package speaks for: that of the packages, here or there already, else that of the first program.
void Unpacking::decide_platform() {
    if (settings_.platform_given) return;
    if (!platform_ && (environment_ || mover_.awaits_platform()) && staging_.is_taken("conda-meta"))
        platform_ = read_environment(staging_.destination()).platform;
    if (!platform_) platform_ = mover_.platform_of_programs();
    mover_.decide_platform(platform_.value_or(relocate::host_platform()));
}

void Unpacking::note_unused_options() {
    const auto note = [&](bool unused, const char* what) {
        if (!unused) return;
        for (const std::string& archive : names_) findings_.push_back({Severity::note, archive, 0, Code::option_unused, what});
    };
    note(settings_.tab && !bottles_, "no bottle, so --tab is of no use");
    note(!settings_.homebrew.empty() && !bottles_, "no bottle, so --homebrew is of no use");
    note(!settings_.python.empty() && !noarch_, "no noarch package of Python, so --python is of no use");
}

std::vector<PrefixPair> Unpacking::all_pairs() const {
    std::vector<PrefixPair> pairs = pairs_;
    pairs.insert(pairs.end(), link_pairs_.begin(), link_pairs_.end());
    for (const auto& [placeholders, prefixes] : by_placeholders_)
        for (const std::string& each : placeholders) pairs.push_back({each, target(each)});
    std::sort(pairs.begin(), pairs.end(),
              [](const PrefixPair& a, const PrefixPair& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
}

/// Absolute targets below a prefix that moves.
std::vector<MovedLink> Unpacking::move_links() {
    const std::vector<PrefixPair> pairs = all_pairs();
    std::vector<MovedLink> out;
    for (auto& [path, target] : laid_.links()) {
        if (settings_.wanted && !settings_.wanted(path)) continue;
        const auto moved = relocate::moved_target(target, pairs);
        if (!moved) continue;
        out.push_back({path, target, *moved});
        target = *moved;
    }
    return out;
}

void Unpacking::judge_links(Unpacked& out) {
    if (settings_.external_links == ExternalLinks::allow) return;
    const bool deny = settings_.external_links == ExternalLinks::deny;
    for (const auto& [path, target] : laid_.links()) {
        if (!leads_outside(laid_.links(), path, root_)) continue;
        out.findings.push_back({deny ? Severity::error : Severity::note, path, 0, Code::external_link,
                                "a link to " + target + " leads out of the folder that is unpacked to"});
        out.refused = out.refused || deny;
    }
}

Unpacked Unpacking::finish() {
    laid_.wait();
    learn_python();
    for (const std::string& each : std::exchange(waiting_, {})) {
        if (python_.empty())
            throw Error(ErrorCode::malformed, "a noarch package: --python X.Y says for which Python, or one among the archives",
                        each);
        if (each == standard_input)
            throw Error(ErrorCode::malformed, "a noarch package: its Python has to come before it, or --python X.Y", each);
        add(each);
    }
    laid_.wait();
    // What stands below info/ of a package is no file of an environment beside it.
    std::vector<const Arrived*> others;
    for (const Arrived& each : arrived_)
        if (!settle_package(each)) others.push_back(&each);
    for (const Arrived* each : others) settle(*each);
    expect_asked();
    want_digests();
    decide_platform();
    mover_.catch_up(later_, settings_.jobs, settings_.stop);
    write_records();
    Unpacked out;
    out.links = move_links();
    out.pairs = all_pairs();
    out.destination = staging_.destination();
    for (const auto& [path, file] : mover_.done()) {
        if (file.read_again) ++out.files_read_again;
        out.refused = out.refused || file.what.refused;
        if (worth_telling(file)) out.files.push_back(file);
    }
    note_unused_options();
    out.counts = laid_.counts();
    out.counts.files += made_.files;
    out.counts.bytes += made_.bytes;
    out.findings = laid_.findings();
    out.findings.insert(out.findings.end(), findings_.begin(), findings_.end());
    judge_links(out);
    if (out.refused) return out;
    follow_files(out.links);
    remember(out.links);
    laid_.finish();
    if (settings_.dry_run) return out;
    staging_.take_turn(settings_.stop);
    if (settings_.stop()) throw Stopped();
    staging_.publish(std::string(memory_path));
    if (settings_.sync) fs::wait_for_disk({out.destination});
    return out;
}

}  // namespace reseal::package
