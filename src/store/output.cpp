// SPDX-License-Identifier: BSL-1.0
#include "store/output.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "fs/canonical.hpp"
#include "fs/entry_place.hpp"
#include "fs/within.hpp"
#include "store/merged_files.hpp"
#include "store/narinfo.hpp"

namespace reseal::store {
namespace {

bool same_place(const std::string& one, const std::string& other) {
    struct stat a{}, b{};
    return ::lstat(one.c_str(), &a) == 0 && ::lstat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

Output::Output(const RegistrationSpec& spec, const OutputSpec& output, const std::string& store, const std::string& room)
    : spec_(spec), output_(output), store_(store), path_(output.path) {
    tree_ = output.tree.empty() ? store + "/" + output.scratch.base() : output.tree;
    if (!room.empty()) copy_ = room + "/" + output.id;
    if (output.kind == OutputKind::ca_fixed)
        path_ = content_path(spec.store_dir, output.scratch.name, {output.method, *output.hash}, {});
    addressed_ = floating() || output.kind == OutputKind::ca_fixed;
    if (!room.empty() && fs::within(room, tree_)) throw Error(ErrorCode::misuse, "the store lies in this tree", tree_);
    in_place_ = path_ && same_place(tree_, store + "/" + path_->base());
}

// ── passes ──

TreePass Output::pass_over(const std::string& tree) const {
    TreePass pass;
    pass.tree = tree;
    pass.copy = copy_;
    pass.stop = spec_.stop;
    pass.options.cms = spec_.cms;
    pass.options.stale = spec_.stale;
    pass.options.unsealable = spec_.unsealable;
    pass.method = output_.method;
    if (floating()) pass.self = output_.scratch.hash_part;
    if (addressed_) pass.modulo = output_.algorithm;
    // Of an archive hashed with sha256 the hash modulo itself, when there is no self-reference, is the archive's hash.
    pass.nar_hash = !(addressed_ && output_.method == Method::nar && output_.algorithm == HashType::sha256);
    return pass;
}

/// Over what the passes before have made of the tree. Where they have written nothing that is made once more on the way.
TreePass Output::pass_again(std::vector<Rule> now) const {
    TreePass pass = pass_over(copied_ ? copy_ : tree_);
    pass.rules = std::move(now);
    if (spec_.dry_run) pass.earlier = rules_;
    else pass.writing = copied_ ? Writing::patch : Writing::copy;
    return pass;
}

void Output::run(const TreePass& pass) {
    facts_ = {};
    const auto keep = [&] {
        bytes_read_ += facts_.bytes_read;
        bytes_written_ += facts_.bytes_written;
        for (Finding each : facts_.findings) {
            each.entry = fs::entry_place(tree_, each.entry);
            if (told_.insert(told(each)).second) findings_.push_back(std::move(each));
        }
    };
    try {
        store::run(pass, facts_);
    } catch (const Error& error) {
        keep();
        if (error.error() == ErrorCode::refused) refuse_errors();
        throw;
    }
    keep();
    ++result_.reads;
    if (pass.writing == Writing::copy) ++result_.writes;
    copied_ = copied_ || pass.writing == Writing::copy;
    // What a reading that writes nothing makes of files the next one makes once more, unless there is none.
    if (spec_.dry_run || pass.writing != Writing::nothing) merge_files(result_.files, facts_.files);
}

/// An error among the findings names a file.
void Output::refuse_errors() const {
    for (const Finding& each : findings_)
        if (each.severity == Severity::error)
            throw Error(each.code == Code::name_matched ? ErrorCode::misuse : ErrorCode::refused, each.what, each.entry,
                        each.offset);
}

// ── reading ──

void Output::read(std::vector<Rule> rules, const std::vector<std::string>& candidates) {
    rules_ = std::move(rules);
    TreePass pass = pass_over(tree_);
    pass.rules = rules_;
    pass.candidates = candidates;
    pass.strays = !output_.references;
    pass.store_dir = spec_.store_dir;
    pass.writing = in_place_ || spec_.dry_run ? Writing::nothing : Writing::copy;
    run(pass);
    found_ = {facts_.references.begin(), facts_.references.end()};
    tell_strays();
    // What lies where it will be is copied only when something in it changes, and that is known now.
    if (!in_place_ || spec_.dry_run || facts_.edits.empty()) return;
    pass.candidates.clear();
    pass.strays = false;
    pass.writing = Writing::copy;
    run(pass);
}

void Output::tell_strays() {
    for (const std::string& stray : facts_.strays)
        findings_.push_back({spec_.strict_references ? Severity::error : Severity::note, tree_, 0, Code::stray_reference,
                             "refers to " + spec_.store_dir + "/" + stray + ", which is not among the references"});
    if (spec_.strict_references) refuse_errors();
}

// ── finishing ──

void Output::finish(const std::vector<Rule>& late, References references, const std::vector<SigningKey>& keys) {
    if (!late.empty()) {
        run(pass_again(late));
        rules_.insert(rules_.end(), late.begin(), late.end());
    }
    if (spec_.derive_uuid && floating()) hash_without_uuids();
    result_.id = output_.id;
    if (floating()) address(references);
    else result_.path = *path_;
    if (output_.kind == OutputKind::ca_fixed) check_fixed(references);
    path_ = result_.path;

    if (result_.nar_hash.bytes.empty())
        result_.nar_hash = facts_.nar_hash ? *facts_.nar_hash : facts_.modulo->without_positions;
    result_.nar_size = facts_.nar_size;
    result_.references = references.others;
    if (references.self) result_.references.push_back(result_.path);
    std::sort(result_.references.begin(), result_.references.end());
    for (const SigningKey& key : keys)
        result_.signatures.push_back(key.sign(
            narinfo_fingerprint(spec_.store_dir, result_.path, result_.nar_hash, result_.nar_size, result_.references)));
    if (copied_) fs::canonicalise(copy_);
    finished_ = true;
}

/// One more reading: the UUIDs of images that refer to their output are NULs in its hash, and follow from their code.
void Output::hash_without_uuids() {
    if (facts_.modulo->uuids.empty()) return;
    TreePass pass = pass_again({});
    pass.writing = Writing::nothing;
    pass.modulo_uuids = facts_.modulo->nul_uuids();
    run(pass);
    for (const auto& [place, uuid] : facts_.modulo->uuids)
        if (uuid.derived.empty() || !pass.modulo_uuids.contains(place))
            throw Error(ErrorCode::misuse, "its UUID cannot be derived", fs::entry_place(tree_, place.path), place.offset);
}

void Output::address(References& references) {
    const ModuloHash modulo = *facts_.modulo;
    // What stands only where a signature that becomes ad-hoc is wiped out is rewritten, and no reference afterwards.
    const bool stands = references.self;
    references.self = stands && !modulo.self_references.empty();
    const ContentAddress ca{output_.method, modulo.hash(hashes_positions(spec_.regime))};
    if (const std::string defect = address_defect(ca, references); !defect.empty())
        throw Error(ErrorCode::misuse, defect, tree_);
    result_.path = content_path(spec_.store_dir, output_.scratch.name, ca, references);
    result_.content_hash = ca.hash;
    result_.ca = ca;
    result_.scheme = Scheme::nix;
    if (stands) insert_own_path(modulo);
    if (*result_.scheme == Scheme::nix || spec_.on_signed_self_reference != SignedSelfReference::drop_ca) return;
    result_.ca.reset();
    result_.scheme.reset();
}

void Output::insert_own_path(const ModuloHash& modulo) {
    const std::string &scratch = output_.scratch.hash_part, &last = result_.path.hash_part;
    TreePass pass = pass_again({});
    if (spec_.derive_uuid) pass.uuids = modulo.derived_uuids();
    pass.nar_hash = true;
    if (scratch == last) {  // nothing is replaced: only what depends on it is asked
        pass.modulo = HashType::sha256;
    } else {
        pass.self.clear();
        pass.modulo.reset();
        pass.rules.push_back({scratch, last});
    }
    run(pass);
    if (scratch != last && facts_.edits != modulo.self_references)
        throw Error(ErrorCode::misuse, "the rewriting of others made or took away an occurrence of the own hash part", tree_);
    result_.nar_hash = *facts_.nar_hash;
    if (modulo.self_references.empty() || !depends_on_own_path(pass)) return;
    result_.scheme = Scheme::reseal1;
    if (spec_.on_signed_self_reference != SignedSelfReference::refuse) return;
    for (const EntryReport& each : facts_.modulo ? facts_.modulo_files : facts_.files)
        if (each.status == EntryStatus::resealed)
            findings_.push_back({Severity::error, fs::entry_place(tree_, each.path), 0, Code::signed_self_reference,
                                 "signed, and its hashes depend on the path of the output itself"});
    refuse_errors();
    throw Error(ErrorCode::refused, "a signed program in it depends on the path of the output itself", tree_);
}

/// Whether a slot, or a UUID, would be another with another path.
bool Output::depends_on_own_path(const TreePass& pass) const {
    return !pass.uuids.empty() || (facts_.modulo ? facts_.modulo->normalised : facts_.changed_slots);
}

void Output::check_fixed(const References& references) {
    const Hash& got = facts_.modulo->without_positions;
    if (got != *output_.hash)
        throw Error(ErrorCode::misuse,
                    "the hash is not the expected one: expected " + output_.hash->sri() + ", got " + got.sri(), tree_);
    if (references.self || !references.others.empty())
        throw Error(ErrorCode::misuse,
                    "an output with a fixed hash refers to nothing, and this one to " +
                        (references.self ? result_.path : references.others[0]).in(spec_.store_dir),
                    tree_);
    result_.content_hash = got;
    result_.ca = ContentAddress{output_.method, got};
    result_.scheme = Scheme::nix;
}

// ── the store ──

void Output::publish() {
    if (spec_.dry_run) return;
    if (!copied_) fs::canonicalise(place());
    else if (in_place_) fs::exchange_canonical(copy_, place());
    else if (!fs::move_canonical(copy_, place())) keep_present();
}

void Output::keep_present() {
    TreePass pass;
    pass.tree = place();
    pass.nar_hash = true;
    pass.stop = spec_.stop;
    TreeFacts facts;
    store::run(pass, facts);
    bytes_read_ += facts.bytes_read;
    if (*facts.nar_hash != result_.nar_hash)
        throw Error(
            ErrorCode::io,
            "there is another tree already: its NAR hash is " + facts.nar_hash->sri() + ", not " + result_.nar_hash.sri(),
            place());
    fs::canonicalise(place());
    result_.already_present = true;
}

}  // namespace reseal::store
