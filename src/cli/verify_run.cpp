// SPDX-License-Identifier: BSL-1.0
#include "cli/verify_run.hpp"

#include <atomic>
#include <mutex>
#include <reseal/bundle.hpp>

#include "bytes/byte_string.hpp"
#include "cli/checkable_bundles.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "cli/surroundings.hpp"
#include "cli/verdict_json.hpp"
#include "cli/verdict_text.hpp"
#include "cli/verify_bundle.hpp"
#include "cli/verify_stream.hpp"
#include "fs/file_source.hpp"
#include "fs/input_kind.hpp"
#include "fs/parallel.hpp"
#include "fs/tree.hpp"
#include "macho/fat.hpp"
#include "macho/header.hpp"

namespace reseal::cli {
namespace {

/// From so many bytes on a file is worth all threads: its pages are shared out among them.
constexpr std::uint64_t large_file = std::uint64_t{16} << 20;
/// So many files wait for each other's lines, and of an archive so many bytes in memory.
constexpr std::size_t most_waiting = 2048, most_held = std::size_t{64} << 20;
/// Of an archive's files, each of which may hold a descriptor.
constexpr std::size_t most_spooled = 128;

constexpr std::int64_t slot_of_info_plist = -1, slot_of_resources = -3;

bool begins_as_macho(const Source& file) {
    char head[4];
    const std::string_view bytes(head, file.read_at(0, head, sizeof head));
    return macho::is_thin(bytes) || macho::is_fat(bytes);
}

}  // namespace

VerifyRun::VerifyRun(const VerifyArguments& arguments) : arguments_(arguments) {}

void VerifyRun::named(const std::string& path) {
    try {
        if (fs::kind_of_input(path) == fs::Kind::folder) return folder(path);
        fs::InputFile in(path);
        if (!in.size()) return stream(path, in);
        auto whole = std::make_unique<fs::FileSource>(fs::FileSource::share(in.descriptor(), in.name()));
        if (!begins_as_macho(*whole)) return stream(path, in);
        Item item = Item::at(path);
        // Others are opened again when it is their turn: there may be more of them than a process may have open.
        if (path == "-") item.source = std::move(whole);
        item.always_said = true;
        item.preimages = preimages(path);
        std::size_t held = 0;
        for (const auto& [slot, bytes] : item.preimages) held += bytes.size();
        add(std::move(item), held);
    } catch (const Error& error) {
        flush();
        say_unreadable(error);
    }
}

/// What the program at `path` seals besides itself, where it is a bundle's.
std::map<std::int64_t, std::string> VerifyRun::preimages(const std::string& path) const {
    std::map<std::int64_t, std::string> out;
    if (arguments_.level == Level::kernel || path == "-") return out;
    Surroundings around = surroundings_of(path, {});
    if (around.info_plist) out[slot_of_info_plist] = std::move(*around.info_plist);
    if (around.resources) out[slot_of_resources] = std::move(*around.resources);
    return out;
}

void VerifyRun::folder(const std::string& path) {
    const std::set<std::string> told = bundles(path);
    fs::Tree tree = fs::list_tree(path);
    if (!tree.unreadable.empty()) flush();
    for (const Error& error : tree.unreadable) say_unreadable(error);
    for (std::string& file : tree.files)
        if (!told.contains(file)) add(Item::at(std::move(file)));
}

/// Those at and below `folder`, each with the programs in it, which are named.
std::set<std::string> VerifyRun::bundles(const std::string& folder) {
    std::set<std::string> told;
    if (arguments_.level == Level::kernel) return told;
    for (const std::string& path : checkable_bundles(folder)) {
        flush();
        VerifyOptions options;
        options.strict = arguments_.strict;
        options.jobs = arguments_.jobs;
        try {
            const BundleVerdict verdict = verify_bundle(path, options);
            if (!arguments_.quiet || verdict.bad)
                out_.write(arguments_.json ? json_line(bundle_json(path, verdict)) : bundle_text(path, verdict));
            ++bundles_;
            if (verdict.bad) {
                ++bad_bundles_;
                status_ = worse(status_, refused);
            }
            for (const BundleFinding& each : verdict.findings)
                if (each.code == BundleCode::unreadable) status_ = worse(status_, failed);
            for (const BundleCodeVerdict& code : verdict.code) {
                const std::string name = path + "/" + code.path;
                say(Item::at(name), {code.images, {}, false});
                told.insert(name);
            }
        } catch (const Error& error) {
            say_unreadable(error);
        }
    }
    return told;
}

void VerifyRun::stream(const std::string& path, fs::InputFile& in) {
    VerifyStream files(in);
    bool any = false;
    while (std::optional<StreamedFile> file = files.next()) {
        any = true;
        const bool whole = !file->entry;
        if (!file->unreadable.empty()) {
            flush();
            say_unreadable(
                Error(ErrorCode::malformed, "cannot look into " + file->unreadable, path + (whole ? "" : ":" + *file->entry)));
            continue;
        }
        const std::size_t held = file->contents->held();
        Item item = Item::at(path);
        item.name.entry = std::move(file->entry);
        item.source = std::move(file->contents);
        item.always_said = whole;
        add(std::move(item), held);
        if (waiting_.size() >= most_spooled) flush();
    }
    if (any) return;
    flush();
    Item item = Item::at(path);
    item.always_said = true;
    say(item, {});
}

void VerifyRun::add(Item item, std::size_t held) {
    waiting_.push_back(std::move(item));
    held_ += held;
    if (waiting_.size() >= most_waiting || held_ >= most_held) flush();
}

/// Each says what is done and has nothing before it that is not: whoever finishes that one, the others go on meanwhile.
void VerifyRun::flush() {
    std::vector<std::optional<Outcome>> outcomes(waiting_.size());
    std::mutex saying;
    std::size_t said = 0;
    std::atomic<bool> over = false;  // nobody listens any more
    fs::parallel(waiting_.size(), arguments_.jobs, [&](std::size_t i) {
        if (over) return;
        Outcome outcome = look(waiting_[i], false);
        const std::lock_guard lock(saying);
        outcomes[i] = std::move(outcome);
        try {
            for (; !over && said < outcomes.size() && outcomes[said]; outcomes[said++].reset()) {
                if (outcomes[said]->large) outcomes[said] = look(waiting_[said], true);
                say(waiting_[said], *outcomes[said]);
            }
            if (now_and_then()) out_.flush();  // so that who reads along sees what is done
        } catch (...) {
            over = true;
            throw;
        }
    });
    waiting_.clear();
    held_ = 0;
    out_.flush();
}

bool VerifyRun::now_and_then() {
    const auto now = std::chrono::steady_clock::now();
    if (now - flushed_ < std::chrono::milliseconds(100)) return false;
    flushed_ = now;
    return true;
}

/// `alone`: with all threads.
VerifyRun::Outcome VerifyRun::look(const Item& item, bool alone) const {
    Outcome outcome;
    try {
        std::optional<fs::FileSource> opened;
        if (!item.source) opened = fs::FileSource::open(item.name.path);
        const Source& source = opened ? *opened : *item.source;
        if (!alone && arguments_.jobs != 1 && source.size() >= large_file) {
            outcome.large = true;
            return outcome;
        }
        VerifyOptions options;
        options.strict = arguments_.strict;
        options.level = arguments_.level;
        options.preimages = item.preimages;
        options.jobs = alone ? arguments_.jobs : 1;
        outcome.images = verify(source, options);
    } catch (const Error& error) {
        outcome.unreadable = error;
    }
    return outcome;
}

void VerifyRun::say(const Item& item, const Outcome& outcome) {
    if (outcome.unreadable) return say_unreadable(*outcome.unreadable);
    for (const ImageVerdict& image : outcome.images) {
        ++images_;
        if (image.bad) {
            ++bad_;
            status_ = worse(status_, refused);
        }
        if (arguments_.quiet && !image.bad) continue;
        say_line(arguments_.json ? json_line(verdict_json(item.name, image)) : verdict_text(item.name, image) + "\n");
    }
    if (outcome.images.empty() && item.always_said && !arguments_.quiet)
        say_line(arguments_.json ? json_line(not_macho_json(item.name)) : examined_name(item.name) + "  not Mach-O\n");
}

void VerifyRun::say_unreadable(const Error& error) {
    out_.flush();
    message(error.what());
    status_ = worse(status_, failed);
}

ExitStatus VerifyRun::finish() {
    flush();
    const bool several = images_ > 1 || bundles_ > 1, silent = said_ == 0 && bundles_ == 0 && status_ == complete;
    if (!arguments_.json && !arguments_.quiet && (several || silent))
        say_line(counted(images_, "image") + ", " + std::to_string(bad_) + " bad" +
                 (bundles_ == 0 ? "" : "; " + counted(bundles_, "bundle") + ", " + std::to_string(bad_bundles_) + " bad") +
                 "\n");
    out_.commit();
    return status_;
}

}  // namespace reseal::cli
