// SPDX-License-Identifier: BSL-1.0
#include "cli/verify.hpp"

#include "cli/choice.hpp"
#include "cli/verify_run.hpp"

namespace reseal::cli {
namespace {

constexpr const char* verify_examples = R"(Examples:
  reseal verify ./tool
  reseal verify --level kernel <package.nar.xz -
  reseal verify --json /nix/store/*-package | jq 'select(.layer == "kernel")'

A line reads: path, architecture, status, detail, who objects. The status is
  valid        every hash is right; what else stops a program, `reseal explain` knows
  stale        at least one is not
  unbound      the hashes are right, but the CMS signature is of others
  unsigned     bad for arm64 executables, dynamic libraries and bundles only
  malformed    the signature does not hold together
  unsupported  it hashes in a way that neither the kernel nor reseal takes
The kernel objects: the program is killed, or not loaded. codesign objects: it may run,
but Security.framework and Gatekeeper call it invalid. With --level kernel only what the
kernel looks at is checked: the CodeDirectory of the strongest hash, entitlements and
constraints, its own rules for universal files; no other CodeDirectory, no CMS.

Folders are searched for bundles and Mach-O files; links in them are not followed. A
bundle's line reads: path, bundle, valid or bad or unsealed, detail; a line like it for
each thing that is wrong with its seal follows, then its programs. PATH may also be
a Nix archive or a tape archive, compressed or not: a line reads PATH:ENTRY then. Files
are looked at side by side, and the pages of a large one too.

Exit status: 0 every image and bundle is fine, 2 one is bad, 1 something could not be
read.)";

constexpr Choice<Level> level_choices[] = {{"codesign", Level::codesign}, {"kernel", Level::kernel}};

}  // namespace

Command add_verify(Command app, VerifyArguments& a) {
    Command command = app.command("verify", "Check the code signatures of files and folders");
    add_choice<Level>(command, "--level", a.level, "Whose questions are asked [codesign]", level_choices);
    command.flag("--strict", a.strict,
                 "Also what codesign's strict mode asks: nothing\nbehind the signature, __LINKEDIT's end, every\nversion of a "
                 "framework within a bundle");
    command.flag("--json", a.json, "One JSON object a line for each image and bundle");
    command.flag("-q", a.quiet, "Only lines of what is bad");
    command.number("--jobs", a.jobs, 1, 1024, "So many threads [the machine's cores]");
    command.operand("PATH", "Files, folders, archives; - is standard input", Operand::repeated);
    command.footer(verify_examples);
    return command;
}

void complete_verify(VerifyArguments& a, const Words& words) {
    a.paths = words.operands;
    if (a.paths.empty()) throw UsageError("PATH: at least one is needed");
    for (const std::string& path : a.paths)
        if (path.empty()) throw UsageError("PATH: an empty name");
    if (a.strict && a.level == Level::kernel) throw UsageError("--strict: not together with --level kernel");
}

ExitStatus run_verify(const VerifyArguments& a) {
    VerifyRun run(a);
    for (const std::string& path : a.paths) run.named(path);
    return run.finish();
}

}  // namespace reseal::cli
