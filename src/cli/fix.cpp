// SPDX-License-Identifier: BSL-1.0
#include "cli/fix.hpp"

#include "cli/choice.hpp"
#include "cli/fix_run.hpp"

namespace reseal::cli {
namespace {

constexpr const char* fix_examples = R"(Examples:
  reseal fix ./tool
  reseal fix --cms adhoc -n ./App.app

Every page and blob that is not what the signature says gets a new hash, in every
CodeDirectory; nothing else changes: identifier, flags, entitlements, page size stay.
That vouches for whatever stands there, so look first what it is: `reseal explain`.
Whoever still has the original does better to change that with `reseal rewrite`.

A file that is given by its name becomes a new file with a new inode even where its
hashes are right: a Mac that has run it goes on with the signature it has kept of the
old one. Of a folder only what is wrong is replaced, under all of its hard links in
that folder; symbolic links are not followed. Names elsewhere keep the old bytes.
What no hash puts right is refused and stays as it is, for it takes a signer: a program
without a signature, one that is cut short, one whose signature does not hold together.

Of a bundle its programs are fixed, not what they seal besides themselves: where an
Info.plist, a resource or a program within is not what the bundle's seal says, that
is told, and takes a signer, too.

Exit status: 0 every image is right now, 2 one was refused, 1 something could not be
read or written.)";

}  // namespace

Command add_fix(Command app, FixArguments& a) {
    Command command = app.command("fix", "Put new hashes into signatures that are no longer right");
    add_choice<CmsPolicy>(
        command, "--cms", a.cms,
        "An image with a CMS signature, which new hashes break:\nrefuse it, make the signature ad-hoc, or keep "
        "the\nCMS blob unbound; adhoc also makes a consistent ad-hoc\nsignature of one that contradicts "
        "itself [refuse]",
        cms_choices);
    command.flag("-n", a.dry, "Do everything but write");
    command.flag("-q", a.quiet, "No lines of what was done");
    command.operand("PATH", "Programs, libraries, folders and bundles", Operand::repeated);
    command.footer(fix_examples);
    return command;
}

void complete_fix(FixArguments& a, const Words& words) {
    a.paths = words.operands;
    if (a.paths.empty()) throw UsageError("PATH: at least one is needed");
    for (const std::string& path : a.paths)
        if (path.empty() || path == "-") throw UsageError("PATH: the name of a file or folder, which is replaced");
}

ExitStatus run_fix(const FixArguments& a) {
    FixRun run(a);
    for (const std::string& path : a.paths) run.named(path);
    return run.finish();
}

}  // namespace reseal::cli
