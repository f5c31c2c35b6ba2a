// SPDX-License-Identifier: BSL-1.0
#include <reseal/nar.hpp>

#include "cli/message.hpp"
#include "cli/nar.hpp"
#include "fs/output_file.hpp"
#include "fs/within.hpp"

namespace reseal::cli {
namespace {

constexpr const char* examples = R"(Examples:
  reseal nar dump ./package >package.nar
  reseal nar dump OLD | reseal rewrite --rules hashes.txt | reseal nar restore NEW

Byte for byte what nix-store --dump writes: names, contents, links and whether
the owner may execute a file, nothing else. No link is followed, PATH included.

Exit status: 0 the archive is complete, 1 it is not.)";

}  // namespace

const CLI::App* add_nar_dump(CLI::App& nar, NarArguments& a) {
    CLI::App* command = nar.add_subcommand("dump", "Write a file or folder as a Nix archive");
    command->add_flag("--case-hack", a.case_hack,
                      "Leave out the ~nix~case~hack~N that restoring with\nthis option put behind names");
    command->add_option("-o", a.out, "The archive; replaced as a whole, once complete [-]")->type_name("OUT");
    command->add_option("PATH", [](const CLI::results_t&) { return true; }, "What to write")->type_name("!");
    command->footer(examples);
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
