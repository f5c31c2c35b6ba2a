// SPDX-License-Identifier: BSL-1.0
#include "cli/fix_run.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <reseal/bundle.hpp>
#include <reseal/explain.hpp>

#include "bytes/byte_string.hpp"
#include "cli/checkable_bundles.hpp"
#include "cli/fixed_text.hpp"
#include "cli/message.hpp"
#include "cli/surroundings.hpp"
#include "fs/entries.hpp"
#include "fs/file_source.hpp"
#include "fs/modified.hpp"
#include "fs/replaced_file.hpp"
#include "fs/replaced_link.hpp"
#include "fs/tree.hpp"

namespace reseal::cli {
namespace {

bool leads_to(const std::string& path, const fs::FileId& file) {
    fs::DiskEntry now;
    return fs::look_at(path, now) && now.id == file;
}

/// Its status too: nobody else gives it names, or takes them, in so short a time.
bool is_untouched(const fs::DiskEntry& entry) {
    fs::DiskEntry now;
    return fs::look_at(entry.path, now) && now.id == entry.id && fs::same_time(now.status_changed, entry.status_changed);
}

/// A link is followed to its target: the target is what a system runs, and what is replaced.
fs::DiskEntry entry_of(const std::string& path) {
    std::error_code trouble;
    const std::string target = std::filesystem::canonical(path, trouble).string();
    if (trouble) throw Error(ErrorCode::io, "cannot be found: " + trouble.message(), path);
    fs::DiskEntry entry;
    if (!fs::look_at(target, entry)) throw Error(ErrorCode::io, "is no file any more", path);
    return entry;
}

}  // namespace

void FixRun::named(const std::string& path) {
    try {
        const fs::Kind kind = fs::kind_of(path);
        if (kind == fs::Kind::folder) return folder(path);
        if (kind == fs::Kind::other) throw Error(ErrorCode::io, "is neither a file nor a folder", path);
    } catch (const Error& error) {
        return unable(error);
    }
    look({path, true});
}

ExitStatus FixRun::finish() {
    out_.commit();
    return status_;
}

void FixRun::folder(const std::string& path) {
    said_ = false;
    const std::uint64_t images_before = images_;
    const fs::Tree tree = fs::list_tree(path);
    for (const Error& error : tree.unreadable) unable(error);
    for (const Item& item : items_below(tree.files)) look(item);
    for (const std::string& bundle : checkable_bundles(path)) look_at_seal(bundle);
    if (said_ || arguments_.quiet) return;
    out_.write(printable(path) + (images_ == images_before ? "  no Mach-O file" : "  right") + "\n");
    out_.flush();
}

/// Each file once, under the first of its names.
std::vector<FixRun::Item> FixRun::items_below(const std::vector<std::string>& files) {
    std::vector<Item> items;
    std::map<fs::FileId, std::size_t> linked;
    for (const std::string& file : files) {
        fs::DiskEntry entry;
        if (fs::look_at(file, entry) && entry.links > 1) {
            const auto [first, is_new] = linked.try_emplace(entry.id, items.size());
            if (!is_new) {
                items[first->second].more_names.push_back(file);
                continue;
            }
        }
        items.push_back({file});
    }
    return items;
}

/// New hashes are no new list of a bundle's files: what is wrong with that one must not pass for mended. Of programs all was
/// said.
void FixRun::look_at_seal(const std::string& bundle) {
    const BundleVerdict verdict = verify_bundle(bundle, {.jobs = 0});
    const auto wrong = std::find_if(verdict.findings.begin(), verdict.findings.end(), [](const BundleFinding& each) {
        return each.severity == Severity::error && each.code != BundleCode::code_bad;
    });
    if (wrong == verdict.findings.end()) return;
    said_ = true;
    message(printable(bundle) + ": the bundle's seal is not right: " + printable(wrong->path) + ": " + printable(wrong->what) +
            "; that takes a signer: see reseal explain");
    status_ = worse(status_, refused);
}

void FixRun::look(const Item& item) {
    try {
        const fs::DiskEntry entry = entry_of(item.path);
        const std::optional<relocate::TreeFile> file = relocate::TreeFile::open(entry);
        if (!file) throw Error(ErrorCode::io, "is no file any more", item.path);
        const Fix found = fix(file->source(), arguments_.cms);
        // What goes wrong from here on must not have been told as done.
        const bool replaced = !found.refused() && !found.images.empty() && (item.was_named || !found.replacements.empty());
        if (replaced && !arguments_.dry) replace(item, *file, entry, found);
        tell(item, found, replaced);
        if (item.was_named && replaced && !arguments_.dry) tell_what_is_left(item.path);
    } catch (const Error& error) {
        unable(error);
    }
}

/// What was looked at is what is copied, and what stands at the name.
void FixRun::replace(const Item& item, const relocate::TreeFile& file, const fs::DiskEntry& entry, const Fix& found) {
    fs::ReplacedFile replaced(entry.path, file.descriptor());
    const bool whole = replaced.copy_original() == entry.size;
    if (!whole || !file.is(entry) || !is_untouched(entry)) throw Error(ErrorCode::io, "changed while it was read", item.path);
    for (const Replacement& each : found.replacements) replaced.overwrite(each.offset, each.bytes);
    replaced.commit({.tv_sec = 0, .tv_nsec = UTIME_NOW});
    for (const std::string& name : item.more_names)
        if (leads_to(name, entry.id)) fs::replace_by_hard_link(name, entry.path);
    struct stat status{};
    if (::fstat(file.descriptor(), &status) == 0 && status.st_nlink > 0)
        message("note: " + printable(item.path) + ": " + counted(status.st_nlink, "other name") +
                " of the file, hard links, still lead to what it was");
}

void FixRun::tell(const Item& item, const Fix& found, bool replaced) {
    images_ += found.images.size();
    said_ = said_ || replaced || !found.findings.empty();
    for (const Finding& finding : found.findings)
        message(sentence({finding.severity, item.path, finding.offset, finding.code, finding.what}));
    if (found.refused()) {
        const bool cms_only = std::all_of(found.findings.begin(), found.findings.end(), [](const Finding& each) {
            return each.severity == Severity::note || each.code == Code::cms_signed;
        });
        if (!cms_only) message(printable(item.path) + ": that takes more than new hashes: see reseal explain");
        status_ = worse(status_, refused);
    }
    if (found.images.empty() && item.was_named) {
        message(printable(item.path) + ": not Mach-O");
        status_ = worse(status_, failed);
    }
    if (arguments_.quiet) return;
    const std::string name = printable(item.path) + "  ";
    for (const ImageReport& image : found.images) {
        if (!item.was_named && image.status == ImageStatus::untouched) continue;
        const bool left = found.refused() && image.status != ImageStatus::refused;
        std::string done = left ? "left as it was" : fixed_text(image);
        if (arguments_.dry && done.starts_with("fixed")) done.insert(0, "would be ");
        out_.write(name + printable(image.arch) + "  ");
        out_.write(done + "\n");
    }
    if (replaced && found.replacements.empty() && !arguments_.dry)
        out_.write(name + "is a new file now, with the same bytes\n");
    if (replaced)
        for (const std::string& each : item.more_names)
            out_.write(printable(each) + "  is a hard link to " + printable(item.path) + ", as before\n");
    out_.flush();
}

/// Right hashes are not all that a system asks for.
void FixRun::tell_what_is_left(const std::string& path) {
    const Explanation left = explain(fs::FileSource::open(path), surroundings_of(path, "arm64"));
    for (const Cause& cause : left.causes)
        if (!cause.note && cause.code != CauseCode::wrong_architecture)
            message("note: " + printable(path) + ": its hashes are right, and yet: " + printable(cause.verdict) +
                    ": see reseal explain");
}

void FixRun::unable(const Error& error) {
    said_ = true;
    message(error.what());
    status_ = worse(status_, failed);
}

}  // namespace reseal::cli
