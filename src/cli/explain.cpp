// SPDX-License-Identifier: BSL-1.0
#include "cli/explain.hpp"

#include <reseal/bundle.hpp>
#include <reseal/error.hpp>
#include <reseal/explain.hpp>

#include <algorithm>

#include "bytes/byte_string.hpp"
#include "cli/checkable_bundles.hpp"
#include "cli/explain_json.hpp"
#include "cli/explain_log.hpp"
#include "cli/explain_text.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "cli/program_file.hpp"
#include "cli/surroundings.hpp"
#include "fs/file_source.hpp"
#include "fs/input_kind.hpp"
#include "fs/output_file.hpp"
#include "fs/tree.hpp"
#include "seal/file_layout.hpp"

namespace reseal::cli {
namespace {

constexpr const char* explain_examples = R"(Examples:
  reseal explain ./tool
  reseal explain --json Tool.app | jq '.causes[].code'
  log show --last 5m | reseal explain --log -
  reseal explain --log tool-2026-03-04-131415.ips ./tool

Says why a Mac ends a program with "Killed: 9" or does not start it: first what is
wrong, then what that is seen by, what to do about it as commands to run, and
where to read on. It looks at the file only, so any machine will do.
In a folder or bundle all Mach-O files are looked at, and the bad ones explained.
With --log: what the system has written about processes and files; a file is explained
too where it is at hand, under the name in the log or as a PATH of the same name.

Exit status: 0 nothing is wrong with any file (--log: nothing was kept from
running), 2 a cause was found, 1 something could not be read.)";

class Explainer {
public:
    explicit Explainer(const ExplainArguments& arguments) : arguments_(arguments) {}

    void named(const std::string& path) {
        fs::Kind kind = fs::Kind::other;
        try {
            kind = fs::kind_of_input(path);
        } catch (const Error& error) {
            return unreadable(error);
        }
        if (kind != fs::Kind::folder) {
            if (const std::optional<Explanation> told = look(path)) tell(path, *told);
        } else {
            below(path);
        }
    }

    ExitStatus finish() {
        out_.commit();
        return status_;
    }

private:
    void below(const std::string& folder) {
        fs::Tree tree = fs::list_tree(folder);
        for (const Error& error : tree.unreadable) unreadable(error);
        std::uint64_t programs = 0, bad = 0, changed_bundles = 0;
        for (const std::string& bundle : checkable_bundles(folder))
            if (look_at_bundle(bundle)) ++changed_bundles;
        for (const std::string& file : tree.files) {
            const std::optional<Explanation> told = look_below(file);
            if (!told) continue;
            ++programs;
            const bool fine = is_fine(*told);
            if (!fine) ++bad;
            if (!fine || arguments_.json) tell(file, *told);
        }
        if (arguments_.json) return;
        out_.write(printable(folder) + ": " + counted(programs, "Mach-O file") + ", " + std::to_string(bad) + " bad" +
                   (changed_bundles == 0 ? "" : "; " + counted(changed_bundles, "bundle") + " not as sealed") + "\n");
    }

    /// Whether it is other than it was sealed, besides the programs in it.
    bool look_at_bundle(const std::string& path) {
        VerifyOptions options;
        options.jobs = 0;
        try {
            const std::optional<Cause> cause = explain(verify_bundle(path, options), path);
            if (!cause) return false;
            tell(path, {{*cause}, false});
            return true;
        } catch (const Error& error) {
            unreadable(error);
            return false;
        }
    }

    std::optional<Explanation> look(const std::string& path) {
        try {
            return explain(*open_program(path), surroundings_of(path, arguments_.arch));
        } catch (const Error& error) {
            unreadable(error);
            return {};
        }
    }

    /// Nothing for a file that could not be read, or is no Mach-O: what lies around one of these is not looked for.
    std::optional<Explanation> look_below(const std::string& path) {
        try {
            const fs::FileSource file = fs::FileSource::open(path);
            const seal::FileLayout layout = seal::read_layout(file);
            if (layout.slices.empty() && !layout.defect) return {};
            Explanation told = explain(file, surroundings_of(path, arguments_.arch));
            if (told.causes.front().code == CauseCode::not_macho) return {};
            return told;
        } catch (const Error& error) {
            unreadable(error);
            return {};
        }
    }

    void tell(const std::string& path, const Explanation& told) {
        out_.write(arguments_.json ? json_line(explain_json(path, told)) : explain_text(path, told));
        out_.flush();
        if (!is_fine(told)) status_ = worse(status_, refused);
    }

    static bool is_fine(const Explanation& told) {
        return std::all_of(told.causes.begin(), told.causes.end(), [](const Cause& cause) { return cause.note; });
    }

    void unreadable(const Error& error) {
        message(error.what());
        status_ = worse(status_, failed);
    }

    const ExplainArguments& arguments_;
    fs::OutputFile out_{"-"};
    ExitStatus status_ = complete;
};

}  // namespace

Command add_explain(Command app, ExplainArguments& a) {
    Command command = app.command("explain", "Say why a program is \"Killed: 9\", and what to do");
    command.flag("--json", a.json, "One JSON object a line for each file");
    static constexpr const char* const processors[] = {"arm64", "x86_64"};
    command.choice(
        "--arch", processors, [&a](std::size_t i) { a.arch = processors[i]; },
        "The processor of the Mac that it is to run on:\narm64 (Apple silicon) or x86_64 (Intel) [arm64]");
    command.option("--log", "FILE", a.log,
                   "What a log or a crash report says: the output of\nlog show or dmesg, an .ips file; - is standard input.\n"
                   "PATH are then copies of the files that it names");
    command.operand("PATH", "Files, folders and bundles; - is standard input", Operand::repeated);
    command.footer(explain_examples);
    a.command = command;
    return command;
}

void complete_explain(ExplainArguments& a, const Words& words) {
    a.paths = words.operands;
    a.has_log = a.command.given("--log");
    if (a.has_log && a.log.empty()) throw UsageError("--log: an empty name");
    if (a.paths.empty() && !a.has_log) throw UsageError("PATH: at least one is needed");
    for (const std::string& path : a.paths)
        if (path.empty()) throw UsageError("PATH: an empty name");
}

ExitStatus run_explain(const ExplainArguments& a) {
    if (a.has_log) return run_explain_log({a.log, a.paths, a.arch, a.json});
    Explainer explainer(a);
    for (const std::string& path : a.paths) explainer.named(path);
    return explainer.finish();
}

}  // namespace reseal::cli
