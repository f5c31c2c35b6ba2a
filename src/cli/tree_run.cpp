// SPDX-License-Identifier: BSL-1.0
#include "cli/tree_run.hpp"

#include <reseal/error.hpp>

#include "cli/interruption.hpp"
#include "cli/message.hpp"
#include "cli/progress.hpp"
#include "cli/say_findings.hpp"
#include "cli/tree_watch.hpp"

namespace reseal::cli {
namespace {

class Runner {
public:
    Runner(const RelocateOptions& options, TreeRun& run) : options_(options), run_(run) {}

    /// Whether it came to its end.
    template <class Work>
    bool attempt(Work&& work) {
        relocate::TreeEffort effort;
        bool done = false;
        try {
            const TreeWatch watch(interruption_, effort, !options_.quiet && watched());
            work(effort);
            done = true;
        } catch (const std::exception& error) {
            run_.failures.emplace_back(error.what());
        }
        if (effort.stop) run_.interrupted = true;
        return done;
    }

private:
    const RelocateOptions& options_;
    TreeRun& run_;
    Interruption interruption_;
};

void work(const std::vector<relocate::TreeItem>& items, const RelocateOptions& options, TreeRun& run,
          std::vector<Finding> findings, const TreeHooks& hooks) {
    Runner runner(options, run);
    if (!runner.attempt([&](relocate::TreeEffort& effort) { run.plan = plan_tree(items, options.jobs, effort); })) {
        for (const std::string& each : run.failures) message(each);
        message("nothing was changed");
        return;
    }
    findings.insert(findings.end(), run.plan.findings.begin(), run.plan.findings.end());
    run.plan.findings = std::move(findings);
    say_findings(run.plan.findings, options.quiet);
    if (!run.plan.refused.empty()) {
        message("refused for " + counted(run.plan.refused.size(), "file") + "; nothing was changed");
        run.status = refused;
        return;
    }
    if (options.dry_run) {
        run.status = complete;
        return;
    }
    const relocate::TreeWriting writing{.mtime = options.mtime, .jobs = options.jobs, .sync = options.sync};
    const bool done = runner.attempt([&](relocate::TreeEffort& effort) {
        hooks.before(run.plan);
        relocate_tree(run.plan, writing, effort, run.done);
        hooks.after(run);
    });
    if (done) {
        run.status = complete;
        return;
    }
    for (const std::string& each : run.failures) message(each);
    message(std::to_string(run.done.files_done) + " of " + counted(run.plan.changed.size(), "file") +
            " were replaced, each as a whole; the same command does the rest");
}

}  // namespace

TreeRun run_tree(const std::vector<relocate::TreeItem>& items, std::vector<Finding> findings, const RelocateOptions& options,
                 const TreeHooks& hooks) {
    TreeRun run;
    work(items, options, run, std::move(findings), hooks);  // a signal that came meanwhile takes effect when this has returned
    return run;
}

void say_summary(const TreeRun& run, const RelocateOptions& options) {
    if (options.quiet || run.status != complete) return;
    std::uint64_t substitutions = 0, images = 0, names = 0;
    for (const relocate::PlannedFile& file : run.plan.changed) {
        const FileRelocation& result = file.plan.result;
        substitutions += result.fields.size() + (result.shebang_length ? 1U : 0U);
        names += file.names.size();
        for (const ImageReport& image : result.entry.images) images += image.codedirectories.empty() ? 0U : 1U;
    }
    std::string text = "no prefix to replace";
    if (!run.plan.changed.empty())
        text = counted(substitutions, "substitution") + " in " + std::to_string(run.plan.changed.size()) + " of";
    else text += " in";
    text.append(" ").append(counted(run.plan.files_read, "file"));
    if (names > 0) text += ", " + counted(names, "hard link") + " made again";
    if (!run.plan.links.empty()) text += ", " + counted(run.plan.links.size(), "link") + " moved";
    if (images > 0) text += ", " + counted(images, "image") + " resealed";
    message(options.dry_run ? text + "; nothing was written" : text);
}

}  // namespace reseal::cli
