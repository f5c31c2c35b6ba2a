// SPDX-License-Identifier: BSL-1.0
#include <reseal/nar.hpp>

#include "cli/interruption.hpp"
#include "cli/message.hpp"
#include "cli/nar.hpp"
#include "fs/input_file.hpp"

namespace reseal::cli {
namespace {

constexpr const char* nar_restore_examples = R"(Examples:
  reseal nar restore ./package package.nar
  xz -d <package.nar.xz | reseal nar restore ./package

DEST must not exist. It appears as a whole, once the archive has been read to its
end; when that fails nothing is left. Files are what the umask allows.

Exit status: 0 DEST is complete, 1 it is not there.)";

// Throws Interrupted when a signal ends the wait for more.
void pump(fs::InputFile& in, const Interruption& interruption, NarRestore& restore) {
    for (;;) {
        interruption.wait(in.descriptor());
        std::string_view bytes = in.read();
        if (bytes.empty()) break;
        restore.write(bytes);
    }
    restore.finish();
}

}  // namespace

Command add_nar_restore(Command nar, NarArguments& a) {
    Command command = nar.command("restore", "Unpack a Nix archive");
    command.flag("--case-hack", a.case_hack,
                 "For file systems that ignore case: put\n~nix~case~hack~N behind names that differ in case only");
    command.operand("DEST", "Where to, a path at which there is nothing", Operand::once);
    command.operand("IN", "The archive, a file or a pipe [-]", Operand::at_most_once);
    command.footer(nar_restore_examples);
    return command;
}

ExitStatus run_nar_restore(const NarArguments& a) {
    fs::InputFile in(a.in);
    try {
        Interruption interruption;  // outlives the tree: a signal takes effect when that is gone
        NarRestore restore(a.path, {.case_hack = a.case_hack});
        pump(in, interruption, restore);
        if (restore.bytes_behind() > 0)
            message("note: " + counted(restore.bytes_behind(), "byte") + " behind the end of the archive ignored");
        return complete;
    } catch (const Interrupted& interrupted) {
        interrupted.die();
    } catch (const Error& error) {
        message(in_archive(error, a.in));
    }
    return failed;
}

}  // namespace reseal::cli
