// SPDX-License-Identifier: BSL-1.0
// The command: cuts the command line, runs the sub-command, turns what is thrown into a message and a status.
#include <fcntl.h>

#include <csignal>
#include <exception>
#include <functional>
#include <memory>
#include <reseal/version.hpp>

#include "cli/ca.hpp"
#include "cli/cache.hpp"
#include "cli/message.hpp"
#include "cli/nar.hpp"
#include "cli/refs.hpp"
#include "cli/register.hpp"
#include "cli/rewrite.hpp"
#include "cli/verify.hpp"
#include "fs/output_file.hpp"
#include "fs/temporary_file.hpp"

namespace {

using namespace reseal;
using namespace reseal::cli;

void print(const std::string& text) {
    fs::OutputFile out("-");
    out.write(text);
    out.commit();
}

// An operand that may come more than once is declared with the type name "...", one that has to come with "!".
class Formatter final : public CLI::Formatter {
public:
    std::string make_option_opts(const CLI::Option* option) const override {
        return option->get_type_name() == "!" ? std::string() : CLI::Formatter::make_option_opts(option);
    }
    std::string make_option_usage(const CLI::Option* option) const override {
        if (option->get_type_name() == "!") return option->get_name(true);
        return option->get_type_name() == "..." ? option->get_name(true) + "..." : CLI::Formatter::make_option_usage(option);
    }
};

/// In our words what CLI11 says in its own.
std::string sentence(const CLI::ParseError& error) {
    const std::string what = error.what();
    if (what == "A subcommand is required") return "a command is missing";
    const std::size_t colon = what.find(": At Most 1 required");
    return colon == what.npos ? what : what.substr(0, colon) + ": given twice";
}

struct Command {
    const CLI::App* app;
    std::function<ExitStatus(const Words&)> run;
};

template <class Arguments, class Complete>
Command declare(CLI::App& app, CLI::App* (*add)(CLI::App&, Arguments&), Complete complete,
                ExitStatus (*run)(const Arguments&)) {
    auto arguments = std::make_shared<Arguments>();
    const CLI::App* declared = add(app, *arguments);
    return {declared, [=](const Words& words) {
                complete(*arguments, words);
                return run(*arguments);
            }};
}

ExitStatus run(const std::vector<std::string>& arguments) {
    CLI::App app(
        "Replaces paths in a stream of bytes and repairs the Mach-O code signatures that\nthis would break, in one pass.",
        "reseal");
    app.set_version_flag("--version", "reseal " RESEAL_VERSION);
    app.require_subcommand(1);
    app.formatter(std::make_shared<Formatter>());
    app.get_formatter()->column_width(34);
    const Command commands[] = {
        declare(app, add_rewrite, complete_rewrite, run_rewrite),
        declare(app, add_verify, complete_verify, run_verify),
        declare(app, add_nar, complete_nar, run_nar),
        declare(app, add_refs, complete_refs, run_refs),
        declare(app, add_register, complete_register, run_register),
        declare(app, add_ca, complete_ca, run_ca),
        declare(app, add_cache, complete_cache, run_cache),
    };

    try {
        const Words words = split_words(app, arguments);
        app.parse(std::vector<std::string>(words.options.rbegin(), words.options.rend()));
        for (const Command& each : commands)
            if (each.app->parsed()) return each.run(words);
    } catch (const CLI::CallForVersion& version) {
        print(std::string(version.what()) + "\n");
        return complete;
    } catch (const CLI::CallForHelp&) {
        print(app.help());
        return complete;
    } catch (const CLI::ParseError& error) {
        message(sentence(error));
    } catch (const UsageError& error) {
        message(error.what());
    }
    const CLI::App* asked = asked_command(app, arguments);
    std::string name;
    for (; asked != nullptr && asked != &app; asked = asked->get_parent()) name.insert(0, asked->get_name() + " ");
    message("see reseal " + name + "--help");
    return failed;
}

// A caller may have closed one of the three. What we open would take its number, and messages would end up in the output.
// In the wrong direction, so that using it is still an error.
void occupy_standard_descriptors() {
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace

int main(int count, char** arguments) {
    // A reader that went away, and a file that may not grow, are failed writes with a message, not a silent end.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    fs::remove_temporaries_on_signals();
    occupy_standard_descriptors();
    try {
        return run({arguments + 1, arguments + count});
    } catch (const std::exception& error) {
        message(error.what());
        return failed;
    }
}
