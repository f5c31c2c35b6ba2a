// SPDX-License-Identifier: BSL-1.0
// The command: cuts the command line, runs the sub-command, turns what is thrown into a message and a status.
#include <fcntl.h>

#include <csignal>
#include <exception>
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

ExitStatus run(const std::vector<std::string>& arguments) {
    CLI::App app(
        "Replaces paths in a stream of bytes and repairs the Mach-O code signatures that\nthis would break, in one pass.",
        "reseal");
    app.set_version_flag("--version", "reseal " RESEAL_VERSION);
    app.require_subcommand(1);
    app.formatter(std::make_shared<Formatter>());
    app.get_formatter()->column_width(34);
    RewriteArguments rewrite;
    VerifyArguments verify;
    NarArguments nar;
    RefsArguments refs;
    RegisterArguments registration;
    CaArguments ca;
    CacheArguments cache;
    CLI::App* rewrite_command = add_rewrite(app, rewrite);
    CLI::App* verify_command = add_verify(app, verify);
    add_nar(app, nar);
    CLI::App* refs_command = add_refs(app, refs);
    CLI::App* register_command = add_register(app, registration);
    CLI::App* ca_command = add_ca(app, ca);
    CLI::App* cache_command = add_cache(app, cache);

    try {
        Words words = split_words(app, arguments);
        app.parse(std::vector<std::string>(words.options.rbegin(), words.options.rend()));
        if (rewrite_command->parsed()) {
            complete_rewrite(rewrite, words);
            return run_rewrite(rewrite);
        }
        if (verify_command->parsed()) {
            complete_verify(verify, words);
            return run_verify(verify);
        }
        if (ca_command->parsed()) {
            complete_ca(ca, words);
            return run_ca(ca);
        }
        if (register_command->parsed()) {
            complete_register(registration, words);
            return run_register(registration);
        }
        if (refs_command->parsed()) {
            complete_refs(refs, words);
            return run_refs(refs);
        }
        if (cache_command->parsed()) {
            complete_cache(cache, words);
            return run_cache(cache);
        }
        complete_nar(nar, words);
        return run_nar(nar);
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
