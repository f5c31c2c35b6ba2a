// SPDX-License-Identifier: BSL-1.0
#include "cli/ca.hpp"

#include "cli/choice.hpp"

namespace reseal::cli {
namespace {

constexpr const char* ca_examples = R"(Examples:
  reseal ca ./result --name hello-2.12.1 --ref /nix/store/…-glibc-2.39
  reseal ca ./out --name tool --self dc04vv14dak1c1r48qa0m23vr9jy8sm0 -o /nix/store
  reseal ca --check /nix/store/…-tool --narinfo tool.narinfo

The content address of a tree, and the store path that it and the references give.
With --self, the hash part that stands in the tree for its own, the address is one
modulo that hash part; the tree with the new one in its place is what -o writes.
Where a signed program holds it, the scheme is reseal-1 instead of nix: the slots of
the pages that hold it count as with NULs in their place, too. A linker makes the
UUID of such a program of all it writes, the hash part included: with --derive-uuid
builds under other hash parts give the same path. Debugging symbols that were set
apart from the program find it by its UUID, and no longer do.

--check computes it again from what lies there, by every version of Nix and by both
schemes, with and without --derive-uuid, and compares: with --ca, with what the
.narinfo says, or, without either, the store path in PATH's name with the one that
the address and --ref give. A .narinfo without CA says the path and the references.

Exit status: 0 the address is printed, or true; 2 an image was refused, or the
address is not true; 1 anything else.)";

constexpr Choice<store::Method> method_choices[] = {
    {"nar", store::Method::nar}, {"flat", store::Method::flat}, {"text", store::Method::text}};
constexpr Choice<HashType> algorithm_choices[] = {
    {"sha256", HashType::sha256}, {"sha1", HashType::sha1}, {"sha512", HashType::sha512}};
constexpr Choice<std::optional<Scheme>> scheme_choices[] = {
    {"nix", Scheme::nix}, {"reseal-1", Scheme::reseal1}, {"any", std::nullopt}};

void no_use_for(const CaArguments& a, const char* option, const char* why) {
    if (a.command.given(option)) throw UsageError(std::string(option) + ": " + why);
}

}  // namespace

Command add_ca(Command app, CaArguments& a) {
    Command command = app.command("ca", "Compute or check a content address");
    command.option("--name", "NAME", a.name, "The name in the store path");
    command.option("--self", "HASHPART", a.self, "The hash part in the tree that stands for its own");
    command.option("--ref", "STOREPATH", a.references,
                   "A store path that the tree refers to; may be given\nagain. Taken as declared");
    add_choice<store::Method>(command, "--method", a.method,
                              "What is hashed: the Nix archive of the tree, or the\ncontents of a file [nar]", method_choices);
    add_choice<HashType>(command, "--algo", a.algorithm, "The hash [sha256]", algorithm_choices);
    command.option("--regime", "VERSION", a.regime,
                   "The version of Nix, X.Y or lix, whose hash modulo it\n"
                   "is: 2.17 to 2.34 and lix leave positions out [2.35]");
    command.option("--store-dir", "DIR", a.store_dir, "The store in the path [/nix/store]");
    add_cms(command, a.cms);
    add_stale(command, a.stale);
    add_unsealable(command, a.unsealable);
    add_choice<store::SignedSelfReference>(command, "--on-signed-self-reference", a.on_signed_self_reference,
                                           "A hash of a signature that depends on the own path:\n"
                                           "count it as with NULs, refuse the tree, or give a\n"
                                           "path and no content address [normalise]",
                                           signed_self_choices);
    command.flag("--derive-uuid", a.derive_uuid,
                 "In signed programs that hold their own hash part,\nreplace the UUID by one that follows from the code");
    command.option("-o", "DIR", a.out, "Put the tree with its own hash part into DIR");
    command.flag("--json", a.json, "Hashes, sizes and references as well, as JSON");
    command.flag("--check", a.check, "Compare instead, with what PATH's name, --ca or\n--narinfo says");
    command.option("--ca", "CA", a.ca, "The content address that PATH should have");
    command.option("--narinfo", "FILE", a.narinfo, "The .narinfo that should be true of PATH");
    add_choice<std::optional<Scheme>>(command, "--scheme", a.scheme, "By which scheme alone [any]", scheme_choices);
    command.operand("PATH", "The tree, a file or a folder", Operand::once);
    command.footer(ca_examples);
    a.command = command;
    return command;
}

void complete_ca(CaArguments& a, const Words& words) {
    if (words.operands.empty()) throw UsageError("PATH: which tree?");
    if (words.operands.size() > 1) throw UsageError("PATH: one tree, not also " + words.operands[1]);
    a.path = words.operands[0];
    if (a.path.empty()) throw UsageError("PATH: an empty name");
    while (a.path.size() > 1 && a.path.back() == '/') a.path.pop_back();
    if (a.out && a.out->empty()) throw UsageError("-o: an empty name");
    if (a.check) {
        if (a.out) throw UsageError("-o: --check writes nothing");
        if (a.ca && a.narinfo) throw UsageError("--ca: the .narinfo has one already");
        for (const char* option : {"--regime", "--on-signed-self-reference", "--derive-uuid"})
            no_use_for(a, option, "--check finds out which way it was computed");
        for (const char* option : {"--cms", "--stale", "--unsealable"}) no_use_for(a, option, "--check writes nothing");
        if (a.self.empty()) no_use_for(a, "--name", "PATH's name has it; or give --self as well");
        if (a.ca)
            for (const char* option : {"--method", "--algo"}) no_use_for(a, option, "--ca says it");
        if (a.narinfo)
            for (const char* option : {"--self", "--ref", "--store-dir"}) no_use_for(a, option, "the .narinfo says it");
        return;
    }
    if (a.ca || a.narinfo) throw UsageError(std::string(a.ca ? "--ca" : "--narinfo") + ": --check compares with it");
    if (a.scheme) throw UsageError("--scheme: --check asks for one");
    if (a.name.empty()) throw UsageError("--name: the name in the store path is missing");
}

ExitStatus run_ca(const CaArguments& a) { return a.check ? check_ca(a) : compute_ca(a); }

}  // namespace reseal::cli
