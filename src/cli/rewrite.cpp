// SPDX-License-Identifier: BSL-1.0
#include "cli/rewrite.hpp"

#include <optional>
#include <reseal/error.hpp>
#include <reseal/hint.hpp>
#include <reseal/rewriter.hpp>

#include "cli/message.hpp"
#include "cli/progress.hpp"
#include "cli/report_json.hpp"
#include "cli/rewrite_map.hpp"
#include "codec/compressor.hpp"
#include "codec/decompressor.hpp"
#include "digest/digest.hpp"
#include "fs/file_source.hpp"
#include "fs/input_file.hpp"
#include "fs/output_file.hpp"
#include "fs/read_whole.hpp"

namespace reseal::cli {
namespace {

// What is written in the end: to the output, unless this is a dry run, and to the digest, if a report asks for it.
class Written final : public Sink {
public:
    Written(fs::OutputFile* out, bool hashed) : out_(out) {
        if (hashed) hasher_.emplace(HashType::sha256);
    }
    void write(std::string_view bytes) override {
        if (out_ != nullptr) out_->write(bytes);
        if (hasher_) hasher_->update(bytes);
    }
    /// Of an output that fails so much is there as follows from the input, not from what was gathered. A file is gone anyway.
    void give_up() {
        if (out_ == nullptr || out_->atomic()) return;
        try {
            out_->flush();
        } catch (const Error& error) {
            message(error.what());  // it fails with another message already
        }
    }
    std::optional<std::string> sha256() {
        if (!hasher_) return {};
        return hasher_->finish().hex();
    }

private:
    fs::OutputFile* out_;
    std::optional<digest::Hasher> hasher_;
};

// Where the Rewriter's bytes go. Once the input broke off they go nowhere: what the Rewriter still holds back is not its end.
class Destination final : public Sink {
public:
    explicit Destination(Sink& next) : next_(next) {}
    void write(std::string_view bytes) override {
        if (stopped_) throw *stopped_;
        next_.write(bytes);
    }
    void stop(const Error& why) { stopped_ = why; }

private:
    Sink& next_;
    std::optional<Error> stopped_;
};

Rules all_rules(const RewriteArguments& a) {
    std::vector<Rule> rules = a.rules;
    if (a.has_rules_file) {
        const std::string name = a.rules_file == "-" ? "standard input" : a.rules_file;
        for (Rule& rule : parse_rules(fs::read_whole(a.rules_file), name)) rules.push_back(std::move(rule));
    }
    return Rules(std::move(rules));
}

Options options_for(const RewriteArguments& a, const fs::InputFile& in) {
    Options options;
    options.format = a.format;
    options.names = a.names;
    options.cms = a.cms;
    options.unsealable = a.unsealable;
    options.stale = a.stale;
    options.positions = a.positions;
    options.name = a.in;
    if (in.size()) options.hint = read_hint(fs::FileSource::share(in.descriptor(), in.name()));
    return options;
}

ExitStatus failure(const Error& error) {
    const bool of_stream = error.entry() == "-";  // standard input, as a report has it
    message(of_stream ? "standard input" + std::string(error.what()).substr(1) : error.what());
    return failed;
}

// After any failure the report is complete once finish() has thrown, which it then does without writing.
void finish_report(Rewriter& rewriter) {
    try {
        rewriter.finish();
    } catch (const Error&) {
        return;  // the failure that brought us here, again
    }
}

// in → decompressor → rewriter → destination → compressor → written
struct Chain {
    Written written;
    codec::Compressor compressor{written};
    Destination destination{compressor};
    Rewriter rewriter;

    Chain(fs::OutputFile* out, bool hashed, const Rules& rules, Options options)
        : written(out, hashed), rewriter(rules, destination, std::move(options)) {}
};

// Throws the first failure; a refusal last, when all of the input has been read.
void pump(fs::InputFile& in, Chain& chain, const std::optional<codec::Choice>& compress, Progress& progress) {
    const std::string head = in.read_at_least(codec::detect_bytes);
    const codec::Compression found = codec::detect(head);
    chain.compressor.choose(compress ? *compress : codec::Choice{found, codec::levels(found).usual});
    codec::Decompressor decompressor(found, chain.rewriter, in.name());
    for (std::string_view bytes = head; !bytes.empty(); bytes = in.read()) {
        decompressor.write(bytes);
        progress.advance(bytes.size());
    }
    decompressor.finish();
    chain.rewriter.finish();
    chain.compressor.finish();
}

// What stood before the place where the input broke off goes out.
void break_off(Chain& chain, const Error& why) {
    const auto stop = [&] {
        chain.destination.stop(why);
        finish_report(chain.rewriter);
    };
    try {
        if (why.error() == ErrorCode::malformed) chain.rewriter.settle();
    } catch (const Error&) {  // the same failure, or a second one
        return stop();
    }
    stop();
}

ExitStatus rewrite(fs::InputFile& in, Chain& chain, const RewriteArguments& a) {
    Progress progress(!a.quiet && watched(), in.size());
    try {
        pump(in, chain, a.compress, progress);
        return complete;
    } catch (const Error& error) {
        const bool refusal = error.error() == ErrorCode::refused;
        if (!refusal) {
            progress.clear();
            // The hint, read ahead, was true of the file as it was then.
            const bool changed = error.error() == ErrorCode::misuse;
            failure(changed ? Error(ErrorCode::io, "changed while it was read", in.name()) : error);
            break_off(chain, error);
        }
        if (error.error() != ErrorCode::io) chain.written.give_up();
        return refusal ? refused : failed;
    }
}

/// Of an archive links count too.
std::string places(Format format, std::uint64_t count) {
    if (format == Format::plain) return counted(count, "file");
    return std::to_string(count) + (count == 1 ? " entry" : " entries") +
           (format == Format::nar ? " of a Nix archive" : " of a tape archive");
}

std::string summary(const Report& report, bool dry_run) {
    std::uint64_t substitutions = 0;
    for (std::uint64_t hits : report.hits) substitutions += hits;
    std::uint64_t files = 0;
    std::uint64_t resealed = 0;
    for (const EntryReport& entry : report.entries) {
        files += entry.substitutions > 0 ? 1 : 0;
        for (const ImageReport& image : entry.images)
            if (!image.codedirectories.empty()) ++resealed;
    }
    std::string out = "no match";
    if (substitutions > 0) out = counted(substitutions, "substitution") + " in " + places(report.format, files);
    if (resealed > 0) out += ", " + counted(resealed, "image") + " resealed";
    return dry_run ? out + "; nothing was written" : out;
}

// `in`: the input's name in messages. A report has "-" for standard input.
void say_report(const Report& report, const std::string& in, bool quiet, ExitStatus status, const std::string& consequence) {
    std::uint64_t errors = 0;
    for (Finding finding : report.findings) {
        errors += finding.severity == Severity::error ? 1 : 0;
        const bool of_stream = report.format == Format::plain || finding.code == Code::behind_archive;
        if (of_stream && finding.entry == "-") finding.entry = in;
        if (finding.severity == Severity::error || !quiet) message(sentence(finding));
    }
    if (status == refused) message("refused for " + counted(errors, "error") + "; " + consequence);
}

std::string consequence_of_refusal(const std::optional<fs::OutputFile>& out) {
    return out && !out->atomic() ? "the output is cut short" : "there is no output";
}

template <class Action>
ExitStatus attempt(Action action) {
    try {
        action();
        return complete;
    } catch (const Error& error) {
        return failure(error);
    }
}

/// Behind all else, for it may look at the output; so a failure leaves that where it is.
ExitStatus draw(const RewriteArguments& a, const Report& report, bool on_disk, fs::OutputFile& map) {
    try {
        map.write(rewrite_map(a, report, on_disk));
        map.commit();
        return complete;
    } catch (const Error& error) {
        return failure(Error(error.error(), std::string(error.what()) + "; only the map is missing, all else is done"));
    }
}

}  // namespace

ExitStatus run_rewrite(const RewriteArguments& a) {
    Rules rules = all_rules(a);
    fs::InputFile in(a.in);
    Options options = options_for(a, in);
    std::optional<fs::OutputFile> out;
    if (!a.dry_run) out.emplace(a.out, in.mode());
    std::optional<fs::OutputFile> report;
    if (a.has_report) report.emplace(a.report);
    std::optional<fs::OutputFile> map;
    if (a.has_map) map.emplace(a.map);

    Chain chain(out ? &*out : nullptr, a.has_report, rules, std::move(options));
    Rewriter& rewriter = chain.rewriter;
    ExitStatus status = rewrite(in, chain, a);
    say_report(rewriter.report(), in.name(), a.quiet, status, consequence_of_refusal(out));
    // Output and report are both on the disk before either gets its name: a disk that is full for the report leaves no output
    // either, and one that is full for the output, or takes its name away, leaves a report that says so.
    if (status == complete && out) status = attempt([&] { out->prepare(); });
    if (status != complete) out.reset();
    std::optional<std::string> sha256;
    if (status == complete) sha256 = chain.written.sha256();
    auto write_report = [&] {
        report->write(report_json(rewriter.report(), rules, sha256, a.positions).dump() + "\n");
        report->prepare();
    };
    try {
        if (report) write_report();
        if (out) status = attempt([&] { out->commit(); });
        if (report && out && status != complete && report->atomic()) {
            report.emplace(a.report);  // the one that waits for its name says that there is an output
            sha256.reset();
            write_report();
        }
        if (report) report->commit();
    } catch (const Error& error) {
        return failure(error);
    }
    if (status == complete && map) status = draw(a, rewriter.report(), out && out->atomic(), *map);
    if (status == complete && !a.quiet) message(summary(rewriter.report(), a.dry_run));
    return status;
}

}  // namespace reseal::cli
