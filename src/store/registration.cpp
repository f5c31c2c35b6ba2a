// SPDX-License-Identifier: BSL-1.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <reseal/error.hpp>
#include <reseal/registration.hpp>
#include <set>

#include "fs/canonical.hpp"
#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/parallel.hpp"
#include "fs/private_folder.hpp"
#include "store/merged_files.hpp"
#include "store/narinfo.hpp"
#include "store/registration_check.hpp"
#include "store/signing_key.hpp"
#include "store/topology.hpp"
#include "store/tree_pass.hpp"

namespace reseal::store {
namespace {

bool exists(const std::string& path) {
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0;
}

bool same_place(const std::string& one, const std::string& other) {
    struct stat a{}, b{};
    return ::lstat(one.c_str(), &a) == 0 && ::lstat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// One output on its way into the store.
struct Output {
    const OutputSpec* spec = nullptr;
    std::string tree;               // where it was built
    std::string copy;               // where it is being prepared
    bool in_place = false;          // the tree lies where the output will be
    bool copied = false;            // `copy` is there; else the tree stays as it is
    std::optional<StorePath> path;  // once it is known
    std::set<std::string> found;    // hash parts it refers to, as they were built
    std::set<std::size_t> early;    // outputs it refers to whose path was not known when it was read
    TreeFacts facts;                // of the last pass
    std::vector<EntryReport> files;
    std::vector<Finding> findings;
    bool finished = false;
    RegisteredOutput result;
    std::uint64_t bytes_read = 0, bytes_written = 0;

    bool floating() const { return spec->kind == OutputKind::ca_floating; }
    bool addressed() const { return floating() || spec->kind == OutputKind::ca_fixed; }
};

class Registrar {
public:
    Registrar(const RegistrationSpec& spec, Registration& done)
        : spec_(spec), done_(done), store_(spec.real_store.empty() ? spec.store_dir : spec.real_store) {
        if (!spec.dry_run) private_.emplace(store_);
        for (const std::string& file : spec.sign_with) keys_.push_back(SigningKey::read(file));
        for (const OutputSpec& each : spec.outputs) outputs_.push_back(prepared(each));
        for (const StorePath& each : spec.references) known_.emplace(each.hash_part, each);
        for (const Output& each : outputs_)
            if (each.path) known_.emplace(each.path->hash_part, *each.path);
        for (std::size_t i = 0; i < outputs_.size(); ++i)
            if (const std::string& scratch = outputs_[i].spec->scratch.hash_part; !scratch.empty()) by_scratch_[scratch] = i;
        for (const auto& [hash_part, unused] : known_) candidates_.push_back(hash_part);
        for (const auto& [hash_part, unused] : by_scratch_) candidates_.push_back(hash_part);
        for (const Rule& each : spec.rewrites) candidates_.push_back(each.from);
    }

    void run() {
        try {
            spec_.order.empty() ? read_all() : read_in_order();
            finish_rest();
        } catch (...) {
            tell_findings();
            throw;
        }
        tell_findings();
        for (const std::size_t i : order_) publish(outputs_[i]);
        if (spec_.sync && !spec_.dry_run) sync();
    }

private:
    Output prepared(const OutputSpec& spec) const {
        Output out;
        out.spec = &spec;
        out.tree = spec.tree.empty() ? store_ + "/" + spec.scratch.base() : spec.tree;
        if (private_) out.copy = private_->path() + "/" + spec.id;
        out.path = spec.path;
        if (spec.kind == OutputKind::ca_fixed)
            out.path = content_path(spec_.store_dir, spec.scratch.name, {spec.method, *spec.hash}, {});
        out.in_place = out.path && same_place(out.tree, store_ + "/" + out.path->base());
        out.finished = spec.kind == OutputKind::valid;
        return out;
    }

    // ── reading ──

    void read_all() {
        fs::parallel(outputs_.size(), spec_.jobs, [&](std::size_t i) {
            if (!outputs_[i].finished) read(outputs_[i]);
        });
    }

    void read_in_order() {
        std::vector<std::size_t> order;
        for (const std::string& id : spec_.order) order.push_back(number_of(id));
        for (std::size_t i = 0; i < outputs_.size(); ++i)
            if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
        for (const std::size_t i : order) {
            Output& output = outputs_[i];
            if (output.finished) continue;
            read(output);
            if (!output.early.empty()) continue;  // what it refers to comes later: it waits
            finish(output);
            output.path = output.result.path;
        }
    }

    std::size_t number_of(const std::string& id) const {
        std::size_t i = 0;
        while (outputs_[i].spec->id != id) ++i;
        return i;
    }

    /// Hash parts that are old to an output and have a new one now.
    std::vector<Rule> known_rules(const Output& output) const {
        std::vector<Rule> rules = spec_.rewrites;
        for (const Output& each : outputs_) {
            const std::string& scratch = each.spec->scratch.hash_part;
            if (each.path && !scratch.empty() && scratch != each.path->hash_part && !(&each == &output && output.floating()))
                rules.push_back({scratch, each.path->hash_part});
        }
        return rules;
    }

    TreePass pass_over(const Output& output, const std::string& tree) const {
        TreePass pass;
        pass.tree = tree;
        pass.options.cms = spec_.cms;
        pass.options.stale = spec_.stale;
        pass.options.unsealable = spec_.unsealable;
        pass.method = output.spec->method;
        if (output.floating()) pass.self = output.spec->scratch.hash_part;
        if (output.addressed()) pass.modulo = output.spec->algorithm;
        // Of an archive hashed with sha256 the hash modulo itself, when there is no self-reference, is the archive's hash.
        pass.nar_hash =
            !(output.addressed() && output.spec->method == Method::nar && output.spec->algorithm == HashType::sha256);
        return pass;
    }

    void read(Output& output) {
        TreePass pass = pass_over(output, output.tree);
        pass.rules = known_rules(output);
        pass.candidates = candidates_;
        pass.strays = !output.spec->references;
        pass.store_dir = spec_.store_dir;
        pass.writing = output.in_place || spec_.dry_run ? Writing::nothing : Writing::copy;
        pass.copy = output.copy;
        do_pass(output, pass);
        output.copied = pass.writing == Writing::copy;
        output.found = {output.facts.references.begin(), output.facts.references.end()};
        for (const std::string& stray : output.facts.strays)
            output.findings.push_back({spec_.strict_references ? Severity::error : Severity::note, output.tree, 0,
                                       Code::stray_reference,
                                       "refers to " + spec_.store_dir + "/" + stray + ", which is not among the references"});
        if (spec_.strict_references) refuse_errors(output);
        // What lies where it will be is copied only when something in it changes, and that is known now.
        if (output.in_place && !spec_.dry_run && !output.facts.edits.empty()) {
            pass.candidates.clear();
            pass.strays = false;
            pass.writing = Writing::copy;
            do_pass(output, pass);
            output.copied = true;
        }
        for (const auto& [hash_part, i] : by_scratch_)
            if (output.found.contains(hash_part) && !outputs_[i].path && &outputs_[i] != &output) output.early.insert(i);
    }

    void do_pass(Output& output, const TreePass& pass) {
        output.facts = {};
        const auto keep = [&] {
            output.bytes_read += output.facts.bytes_read;
            output.bytes_written += output.facts.bytes_written;
            for (Finding each : output.facts.findings) {
                each.entry = each.entry == "." ? output.tree : output.tree + "/" + each.entry;
                if (std::find(output.findings.begin(), output.findings.end(), each) == output.findings.end())
                    output.findings.push_back(std::move(each));
            }
        };
        try {
            store::run(pass, output.facts);
        } catch (const Error& error) {
            keep();
            if (error.error() == ErrorCode::refused) refuse_errors(output);
            throw;
        }
        keep();
        ++output.result.reads;
        if (pass.writing == Writing::copy) ++output.result.writes;
        merge_files(output.files, output.facts.files);
    }

    /// An error among the findings names a file.
    static void refuse_errors(const Output& output) {
        for (const Finding& each : output.findings)
            if (each.severity == Severity::error)
                throw Error(each.code == Code::name_matched ? ErrorCode::misuse : ErrorCode::refused, each.what, each.entry,
                            each.offset);
    }

    // ── finishing ──

    void finish_rest() {
        Needs needs(outputs_.size());
        for (std::size_t i = 0; i < outputs_.size(); ++i)
            for (std::size_t other = 0; other < outputs_.size(); ++other)
                if (i != other && refers(outputs_[i], outputs_[other])) needs[i].push_back(other);
        const Topology topology = sort_topologically(needs);
        if (!topology.cycle.empty()) refuse_cycle(topology.cycle);
        order_ = topology.order;
        std::erase_if(order_, [&](std::size_t i) { return outputs_[i].spec->kind == OutputKind::valid; });

        // In waves: what needs nothing that is not there.
        for (std::vector<std::size_t> rest = order_; !rest.empty();) {
            std::vector<std::size_t> ready;
            for (const std::size_t i : rest)
                if (std::all_of(outputs_[i].early.begin(), outputs_[i].early.end(),
                                [&](std::size_t each) { return outputs_[each].path.has_value(); }))
                    ready.push_back(i);
            fs::parallel(ready.size(), spec_.jobs, [&](std::size_t i) {
                if (!outputs_[ready[i]].finished) finish(outputs_[ready[i]]);
            });
            for (const std::size_t i : ready) outputs_[i].path = outputs_[i].result.path;
            std::erase_if(rest, [&](std::size_t i) { return std::find(ready.begin(), ready.end(), i) != ready.end(); });
        }
    }

    bool refers(const Output& output, const Output& other) const {
        return output.found.contains(other.spec->scratch.hash_part) ||
               (other.path && output.found.contains(other.path->hash_part));
    }

    [[noreturn]] void refuse_cycle(const std::vector<std::size_t>& cycle) const {
        std::string names;
        for (const std::size_t i : cycle) names += outputs_[i].spec->id + " → ";
        throw Error(ErrorCode::misuse, "outputs refer to each other in a circle: " + names + outputs_[cycle[0]].spec->id);
    }

    void finish(Output& output) {
        if (!output.early.empty()) insert_late_paths(output);
        if (spec_.derive_uuid && output.floating()) hash_without_uuids(output);
        RegisteredOutput& result = output.result;
        result.id = output.spec->id;
        References references = references_of(output);
        if (output.floating()) address(output, references);
        else result.path = *output.path;
        if (output.spec->kind == OutputKind::ca_fixed) check_fixed(output, references);

        if (result.nar_hash.bytes.empty())
            result.nar_hash = output.facts.nar_hash ? *output.facts.nar_hash : output.facts.modulo->without_positions;
        result.nar_size = output.facts.nar_size;
        result.references = references.others;
        if (references.self) result.references.push_back(result.path);
        std::sort(result.references.begin(), result.references.end());
        for (const SigningKey& key : keys_)
            result.signatures.push_back(key.sign(
                narinfo_fingerprint(spec_.store_dir, result.path, result.nar_hash, result.nar_size, result.references)));
        result.files = std::move(output.files);
        if (output.copied) fs::canonicalise(output.copy);
        output.finished = true;
    }

    /// One more reading: of what others had not been finished when this was read.
    void insert_late_paths(Output& output) {
        TreePass pass = pass_again(output);
        add_late_rules(output, pass);
        do_pass(output, pass);
        output.copied = output.copied || pass.writing == Writing::copy;
    }

    /// One more reading: the UUIDs of images that refer to their output are NULs in its hash, and follow from their code.
    void hash_without_uuids(Output& output) {
        if (output.facts.modulo->uuids.empty()) return;
        TreePass pass = pass_again(output);
        pass.writing = Writing::nothing;
        if (spec_.dry_run) add_late_rules(output, pass);
        pass.modulo_uuids = output.facts.modulo->nul_uuids();
        const std::vector<EntryReport> files = output.files;  // of which this pass makes nothing
        do_pass(output, pass);
        output.files = files;
        for (const auto& [place, uuid] : output.facts.modulo->uuids)
            if (uuid.derived.empty() || !pass.modulo_uuids.contains(place))
                throw Error(ErrorCode::misuse, "its UUID cannot be derived", output.tree + "/" + place.path, place.offset);
    }

    void add_late_rules(const Output& output, TreePass& pass) const {
        for (const std::size_t i : output.early)
            if (outputs_[i].spec->scratch.hash_part != outputs_[i].path->hash_part)
                pass.rules.push_back({outputs_[i].spec->scratch.hash_part, outputs_[i].path->hash_part});
    }

    /// Over what the passes before have made of the tree.
    TreePass pass_again(const Output& output) const {
        TreePass pass = pass_over(output, output.copied ? output.copy : output.tree);
        if (spec_.dry_run) {  // they have made nothing: all is done anew
            pass.rules = known_rules(output);
            std::erase_if(pass.rules, [&](const Rule& rule) {
                return std::any_of(output.early.begin(), output.early.end(),
                                   [&](std::size_t i) { return outputs_[i].spec->scratch.hash_part == rule.from; });
            });
        } else {
            pass.writing = output.copied ? Writing::patch : Writing::copy;
            pass.copy = output.copy;
        }
        return pass;
    }

    References references_of(const Output& output) const {
        References references;
        if (output.spec->references) {
            references.others = *output.spec->references;
            references.self = output.found.contains(output.spec->scratch.hash_part);
            return references;
        }
        std::set<StorePath> others;
        for (const std::string& hash_part : output.found) {
            const auto sibling = by_scratch_.find(hash_part);
            const auto known = known_.find(hash_part);
            if (sibling != by_scratch_.end() && &outputs_[sibling->second] == &output) references.self = true;
            else if (sibling != by_scratch_.end()) others.insert(*outputs_[sibling->second].path);
            else if (known != known_.end() && output.path && known->second == *output.path) references.self = true;
            else if (known != known_.end()) others.insert(known->second);
        }
        // What spec.rewrites puts there instead may be one of them too.
        for (const Rule& rule : spec_.rewrites)
            if (output.found.contains(rule.from))
                if (const auto known = known_.find(rule.to); known != known_.end()) others.insert(known->second);
        references.others.assign(others.begin(), others.end());
        return references;
    }

    void address(Output& output, const References& references) {
        const ModuloHash modulo = *output.facts.modulo;
        const ContentAddress ca{output.spec->method, modulo.hash(hashes_positions(spec_.regime))};
        if (const std::string defect = address_defect(ca, references); !defect.empty())
            throw Error(ErrorCode::misuse, defect, output.tree);
        RegisteredOutput& result = output.result;
        result.path = content_path(spec_.store_dir, output.spec->scratch.name, ca, references);
        result.content_hash = ca.hash;
        result.ca = ca;
        result.scheme = Scheme::nix;
        if (references.self) insert_own_path(output, modulo);
        if (*result.scheme == Scheme::nix) return;
        if (spec_.on_signed_self_reference == SignedSelfReference::drop_ca) {
            result.ca.reset();
            result.scheme.reset();
        }
    }

    void insert_own_path(Output& output, const ModuloHash& modulo) {
        const std::string &scratch = output.spec->scratch.hash_part, &last = output.result.path.hash_part;
        // Where it is there already nothing is replaced, and only what depends on it is asked.
        const bool there = scratch == last;
        TreePass pass = pass_again(output);
        if (spec_.dry_run) add_late_rules(output, pass);
        if (spec_.derive_uuid) pass.uuids = modulo.derived_uuids();
        const bool alone = pass.rules.empty();
        pass.nar_hash = true;
        if (there) {
            pass.modulo = HashType::sha256;
        } else {
            pass.self.clear();
            pass.modulo.reset();
            pass.rules.push_back({scratch, last});
        }
        do_pass(output, pass);
        if (alone && !there && output.facts.edits != modulo.self_references)
            throw Error(ErrorCode::misuse, "the rewriting of others made or took away an occurrence of the own hash part",
                        output.tree);
        output.result.nar_hash = *output.facts.nar_hash;
        if (!(there ? output.facts.modulo->normalised : output.facts.changed_slots) && pass.uuids.empty()) return;
        output.result.scheme = Scheme::reseal1;
        if (spec_.on_signed_self_reference != SignedSelfReference::refuse) return;
        for (const EntryReport& each : output.facts.files)
            if (each.status == EntryStatus::resealed)
                output.findings.push_back({Severity::error, output.tree + "/" + each.path, 0, Code::signed_self_reference,
                                           "signed, and its hashes depend on the path of the output itself"});
        refuse_errors(output);
        throw Error(ErrorCode::refused, "a signed program in it depends on the path of the output itself", output.tree);
    }

    void check_fixed(Output& output, const References& references) {
        const Hash& got = output.facts.modulo->without_positions;
        if (got != *output.spec->hash)
            throw Error(ErrorCode::misuse,
                        "the hash is not the expected one: expected " + output.spec->hash->sri() + ", got " + got.sri(),
                        output.tree);
        if (references.self || !references.others.empty())
            throw Error(ErrorCode::misuse,
                        "an output with a fixed hash refers to nothing, and this one to " +
                            (references.self ? output.result.path : references.others[0]).in(spec_.store_dir),
                        output.tree);
        output.result.ca = ContentAddress{output.spec->method, got};
        output.result.scheme = Scheme::nix;
    }

    // ── the store ──

    void publish(Output& output) {
        const std::string place = store_ + "/" + output.result.path.base();
        if (spec_.dry_run) {
            // What it would be is all there is.
        } else if (!output.copied) {
            fs::canonicalise(place);
        } else if (output.in_place) {
            fs::exchange_canonical(output.copy, place);
        } else if (exists(place)) {
            keep_present(output, place);
        } else {
            fs::move_canonical(output.copy, place);
        }
        done_.bytes_read += std::exchange(output.bytes_read, 0);
        done_.bytes_written += std::exchange(output.bytes_written, 0);
        done_.outputs.push_back(std::move(output.result));
    }

    void keep_present(Output& output, const std::string& place) {
        TreePass pass;
        pass.tree = place;
        pass.nar_hash = true;
        TreeFacts facts;
        store::run(pass, facts);
        output.bytes_read += facts.bytes_read;
        if (*facts.nar_hash != output.result.nar_hash)
            throw Error(ErrorCode::io,
                        "there is another tree already: its NAR hash is " + facts.nar_hash->sri() + ", not " +
                            output.result.nar_hash.sri(),
                        place);
        fs::canonicalise(place);
        output.result.already_present = true;
    }

    void sync() const {
        const fs::Descriptor folder(::open(store_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
#if defined(__linux__)
        if (!folder || ::syncfs(folder.get()) != 0) throw fs::io_error(store_, "sync");
#else
        if (!folder || ::fsync(folder.get()) != 0) throw fs::io_error(store_, "sync");
#endif
    }

    void tell_findings() {
        for (Output& each : outputs_) {
            done_.findings.insert(done_.findings.end(), each.findings.begin(), each.findings.end());
            done_.bytes_read += std::exchange(each.bytes_read, 0);
            done_.bytes_written += std::exchange(each.bytes_written, 0);
        }
    }

    const RegistrationSpec& spec_;
    Registration& done_;
    std::string store_;
    std::optional<fs::PrivateFolder> private_;  // none when nothing is written
    std::vector<SigningKey> keys_;
    std::vector<Output> outputs_;
    std::vector<std::size_t> order_;
    std::map<std::string, StorePath> known_;  // by hash part
    std::map<std::string, std::size_t> by_scratch_;
    std::vector<std::string> candidates_;
};

}  // namespace

std::string load_db_text(const std::string& store_dir, const RegisteredOutput& output) {
    std::string text = output.path.in(store_dir) + "\n" + output.nar_hash.hex() + "\n";
    text += std::to_string(output.nar_size) + "\n\n" + std::to_string(output.references.size()) + "\n";
    for (const StorePath& each : output.references) text += each.in(store_dir) + "\n";
    return text;
}

void register_outputs(const RegistrationSpec& spec, Registration& done) {
    check(spec);
    Registrar(spec, done).run();
}

}  // namespace reseal::store
