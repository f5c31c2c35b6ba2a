// SPDX-License-Identifier: BSL-1.0
#include "store/tree_pass.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <reseal/rewriter.hpp>
#include <unordered_set>

#include "bytes/call.hpp"
#include "bytes/fan.hpp"
#include "fs/tree_patch.hpp"
#include "store/changed_slots.hpp"
#include "store/contents_sink.hpp"
#include "store/hash_sink.hpp"
#include "store/stray_paths.hpp"

namespace reseal::store {
namespace {

/// The rules for what is written: `self` is found, so that what overlaps it is not, and stays.
Rules staying(std::vector<Rule> rules, const std::string& self) {
    if (!self.empty()) rules.push_back({self, self});
    return Rules(std::move(rules));
}

Options for_archive(const TreePass& pass) {
    Options options = pass.options;
    options.format = Format::nar;
    options.edits = true;
    options.count_unchanged = false;
    options.uuids = pass.uuids;
    return options;
}

Options for_modulo(const TreePass& pass) {
    Options options = pass.options;
    options.format = pass.method == Method::nar ? Format::nar : Format::plain;
    options.name = std::string(".");  // of one file, as the archive has it
    options.uuids = pass.modulo_uuids;
    return options;
}

/// Everything that happens on the way, and in which order: looking, hashing modulo, writing.
class Pass {
public:
    Pass(const TreePass& pass, TreeFacts& facts)
        : pass_(pass),
          facts_(facts),
          references_(pass.candidates),
          strays_(pass.store_dir, {pass.candidates.begin(), pass.candidates.end()}),
          rules_(staying(pass.rules, pass.self)),
          rewriter_(rules_, written_, for_archive(pass)),
          before_([this](std::string_view bytes) { before(bytes); }),
          after_([this](std::string_view bytes) { patch_->after(bytes); }),
          count_([this](std::string_view bytes) { count(bytes.size()); }) {
        in_.add(count_);
        if (!pass.candidates.empty()) in_.add(references_);
        if (pass.strays) in_.add(strays_);
        if (pass.modulo) {
            modulo_.emplace(*pass.modulo, pass.self, pass.rules, for_modulo(pass));
            if (pass.method == Method::nar) stage_.add(*modulo_);
            else stage_.add(contents_.emplace(*modulo_, pass.tree));
        }
        if (pass.nar_hash) written_.add(hash_.emplace(HashType::sha256));
        if (pass.writing == Writing::copy) written_.add(restore_.emplace(pass.copy));
        if (pass.writing == Writing::patch) {
            patch_.emplace(pass.tree);
            stage_.add(before_);
            written_.add(after_);
        }
        // With nothing to replace what is written is what is read.
        rewrites_ = !pass.rules.empty() || !pass.uuids.empty();
        stage_.add(rewrites_ ? static_cast<Sink&>(rewriter_) : written_);
        if (pass.earlier.empty()) {
            in_.add(stage_);
        } else {
            Options options = for_archive(pass);
            options.uuids.clear();
            earlier_.emplace(staying(pass.earlier, pass.self), stage_, std::move(options));
            in_.add(*earlier_);
        }
    }

    void run() {
        dump_nar(pass_.tree, in_);
        finish();
    }

    /// Also when something was refused: the report is what the caller wants then.
    void report() {
        facts_.bytes_read += read_;
        if (patch_) facts_.bytes_written += patch_->bytes_written();
        if (rewrites_) take(rewriter_.report());
        if (modulo_) {
            facts_.modulo_files = modulo_->report().entries;
            take_findings(modulo_->report());
        }
    }

private:
    void finish() {
        references_.finish();
        strays_.finish();
        if (earlier_) earlier_->finish();
        if (rewrites_) rewriter_.finish();
        if (modulo_) facts_.modulo = modulo_->finish();
        if (patch_) patch_->finish();
        if (restore_) {
            restore_->finish();
            facts_.bytes_written += read_;
        }
        for (const Reference& each : references_.found()) facts_.references.push_back(each.hash_part);
        facts_.strays = strays_.found();
        if (hash_) facts_.nar_hash = hash_->finish();
        facts_.nar_size = read_;
    }

    /// After a refusal nothing is written, and nothing to compare with what was read.
    void before(std::string_view bytes) {
        if (!rewriter_.refused()) patch_->before(bytes);
    }

    void count(std::size_t size) {
        if (pass_.stop && pass_.stop()) throw Error(ErrorCode::io, "interrupted", pass_.tree);
        read_ += size;
    }

    void take(const Report& report) {
        for (const Edit& edit : report.edits) facts_.edits.push_back(edit.position);
        facts_.changed_slots = std::any_of(report.entries.begin(), report.entries.end(),
                                           [](const EntryReport& each) { return changed_slots(each); });
        facts_.files = report.entries;
        take_findings(report);
    }

    void take_findings(const Report& report) {
        for (const Finding& each : report.findings)
            if (told_.insert(told(each)).second) facts_.findings.push_back(each);
    }

    const TreePass& pass_;
    TreeFacts& facts_;
    std::unordered_set<std::string> told_;
    bytes::Fan in_, stage_, written_;  // as it is read, when the earlier rules have been applied, as it is written
    std::uint64_t read_ = 0;
    ReferenceScanner references_;
    StrayPaths strays_;
    std::optional<HashModulo> modulo_;
    std::optional<ContentsSink> contents_;
    std::optional<HashSink> hash_;
    std::optional<NarRestore> restore_;
    std::optional<fs::TreePatch> patch_;
    Rules rules_;
    Rewriter rewriter_;
    std::optional<Rewriter> earlier_;
    bytes::Call before_, after_, count_;
    bool rewrites_ = false;
};

}  // namespace

std::string told(const Finding& finding) {
    std::string all(name(finding.code));
    all.append(std::to_string(finding.offset)).append("\0", 1).append(finding.entry).append("\0", 1).append(finding.what);
    return all;
}

void run(const TreePass& pass, TreeFacts& facts) {
    Pass work(pass, facts);
    try {
        work.run();
    } catch (...) {
        work.report();
        throw;
    }
    work.report();
}

}  // namespace reseal::store
