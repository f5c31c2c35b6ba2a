// SPDX-License-Identifier: BSL-1.0
// The one place where the stages are wired: chunk → demux → (framing, headers, contents) → substituter → file → sink.
#include <reseal/rewriter.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <reseal/error.hpp>
#include <utility>

#include "container/demux.hpp"
#include "container/tar_header.hpp"
#include "match/index.hpp"
#include "match/substituter.hpp"
#include "match/whole.hpp"
#include "rewrite/file.hpp"

namespace reseal {
namespace {

/// So many bytes at most are copied to go out in one write with the byte that waited: few, since there are as many writes as
/// headers. No multiple of a block: what takes them may gather writes, and stop where one of them ends.
constexpr std::size_t gather = 65;

}  // namespace

class Rewriter::Engine {
public:
    Engine(Rules rules, Sink& out, Options options)
        : rules_(std::move(rules)),
          options_(std::move(options)),
          out_(out),
          demux_(options_.format, options_.name),
          substituter_(rules_) {
        for (const auto& [place, uuid] : options_.uuids)
            if (uuid.size() != 16) throw Error(ErrorCode::misuse, "a UUID has 16 bytes", place.path, place.offset);
        report_.hits.resize(rules_.size());
    }

    void write(std::string_view chunk) {
        proceed([&] {
            report_.bytes_in += chunk.size();
            demux_.feed(chunk);
            drain();
        });
    }

    void settle() {
        proceed([&] { settle_contents(); });
    }

    void finish() {
        proceed([&] {
            demux_.end();
            drain();
            if (!refused_ && !held_.empty()) pass(held_);
            report_.format = demux_.format();  // of an empty stream too
        });
        finished_ = true;
        failure_ = refusal();
        if (failure_) std::rethrow_exception(failure_);
    }

    bool refused() const { return refused_; }
    const Report& report() const { return report_; }
    const Work& work() const { return work_; }

private:
    /// The first failure is the last: it is raised again by every later call, and nothing happens any more.
    template <class Action>
    void proceed(Action action) {
        if (failure_) std::rethrow_exception(failure_);
        if (finished_) throw Error(ErrorCode::misuse, "the rewriter has finished");
        try {
            action();
        } catch (...) {
            failure_ = std::current_exception();
            report_.format = demux_.known() ? demux_.format() : Format::plain;
            if (file_) keep_entry();
            throw;
        }
    }

    void drain() {
        container::Run run;
        while (demux_.next(run)) {
            switch (run.kind) {
                case container::RunKind::framing:
                    position_ += run.bytes.size();
                    emit(run.bytes);
                    break;
                case container::RunKind::header: take_header(run.bytes); break;
                case container::RunKind::contents: take_contents(run); break;
                case container::RunKind::behind: take_behind(run.bytes); break;
            }
        }
        if (!demux_.malformed()) return;
        settle_contents();
        const container::Malformed& malformed = *demux_.malformed();
        report_.bytes_in = malformed.offset;  // of what was read behind it nobody knows where a chunk ended
        throw Error(ErrorCode::malformed, malformed.what, in_stream(malformed.entry), malformed.offset);
    }

    /// How much came out does not depend on how the stream was cut then.
    void settle_contents() {
        if (!file_) return;
        substituter_.settle();
        drain_substituter();
    }

    void take_header(std::string_view bytes) {
        entry_open_ = false;
        check_names();
        header_ = bytes;
        check_outer_target();
        edit_targets(bytes);
        position_ += header_.size();
        emit(header_);
    }

    void check_names() {
        if (options_.names == NamePolicy::keep) return;
        for (std::string_view name : demux_.parser().names()) {
            if (!rules_.index().find(name, 0, name.size())) continue;
            return refuse_entry(
                {Severity::error, demux_.parser().path(), 0, Code::name_matched,
                 "a rule matches in the name '" + std::string(name) + "'; --names keep leaves names as they are"});
        }
    }

    /// A target that has gone out: as framing, and for more links than this one.
    void check_outer_target() {
        const std::string_view target = demux_.parser().outer_target();
        if (const std::optional<match::Match> match = rules_.index().find(target, 0, target.size()))
            refuse_entry({Severity::error, demux_.parser().path(), match->start, Code::target_global,
                          "a rule matches in '" + std::string(target) +
                              "', the target that a global header gives to this link and others; give each its own"});
    }

    void refuse_entry(Finding finding) {
        entry().status = EntryStatus::refused;
        refused_ = true;
        report_.findings.push_back(std::move(finding));
    }

    /// Rewrites the targets in header_, a copy of `bytes`. Where a link's target stands in two forms, one is counted.
    void edit_targets(std::string_view bytes) {
        const std::size_t first_edit = report_.edits.size();
        bool counted = false, changed = false;
        std::optional<std::size_t> nul;
        for (const container::Target& target : demux_.parser().targets()) {
            const std::vector<match::Edit> edits = match::substitute(rules_, header_, target.offset, target.size, seen_);
            if (edits.empty()) continue;
            if (!std::exchange(counted, true)) count(edits);
            if (options_.edits)
                for (const match::Edit& edit : edits)
                    report_.edits.push_back({position_ + target.offset + edit.offset, edit.rule});
            const std::string_view old = bytes.substr(target.offset, target.size);
            const std::string_view now = std::string_view(header_).substr(target.offset, target.size);
            changed = changed || now != old;
            if (!nul) nul = new_nul(old, now);
        }
        std::sort(report_.edits.begin() + static_cast<std::ptrdiff_t>(first_edit), report_.edits.end(),
                  [](const Edit& one, const Edit& other) { return one.position < other.position; });
        if (nul && !options_.nul_targets)
            refuse_entry({Severity::error, demux_.parser().path(), *nul, Code::target_nul,
                          "a rule puts a NUL into the target of this link, where it would end"});
        if (changed) demux_.parser().amend(header_);
    }

    void count(const std::vector<match::Edit>& edits) {
        for (const match::Edit& edit : edits) {
            ++report_.hits[edit.rule];
            if (!counts(rules_[edit.rule])) continue;
            ++entry().substitutions;
            if (options_.positions) entry().positions.push_back(edit.offset);
        }
    }

    /// Where a NUL is that was none.
    static std::optional<std::size_t> new_nul(std::string_view old, std::string_view now) {
        for (std::size_t at = now.find('\0'); at != now.npos; at = now.find('\0', at + 1))
            if (old[at] != '\0') return at;
        return {};
    }

    void take_contents(const container::Run& run) {
        if (run.first) {
            if (demux_.format() != Format::plain) options_.hint = {};  // offsets of a file, not of an archive's entries
            file_.emplace(demux_.parser().path(), options_);
            file_position_ = position_;
        }
        substituter_.feed(run.bytes);
        drain_substituter();
        if (!run.last) return;
        substituter_.end();
        drain_substituter();
        emit(file_->end());
        keep_entry();
    }

    bool counts(const Rule& rule) const { return options_.count_unchanged || rule.from != rule.to; }

    void drain_substituter() {
        match::Piece piece;
        while (substituter_.next(piece)) {
            if (piece.rule != nullptr) {
                ++report_.hits[piece.rule_index];
                if (options_.edits) report_.edits.push_back({position_, piece.rule_index});
                if (counts(*piece.rule)) file_->edit();
                if (std::string_view why = demux_.parser().uneditable(); !why.empty())
                    file_->refuse({Code::sparse_edited, 0,
                                   "a rule matches in " + std::string(why) +
                                       ", which is not stored byte for byte; pack it as an ordinary file"});
            }
            position_ += piece.bytes.size();
            while (!piece.bytes.empty()) {
                rewrite::Step step = file_->take(piece);
                emit(step.out);
                piece = piece.part(step.taken, piece.bytes.size() - step.taken);
            }
        }
    }

    void take_behind(std::string_view bytes) {
        if (!std::exchange(behind_noted_, true))
            report_.findings.push_back({Severity::note, options_.name, position_, Code::behind_archive,
                                        bytes.empty() ? "behind the end of the archive entries go on, and are cut short"
                                                      : "bytes behind the end of the archive were passed on unsearched"});
        emit(bytes);
    }

    void emit(std::string_view bytes) {
        refused_ = refused_ || (file_ && file_->refused());
        if (bytes.empty() || refused_) return;
        demux_.format() == Format::tar ? emit_tar(bytes) : pass(bytes);
    }

    /// A tape archive that is cut between two blocks passes for a whole one, so what is out never ends there: the last byte of
    /// a block waits for the next ones, or for finish().
    void emit_tar(std::string_view bytes) {
        const bool ends_block = (report_.bytes_out + held_.size() + bytes.size()) % container::tar_block == 0;
        const char last = bytes.back();
        if (ends_block) bytes.remove_suffix(1);
        if (!held_.empty()) {
            held_ += bytes.substr(0, gather);
            bytes.remove_prefix(held_.size() - 1);
            pass(held_);
            held_.clear();
        }
        if (!bytes.empty()) pass(bytes);
        if (ends_block) held_ += last;
    }

    void pass(std::string_view bytes) {
        out_.write(bytes);
        report_.bytes_out += bytes.size();
    }

    /// What the report says of the archive's entry whose header came last.
    EntryReport& entry() {
        if (!std::exchange(entry_open_, true)) report_.entries.emplace_back().path = demux_.parser().path();
        return report_.entries.back();
    }

    /// The file is over, or the stream is.
    void keep_entry() {
        refused_ = refused_ || file_->refused();
        if (file_->has_entry()) {
            bool name_refused = entry_open_;
            entry() = file_->entry();
            if (name_refused) entry().status = EntryStatus::refused;
        }
        report_.findings.insert(report_.findings.end(), file_->findings().begin(), file_->findings().end());
        work_ += file_->work();
        for (const macho::Range& each : file_->erased()) forget_edits({file_position_ + each.offset, each.size});
        file_.reset();
    }

    /// Those that a signature made ad-hoc took away again.
    void forget_edits(const macho::Range& range) {
        std::vector<Edit>& edits = report_.edits;
        const auto of_file = std::lower_bound(edits.begin(), edits.end(), file_position_,
                                              [](const Edit& edit, std::uint64_t at) { return edit.position < at; });
        const auto taken = std::remove_if(of_file, edits.end(), [&](const Edit& edit) {
            return edit.position < range.end() && edit.position + rules_[edit.rule].to.size() > range.offset;
        });
        edits.erase(taken, edits.end());
    }

    /// An entry's path behind the name of its archive.
    std::string in_stream(const std::string& path) const {
        if (path.empty() || path == ".") return options_.name;
        return options_.name == "-" ? path : options_.name + ": " + path;
    }

    std::exception_ptr refusal() const {
        for (const Finding& finding : report_.findings)
            if (finding.severity == Severity::error)
                return std::make_exception_ptr(Error(ErrorCode::refused, finding.what, finding.entry, finding.offset));
        return {};
    }

    Rules rules_;
    Options options_;
    Sink& out_;
    container::Demux demux_;
    match::Substituter substituter_;
    match::Repeats::Seen seen_ = rules_.index().nothing_seen();  // of a target
    std::optional<rewrite::File> file_;                          // whose contents go by
    std::string header_;                                         // of an entry, edited
    std::string held_;                 // the last byte of a tape archive's block, and while it goes out what follows it
    std::uint64_t position_ = 0;       // in the stream, of what is looked at next
    std::uint64_t file_position_ = 0;  // in the stream, of file_
    bool entry_open_ = false;          // whether the report's last entry is the one whose header came last
    bool behind_noted_ = false, refused_ = false, finished_ = false;
    Report report_;
    Work work_;
    std::exception_ptr failure_;
};

Rewriter::Rewriter(Rules rules, Sink& out, Options options)
    : engine_(std::make_unique<Engine>(std::move(rules), out, std::move(options))) {}
Rewriter::Rewriter(Rewriter&&) noexcept = default;
Rewriter& Rewriter::operator=(Rewriter&&) noexcept = default;
Rewriter::~Rewriter() = default;

void Rewriter::write(std::string_view chunk) { engine_->write(chunk); }
void Rewriter::settle() { engine_->settle(); }
void Rewriter::finish() { engine_->finish(); }
bool Rewriter::refused() const { return engine_->refused(); }
const Report& Rewriter::report() const { return engine_->report(); }
Work Rewriter::work() const { return engine_->work(); }

}  // namespace reseal
