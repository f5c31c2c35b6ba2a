// SPDX-License-Identifier: BSL-1.0
// The command: cuts the command line, runs the sub-command, turns what is thrown into a message and a status.
#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <functional>
#include <memory>
#include <reseal/version.hpp>

#include "cli/ca.hpp"
#include "cli/cache.hpp"
#include "cli/conda_unpack.hpp"
#include "cli/explain.hpp"
#include "cli/fix.hpp"
#include "cli/message.hpp"
#include "cli/nar.hpp"
#include "cli/pack.hpp"
#include "cli/refs.hpp"
#include "cli/register.hpp"
#include "cli/relocate.hpp"
#include "cli/rewrite.hpp"
#include "cli/show.hpp"
#include "cli/unpack.hpp"
#include "cli/verify.hpp"
#include "config.hpp"
#include "fs/output_file.hpp"
#include "fs/path_parts.hpp"
#include "fs/temporary_file.hpp"

namespace {

using namespace reseal;
using namespace reseal::cli;

void print(const std::string& text) {
    fs::OutputFile out("-");
    out.write(text);
    out.commit();
}

struct Declared {
    Command command;
    std::function<ExitStatus(const Words&)> run;
};

template <class Arguments, class Complete>
Declared declare(CommandLine& line, Command (*add)(Command, Arguments&), Complete complete,
                 ExitStatus (*run)(const Arguments&)) {
    auto arguments = std::make_shared<Arguments>();
    const Command command = add(line.program(), *arguments);
    return {command, [=](const Words& words) {
                complete(*arguments, words);
                return run(*arguments);
            }};
}

ExitStatus run(const std::vector<std::string>& arguments) {
    CommandLine line("reseal",
                     "Replaces paths in a stream of bytes and repairs the Mach-O code signatures that\n"
                     "this would break, in one pass.",
                     RESEAL_VERSION);
    line.program().footer("A program is \"Killed: 9\"? Begin with reseal explain FILE.");
    const Declared commands[] = {
        declare(line, add_rewrite, complete_rewrite, run_rewrite),
        declare(line, add_verify, complete_verify, run_verify),
        declare(line, add_explain, complete_explain, run_explain),
        declare(line, add_fix, complete_fix, run_fix),
        declare(line, add_show, complete_show, run_show),
        declare(line, add_relocate, complete_relocate, run_relocate),
        declare(line, add_conda_unpack, complete_conda_unpack, run_conda_unpack),
        declare(line, add_nar, complete_nar, run_nar),
        declare(line, add_refs, complete_refs, run_refs),
        declare(line, add_register, complete_register, run_register),
        declare(line, add_ca, complete_ca, run_ca),
        declare(line, add_cache, complete_cache, run_cache),
#if RESEAL_ARCHIVES
        declare(line, add_unpack, complete_unpack, run_unpack),
        declare(line, add_pack, complete_pack, run_pack),
#endif
    };
    try {
        const Parsed parsed = line.parse(arguments);
        for (const Declared& each : commands)
            if (parsed.text.empty() && each.command.asked()) return each.run(parsed.words);
        print(parsed.text);
        return complete;
    } catch (const UsageError& error) {
        message(error.what());
    }
    message("see " + line.asked_name(arguments) + " --help");
    return failed;
}

/// A link to the command, or a copy of it, that is called conda-unpack does what that does.
std::vector<std::string> words_of(int count, char** arguments) {
    std::vector<std::string> words;
    if (count > 0 && fs::name_of(arguments[0]) == "conda-unpack") words = {"conda-unpack", "--called-as", arguments[0]};
    words.insert(words.end(), arguments + std::min(count, 1), arguments + count);
    return words;
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
        return run(words_of(count, arguments));
    } catch (const std::exception& error) {
        message(error.what());
        return failed;
    }
}
