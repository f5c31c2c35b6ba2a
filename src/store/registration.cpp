// SPDX-License-Identifier: BSL-1.0
// Several outputs at once: which hash part stands for which path, in which order they come, and that nothing is in the store
// before everything is complete.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <map>
#include <reseal/error.hpp>
#include <reseal/registration.hpp>
#include <set>

#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/parallel.hpp"
#include "fs/private_folder.hpp"
#include "store/output.hpp"
#include "store/registration_check.hpp"
#include "store/topology.hpp"

namespace reseal::store {
namespace {

class Registrar {
public:
    Registrar(const RegistrationSpec& spec, Registration& done)
        : spec_(spec), done_(done), store_(spec.real_store.empty() ? spec.store_dir : spec.real_store) {
        if (!spec.dry_run) private_.emplace(store_);
        for (const std::string& file : spec.sign_with) {
            keys_.push_back(SigningKey::read(file));
            if (!keys_.back().warning().empty()) done.warnings.push_back(keys_.back().warning());
        }
        for (const OutputSpec& each : spec.outputs)
            outputs_.emplace_back(spec, each, store_, private_ ? private_->path() : nowhere_);
        early_.resize(outputs_.size());
        kept_.resize(outputs_.size());
        for (std::size_t i = 0; i < outputs_.size(); ++i) {
            if (scratch(i).empty()) continue;
            by_scratch_[scratch(i)] = i;
            candidates_.push_back(scratch(i));
        }
        for (const StorePath& each : spec.references) know(each);
        for (const Output& each : outputs_)
            if (each.path()) know(*each.path());
        for (const Rule& each : spec.rewrites) candidates_.push_back(each.from);
    }

    void run() {
        try {
            // Outputs that lie in their place may have been rewritten by a run that was killed: they come when all paths they
            // could refer to are known.
            std::vector<std::size_t> first, in_place;
            for (std::size_t i = 0; i < outputs_.size(); ++i)
                if (!outputs_[i].valid()) (outputs_[i].in_place() ? in_place : first).push_back(i);
            spec_.order.empty() ? read_all(first) : read_in_order(first);
            finish_all(in_order(first));
            for (const std::size_t i : first) know(*outputs_[i].path());
            read_all(in_place);
            const std::vector<std::size_t> order = in_order(all());
            finish_all(order);
            // Nothing may be on the disk before all of it is, and what it refers to.
            sync();
            for (const std::size_t i : order) {
                outputs_[i].publish();
                done_.outputs.push_back(outputs_[i].result());
                sync();
            }
        } catch (...) {
            tell();
            throw;
        }
        tell();
    }

private:
    const std::string& scratch(std::size_t i) const { return outputs_[i].spec().scratch.hash_part; }

    /// An output may refer to it.
    void know(const StorePath& path) {
        if (known_.emplace(path.hash_part, path).second) candidates_.push_back(path.hash_part);
    }

    // ── reading ──

    void read_all(const std::vector<std::size_t>& which) {
        fs::parallel(which.size(), spec_.jobs, [&](std::size_t i) { read(which[i]); });
    }

    /// One after the other, each finished before the next is read where that is possible.
    void read_in_order(const std::vector<std::size_t>& which) {
        std::vector<std::size_t> order = which;
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return std::pair(rank(a), a) < std::pair(rank(b), b); });
        for (const std::size_t i : order) {
            read(i);
            if (early_[i].empty()) finish(i);  // else it waits for what comes later
        }
    }

    std::ptrdiff_t rank(std::size_t i) const {
        return std::find(spec_.order.begin(), spec_.order.end(), outputs_[i].spec().id) - spec_.order.begin();
    }

    void read(std::size_t i) {
        outputs_[i].read(known_rules(i), candidates_);
        kept_[i] = rewritten(outputs_[i].found());
        for (const auto& [hash_part, other] : by_scratch_)
            if (other != i && kept_[i].contains(hash_part) && !outputs_[other].path()) early_[i].insert(other);
    }

    /// What spec.rewrites makes of hash parts.
    std::set<std::string> rewritten(const std::set<std::string>& hash_parts) const {
        std::set<std::string> all = hash_parts;
        for (const Rule& rule : spec_.rewrites) all.erase(rule.from);
        for (const Rule& rule : spec_.rewrites)
            if (hash_parts.contains(rule.from)) all.insert(rule.to);
        return all;
    }

    /// Hash parts that are old to an output and have a new one now.
    std::vector<Rule> known_rules(std::size_t i) const {
        std::vector<Rule> rules = spec_.rewrites;
        for (std::size_t other = 0; other < outputs_.size(); ++other)
            if (other != i || !outputs_[i].floating()) add_rule(rules, other);
        return rules;
    }

    void add_rule(std::vector<Rule>& rules, std::size_t i) const {
        const std::optional<StorePath>& path = outputs_[i].path();
        if (path && !scratch(i).empty() && scratch(i) != path->hash_part) rules.push_back({scratch(i), path->hash_part});
    }

    // ── finishing ──

    /// In waves: what needs nothing that is not there.
    void finish_all(std::vector<std::size_t> rest) {
        while (!rest.empty()) {
            const auto waits = std::stable_partition(rest.begin(), rest.end(), [&](std::size_t i) {
                return std::all_of(early_[i].begin(), early_[i].end(),
                                   [&](std::size_t each) { return outputs_[each].finished(); });
            });
            fs::parallel(static_cast<std::size_t>(waits - rest.begin()), spec_.jobs, [&](std::size_t i) {
                if (!outputs_[rest[i]].finished()) finish(rest[i]);
            });
            rest.erase(rest.begin(), waits);
        }
    }

    std::vector<std::size_t> all() const {
        std::vector<std::size_t> which;
        for (std::size_t i = 0; i < outputs_.size(); ++i)
            if (!outputs_[i].valid()) which.push_back(i);
        return which;
    }

    /// Each after those it refers to.
    std::vector<std::size_t> in_order(const std::vector<std::size_t>& which) const {
        Needs needs(which.size());
        for (std::size_t i = 0; i < which.size(); ++i)
            for (std::size_t other = 0; other < which.size(); ++other)
                if (i != other && refers(which[i], which[other])) needs[i].push_back(other);
        const Topology topology = sort_topologically(needs);
        std::vector<std::size_t> order;
        for (const std::size_t i : topology.cycle) order.push_back(which[i]);
        if (!order.empty()) refuse_cycle(order);
        for (const std::size_t i : topology.order) order.push_back(which[i]);
        return order;
    }

    bool refers(std::size_t i, std::size_t other) const {
        const std::optional<StorePath>& path = outputs_[other].path();
        return kept_[i].contains(scratch(other)) || (path && kept_[i].contains(path->hash_part));
    }

    [[noreturn]] void refuse_cycle(const std::vector<std::size_t>& cycle) const {
        std::string names;
        for (const std::size_t i : cycle) names += outputs_[i].spec().id + " → ";
        throw Error(ErrorCode::misuse, "outputs refer to each other in a circle: " + names + outputs_[cycle[0]].spec().id);
    }

    void finish(std::size_t i) {
        std::vector<Rule> late;
        for (const std::size_t other : early_[i]) add_rule(late, other);
        outputs_[i].finish(late, references_of(i), keys_);
    }

    References references_of(std::size_t i) const {
        const Output& output = outputs_[i];
        if (output.spec().references) return {*output.spec().references, refers(i, i)};
        References references;
        std::set<StorePath> others;
        for (const std::string& hash_part : kept_[i]) {
            if (const auto sibling = by_scratch_.find(hash_part); sibling != by_scratch_.end()) {
                if (sibling->second == i) references.self = true;
                else others.insert(*outputs_[sibling->second].path());
            } else if (const auto known = known_.find(hash_part); known != known_.end()) {
                if (output.path() == known->second) references.self = true;
                else others.insert(known->second);
            }
        }
        references.others.assign(others.begin(), others.end());
        return references;
    }

    // ── the end ──

    void sync() const {
        if (!spec_.sync || spec_.dry_run) return;
        const fs::Descriptor folder(::open(store_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
#if defined(__linux__)
        if (!folder || ::syncfs(folder.get()) != 0) throw fs::io_error(store_, "sync");
#else
        if (!folder || ::fsync(folder.get()) != 0) throw fs::io_error(store_, "sync");
#endif
    }

    void tell() {
        for (const Output& each : outputs_) {
            done_.findings.insert(done_.findings.end(), each.findings().begin(), each.findings().end());
            done_.bytes_read += each.bytes_read();
            done_.bytes_written += each.bytes_written();
        }
    }

    const RegistrationSpec& spec_;
    Registration& done_;
    const std::string store_, nowhere_;
    std::optional<fs::PrivateFolder> private_;  // none when nothing is written
    std::vector<SigningKey> keys_;
    std::deque<Output> outputs_;
    std::vector<std::set<std::size_t>> early_;  // of each: others it refers to whose path was not known when it was read
    std::vector<std::set<std::string>> kept_;   // of each: hash parts that were found in it, as spec.rewrites leaves them
    std::map<std::string, StorePath> known_;    // by hash part
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
