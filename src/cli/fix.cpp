// SPDX-License-Identifier: BSL-1.0
#include "cli/fix.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <reseal/bundle.hpp>
#include <reseal/error.hpp>
#include <reseal/explain.hpp>
#include <reseal/fix.hpp>
#include <span>

#include "bytes/byte_string.hpp"
#include "cli/checkable_bundles.hpp"
#include "cli/choice.hpp"
#include "cli/message.hpp"
#include "cli/surroundings.hpp"
#include "fs/descriptor.hpp"
#include "fs/file_source.hpp"
#include "fs/io_error.hpp"
#include "fs/modified.hpp"
#include "fs/output_file.hpp"
#include "fs/replaced_file.hpp"
#include "fs/tree.hpp"

namespace reseal::cli {
namespace {

constexpr const char* fix_examples = R"(Examples:
  reseal fix ./tool
  reseal fix --cms adhoc -n ./App.app

Every page and blob that is not what the signature says gets a new hash, in every
CodeDirectory; nothing else changes: identifier, flags, entitlements, page size stay.
That vouches for whatever stands there, so look first what it is: `reseal explain`.
Whoever still has the original does better to change that with `reseal rewrite`.

A file that is given by its name becomes a new file with a new inode even where its
hashes are right: a Mac that has run it goes on with the signature it has kept of the
old one. Of a folder only what is wrong is replaced; links in it are not followed.
Hard links to a file keep the old bytes. What no hash puts right is refused and stays
as it is: a program without a signature, one that is cut short, one whose signature
does not hold together, a bundle's list of its files. That takes a signer.

Of a bundle its programs are fixed, not what they seal besides themselves: where an
Info.plist, a resource or a program within is not what the bundle's seal says, that
is told, and takes a signer, too.

Exit status: 0 every image is right now, 2 one was refused, 1 something could not be
read or written.)";

constexpr std::size_t fixed_listed = 8;

std::string numbers(std::span<const std::int64_t> slots) {
    std::string out;
    for (const std::int64_t slot : slots.first(std::min(slots.size(), fixed_listed)))
        out += (out.empty() ? "" : ", ") + std::to_string(slot);
    return slots.size() > fixed_listed ? out + " … and " + std::to_string(slots.size() - fixed_listed) + " more" : out;
}

/// "pages 4, 17; special slot -5; sha256/4096"
std::string slots_text(const CodeDirectoryReport& directory) {
    const std::span<const std::int64_t> slots(directory.slots_changed);
    const auto first_page = std::partition_point(slots.begin(), slots.end(), [](std::int64_t slot) { return slot < 0; });
    const auto specials = slots.first(static_cast<std::size_t>(first_page - slots.begin()));
    const auto pages = slots.subspan(specials.size());
    std::string out;
    if (!pages.empty()) out += (pages.size() == 1 ? "page " : "pages ") + numbers(pages) + "; ";
    if (!specials.empty()) out += (specials.size() == 1 ? "special slot " : "special slots ") + numbers(specials) + "; ";
    if (slots.empty()) out += "no hash; ";
    return out.append(name(directory.hash)).append("/").append(std::to_string(directory.page_size));
}

const char* fixed_word(ImageStatus status) {
    switch (status) {
        case ImageStatus::resealed: return "fixed";
        case ImageStatus::downgraded: return "fixed, ad-hoc now";
        case ImageStatus::unbound: return "fixed, to be signed again";
        case ImageStatus::refused: return "refused";
        case ImageStatus::untouched:
        case ImageStatus::unsigned_:
        case ImageStatus::unsealed: break;
    }
    return "right";
}

/// "fixed  page 17; special slot -5; sha256/4096 | page 17; sha1/4096"
std::string fixed_text(const ImageReport& image) {
    std::string out = fixed_word(image.status);
    std::string separator = "  ";
    for (const CodeDirectoryReport& directory : image.codedirectories) {
        out += separator + slots_text(directory);
        separator = " | ";
    }
    return out;
}

class Fixing {
public:
    explicit Fixing(const FixArguments& arguments) : arguments_(arguments) {}

    void named(const std::string& path) {
        try {
            const fs::Kind kind = fs::kind_of(path);
            if (kind == fs::Kind::folder) return folder(path);
            if (kind == fs::Kind::other) throw Error(ErrorCode::io, "is neither a file nor a folder", path);
        } catch (const Error& error) {
            return unable(error);
        }
        look(path, true);
    }

    ExitStatus finish() {
        out_.commit();
        return status_;
    }

private:
    void folder(const std::string& path) {
        const fs::Tree tree = fs::list_tree(path);
        for (const Error& error : tree.unreadable) unable(error);
        for (const std::string& file : tree.files) look(file, false);
        for (const std::string& bundle : checkable_bundles(path)) look_at_seal(bundle);
    }

    /// New hashes are no new list of a bundle's files: what is wrong with that one must not pass for mended.
    void look_at_seal(const std::string& bundle) {
        const BundleVerdict verdict = verify_bundle(bundle, {.jobs = 0});
        const auto wrong = std::find_if(verdict.findings.begin(), verdict.findings.end(),
                                        [](const BundleFinding& each) { return each.severity == Severity::error; });
        if (wrong == verdict.findings.end()) return;
        message(printable(bundle) + ": the bundle's seal is not right: " + printable(wrong->path) + ": " +
                printable(wrong->what) + "; that takes a signer: see reseal explain");
        status_ = worse(status_, refused);
    }

    void look(const std::string& path, bool was_named) {
        try {
            const fs::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
            if (!fd) throw fs::io_error(path, "open");
            const struct stat before = status_of(path, fd.get());
            const fs::FileSource source = fs::FileSource::share(fd.get(), path);
            const Fix found = fix(source, arguments_.cms);
            // What goes wrong from here on must not have been told as done.
            const bool replaced = !found.refused() && !found.images.empty() && (was_named || !found.replacements.empty());
            if (replaced && !arguments_.dry) replace(path, fd.get(), before, found);
            tell(path, found, was_named, replaced);
            if (was_named && replaced && !arguments_.dry) tell_what_is_left(path);
        } catch (const Error& error) {
            unable(error);
        }
    }

    static struct stat status_of(const std::string& path, int fd) {
        struct stat status{};
        if (::fstat(fd, &status) != 0) throw fs::io_error(path, "open");
        return status;
    }

    /// What was looked at is what is copied, and what stands at the name.
    static bool is_still(const struct stat& before, int fd, const std::string& target) {
        struct stat now{}, named{};
        const auto same = [](const timespec& one, const timespec& other) {
            return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
        };
        return ::fstat(fd, &now) == 0 && ::lstat(target.c_str(), &named) == 0 && now.st_size == before.st_size &&
               same(fs::modified(now), fs::modified(before)) && same(fs::status_changed(now), fs::status_changed(before)) &&
               named.st_dev == now.st_dev && named.st_ino == now.st_ino;
    }

    /// A link is followed to its target first: the target is what a system runs. `before`: of the file when it was opened.
    void replace(const std::string& path, int fd, const struct stat& before, const Fix& found) {
        std::error_code trouble;
        const std::string target = std::filesystem::canonical(path, trouble).string();
        if (trouble) throw Error(ErrorCode::io, "cannot be found: " + trouble.message(), path);
        fs::ReplacedFile file(target, fd);
        const bool whole = file.copy_original() == static_cast<std::uint64_t>(before.st_size);
        if (!whole || !is_still(before, fd, target)) throw Error(ErrorCode::io, "changed while it was read", path);
        for (const Replacement& each : found.replacements) file.overwrite(each.offset, each.bytes);
        file.commit({.tv_sec = 0, .tv_nsec = UTIME_NOW});
        struct stat status{};
        if (::fstat(fd, &status) == 0 && status.st_nlink > 0)
            message("note: " + printable(path) + ": " + counted(status.st_nlink, "other name") +
                    " of the file, hard links, still lead to what it was");
    }

    void tell(const std::string& path, const Fix& found, bool was_named, bool replaced) {
        for (const Finding& finding : found.findings)
            message(sentence({finding.severity, path, finding.offset, finding.code, finding.what}));
        if (found.refused()) status_ = worse(status_, refused);
        if (found.images.empty() && was_named) {
            message(printable(path) + ": not Mach-O");
            status_ = worse(status_, failed);
        }
        if (arguments_.quiet) return;
        for (const ImageReport& image : found.images) {
            if (!was_named && image.status == ImageStatus::untouched) continue;
            const bool left = found.refused() && image.status != ImageStatus::refused;
            out_.write(printable(path) + "  " + printable(image.arch) + "  " +
                       (left ? "left as it was" : would(fixed_text(image))) + "\n");
        }
        if (replaced && found.replacements.empty() && !arguments_.dry)
            out_.write(printable(path) + "  is a new file now, with the same bytes\n");
        out_.flush();
    }

    /// Right hashes are not all that a system asks for.
    void tell_what_is_left(const std::string& path) {
        const Explanation left = explain_file(fs::FileSource::open(path), surroundings_of(path, "arm64"));
        for (const Cause& cause : left.causes)
            if (!cause.note && cause.code != CauseCode::wrong_architecture)
                message("note: " + printable(path) + ": its hashes are right, and yet: " + printable(cause.verdict) +
                        ": see reseal explain");
    }

    std::string would(const std::string& done) const {
        return arguments_.dry && done.starts_with("fixed") ? "would be " + done : done;
    }

    void unable(const Error& error) {
        message(error.what());
        status_ = worse(status_, failed);
    }

    const FixArguments& arguments_;
    fs::OutputFile out_{"-"};
    ExitStatus status_ = complete;
};

}  // namespace

Command add_fix(Command app, FixArguments& a) {
    Command command = app.command("fix", "Put new hashes into signatures that are no longer right");
    add_choice<CmsPolicy>(
        command, "--cms", a.cms,
        "An image with a CMS signature, which new hashes break:\nrefuse it, make the signature ad-hoc, or keep "
        "the\nCMS blob unbound; adhoc also makes a consistent ad-hoc\nsignature of one that contradicts "
        "itself [refuse]",
        cms_choices);
    command.flag("-n", a.dry, "Do everything but write");
    command.flag("-q", a.quiet, "No lines of what was done");
    command.operand("PATH", "Programs and libraries, folders of them", Operand::repeated);
    command.footer(fix_examples);
    return command;
}

void complete_fix(FixArguments& a, const Words& words) {
    a.paths = words.operands;
    if (a.paths.empty()) throw UsageError("PATH: at least one is needed");
    for (const std::string& path : a.paths)
        if (path.empty() || path == "-") throw UsageError("PATH: the name of a file or folder, which is replaced");
}

ExitStatus run_fix(const FixArguments& a) {
    Fixing fixing(a);
    for (const std::string& path : a.paths) fixing.named(path);
    return fixing.finish();
}

}  // namespace reseal::cli
