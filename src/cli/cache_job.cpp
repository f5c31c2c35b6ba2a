// SPDX-License-Identifier: BSL-1.0
#include "cli/cache_job.hpp"

#include <algorithm>
#include <filesystem>
#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>

#include "bytes/fan.hpp"
#include "cli/cache_archive.hpp"
#include "cli/message.hpp"
#include "codec/decompressor.hpp"
#include "digest/digest.hpp"
#include "fs/input_file.hpp"
#include "fs/tree.hpp"
#include "store/address_finder.hpp"

namespace reseal::cli {
namespace {

using store::NarInfo;

/// The archive as the source has it, held against what its narinfo says: never more bytes than that, and those.
class Checked final : public Sink {
public:
    Checked(const NarInfo& info, std::string name, Rewriter& next, CacheProgress& progress)
        : info_(info), name_(std::move(name)), next_(next), progress_(progress) {}

    void write(std::string_view bytes) override {
        if (progress_.stop) throw Stopped();
        size_ += bytes.size();
        if (size_ > info_.nar_size) fail("more bytes than its narinfo says, " + std::to_string(info_.nar_size));
        hasher_.update(bytes);
        next_.write(bytes);
        constexpr std::uint64_t ring_every = std::uint64_t{1} << 20;
        const std::uint64_t before = progress_.bytes.fetch_add(bytes.size());
        if (before / ring_every != (before + bytes.size()) / ring_every) progress_.bell.ring();
    }
    void finish() {
        if (size_ < info_.nar_size) fail(std::to_string(size_) + " bytes; its narinfo says " + std::to_string(info_.nar_size));
        const store::Hash hash{HashType::sha256, std::string(hasher_.finish().bytes())};
        if (hash != info_.nar_hash) fail("its hash is " + hash.nix32() + "; its narinfo says " + info_.nar_hash.nix32());
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw Error(ErrorCode::malformed, what, name_); }

    const NarInfo& info_;
    std::string name_;
    Rewriter& next_;
    CacheProgress& progress_;
    digest::Hasher hasher_{HashType::sha256};
    std::uint64_t size_ = 0;
};

codec::Compression compression_of(const NarInfo& info, const std::string& name) {
    const std::optional<codec::Choice> known = codec::parse_choice(info.compression);
    if (!known || codec::name(known->compression) != info.compression)
        throw Error(ErrorCode::malformed, "compressed with " + info.compression + ", which reseal cannot read", name);
    return known->compression;
}

/// An address of a kind we cannot recompute ("git") is as good as one that does not hold.
std::optional<store::AddressFinder> address_finder(const NarInfo& source, const NarInfo& wanted) {
    if (source.ca.empty()) return {};
    try {
        return std::optional<store::AddressFinder>(std::in_place, store::parse_content_address(source.ca), wanted.store_dir,
                                                   wanted.path);
    } catch (const Error&) {
        return {};
    }
}

/// The signatures that hold: those of before where nothing that they sign has changed, and ours.
void sign(NarInfo& info, const NarInfo& source, const std::optional<store::SigningKey>& key) {
    const std::string fingerprint = info.fingerprint();
    if (fingerprint != source.fingerprint()) info.signatures.clear();
    if (!key) return;
    std::erase_if(info.signatures, [&](const std::string& each) { return each.starts_with(key->name() + ":"); });
    info.signatures.push_back(key->sign(fingerprint));
}

/// What the other cache says of the path; what nobody can read is none of ours.
std::optional<NarInfo> known(const CacheFolder& cache, const store::StorePath& path) {
    try {
        return cache.find(path);
    } catch (const Error&) {
        return {};
    }
}

void rewrite(const CachePlan& plan, const NarInfo& source, CacheProgress& progress, CacheOutcome& outcome) {
    const std::string from = plan.source.file(source.url);
    const codec::Compression packed = compression_of(source, from);
    NarInfo info = renamed(source, plan.renames);
    outcome.renamed = info.path != source.path;

    CacheArchive archive(plan.destination, plan.compress ? *plan.compress : codec::Choice{packed, codec::levels(packed).usual});
    std::optional<store::AddressFinder> finder = address_finder(source, info);
    bytes::Fan fan;
    fan.add(archive);
    if (finder) fan.add(*finder);
    Options options = plan.options;
    options.name = source.path.base();
    Rewriter rewriter(plan.rules, fan, options);
    Checked checked(source, from, rewriter, progress);
    codec::Decompressor decompressor(packed, checked, from);
    if (fs::kind_of(from) != fs::Kind::regular) throw Error(ErrorCode::io, "not a regular file", from);
    fs::InputFile in(from);
    for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) decompressor.write(bytes);
    decompressor.finish();
    checked.finish();
    try {
        rewriter.finish();
    } catch (const Error& error) {
        if (error.error() != ErrorCode::refused) throw;
        outcome.status = refused;
    }
    for (const Finding& finding : rewriter.report().findings)
        (finding.severity == Severity::error ? outcome.messages : outcome.notes)
            .push_back(source.path.base() + ": " + sentence(finding));
    if (outcome.status == refused) return;

    archive.finish(info);
    CacheFolder::check_same(known(plan.destination, info.path), info, from);
    if (info.fingerprint() != source.fingerprint() && !source.ca.empty()) {
        const std::optional<store::ContentAddress> address = finder ? finder->finish(info.references) : std::nullopt;
        info.ca = address ? address->text() : "";
        if (info.ca.empty() && !plan.key)
            throw Error(ErrorCode::misuse, "its content address does not hold any more, so it has to be signed: --key FILE",
                        info.path.in(info.store_dir));
    }
    sign(info, source, plan.key);
    archive.publish();
    plan.destination.publish(info);

    for (const std::uint64_t hits : rewriter.report().hits) outcome.substitutions += hits;
    for (const EntryReport& entry : rewriter.report().entries)
        outcome.images +=
            static_cast<std::uint64_t>(std::count_if(entry.images.begin(), entry.images.end(), [](const ImageReport& image) {
                return image.status != ImageStatus::untouched && image.status != ImageStatus::unsigned_;
            }));
    outcome.trusted = !info.ca.empty() || !info.signatures.empty();
    outcome.status = complete;
}

}  // namespace

NarInfo renamed(const NarInfo& source, const Renames& renames) {
    NarInfo info = source;
    info.path = renames(source.path);
    for (store::StorePath& each : info.references) each = renames(each);
    std::sort(info.references.begin(), info.references.end());
    info.references.erase(std::unique(info.references.begin(), info.references.end()), info.references.end());
    if (info.deriver) info.deriver = renames(*info.deriver);
    return info;
}

bool finished(const CachePlan& plan, const NarInfo& wanted, const std::string& compression) {
    const std::optional<NarInfo> there = known(plan.destination, wanted.path);
    if (!there || there->path != wanted.path || there->nar_size != wanted.nar_size) return false;
    if (there->references != wanted.references || there->deriver != wanted.deriver) return false;
    if (there->compression != compression) return false;
    std::error_code error;
    if (std::filesystem::file_size(plan.destination.file(there->url), error) != there->file_size || error) return false;
    if (!plan.key) return true;
    const store::PublicKey key = plan.key->public_key();
    const std::string fingerprint = there->fingerprint();
    return std::any_of(there->signatures.begin(), there->signatures.end(),
                       [&](const std::string& each) { return key.verify(fingerprint, each); });
}

CacheOutcome rewrite_path(const CachePlan& plan, const NarInfo& source, CacheProgress& progress) {
    CacheOutcome outcome;
    try {
        rewrite(plan, source, progress, outcome);
    } catch (const Error& error) {
        outcome.status = failed;
        outcome.hopeless = error.error() == ErrorCode::io;
        outcome.messages.emplace_back(error.what());
    }
    return outcome;
}

}  // namespace reseal::cli
