// SPDX-License-Identifier: BSL-1.0
#include <reseal/nar.hpp>

#include "cli/message.hpp"
#include "cli/nar.hpp"
#include "fs/output_file.hpp"
#include "fs/within.hpp"

namespace reseal::cli {
namespace {

constexpr const char* nar_dump_examples = R"(Examples:
  reseal nar dump ./package >package.nar
  reseal nar dump OLD | reseal rewrite --rules hashes.txt | reseal nar restore NEW

Byte for byte what nix-store --dump writes: names, contents, links and whether
the owner may execute a file, nothing else. No link is followed, PATH included.

Exit status: 0 the archive is complete, 1 it is not.)";

}  // namespace

Command add_nar_dump(Command nar, NarArguments& a) {
    Command command = nar.command("dump", "Write a file or folder as a Nix archive");
    command.flag("--case-hack", a.case_hack,
                 "Leave out the ~nix~case~hack~N that restoring with\nthis option put behind names");
    command.option("-o", "OUT", a.out, "The archive; replaced as a whole, once complete [-]");
    command.operand("PATH", "What to write", Operand::once);
    command.footer(nar_dump_examples);
    return command;
}

ExitStatus run_nar_dump(const NarArguments& a) {
    fs::OutputFile out(a.out);
    if (out.atomic() && fs::within(out.folder(), a.path)) {
        message(a.out + ": lies in what is to be written, " + a.path);
        return failed;
    }
    dump_nar(a.path, out, {.case_hack = a.case_hack});
    out.commit();
    return complete;
}

}  // namespace reseal::cli
