// SPDX-License-Identifier: BSL-1.0
// The one place where the stages are wired: chunk → substituter → file → sink.
#include <reseal/rewriter.hpp>

#include <exception>
#include <reseal/error.hpp>
#include <utility>

#include "match/substituter.hpp"
#include "rewrite/file.hpp"

namespace reseal {

class Rewriter::Engine {
public:
    Engine(Rules rules, Sink& out, Options options)
        : options_(std::move(options)), out_(out), substituter_(rules), file_(options_.name, options_) {
        report_.hits.resize(rules.size());
    }

    void write(std::string_view chunk) {
        proceed([&] {
            report_.bytes_in += chunk.size();
            substituter_.feed(chunk);
            drain();
        });
    }

    void finish() {
        proceed([&] {
            substituter_.end();
            drain();
            emit(file_.end());
        });
        finished_ = true;
        complete_report();
        failure_ = refusal();
        if (failure_) std::rethrow_exception(failure_);
    }

    const Report& report() const { return report_; }
    const Work& work() const { return file_.work(); }

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
            complete_report();
            throw;
        }
    }

    void drain() {
        match::Piece piece;
        while (substituter_.next(piece)) {
            if (piece.rule != nullptr) {
                ++report_.hits[piece.rule_index];
                file_.edit();
            }
            while (!piece.bytes.empty()) {
                rewrite::Step step = file_.take(piece);
                emit(step.out);
                piece = piece.part(step.taken, piece.bytes.size() - step.taken);
            }
        }
    }

    void emit(std::string_view bytes) {
        if (bytes.empty() || file_.refused()) return;
        out_.write(bytes);
        report_.bytes_out += bytes.size();
    }

    void complete_report() {
        report_.entries.clear();
        if (file_.has_entry()) report_.entries.push_back(file_.entry());
        report_.findings = file_.findings();
    }

    std::exception_ptr refusal() const {
        for (const Finding& finding : report_.findings)
            if (finding.severity == Severity::error)
                return std::make_exception_ptr(Error(ErrorCode::refused, finding.what, finding.entry, finding.offset));
        return {};
    }

    Options options_;
    Sink& out_;
    match::Substituter substituter_;
    rewrite::File file_;
    Report report_;
    std::exception_ptr failure_;
    bool finished_ = false;
};

Rewriter::Rewriter(Rules rules, Sink& out, Options options)
    : engine_(std::make_unique<Engine>(std::move(rules), out, std::move(options))) {}
Rewriter::Rewriter(Rewriter&&) noexcept = default;
Rewriter& Rewriter::operator=(Rewriter&&) noexcept = default;
Rewriter::~Rewriter() = default;

void Rewriter::write(std::string_view chunk) { engine_->write(chunk); }
void Rewriter::finish() { engine_->finish(); }
const Report& Rewriter::report() const { return engine_->report(); }
Work Rewriter::work() const { return engine_->work(); }

}  // namespace reseal
