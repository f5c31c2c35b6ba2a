// SPDX-License-Identifier: BSL-1.0
#include "cli/register.hpp"

#include <unistd.h>

#include <chrono>
#include <reseal/error.hpp>

#include "cli/interruption.hpp"
#include "cli/message.hpp"
#include "cli/register_spec.hpp"
#include "cli/registration_json.hpp"
#include "cli/same_file.hpp"
#include "fs/output_file.hpp"
#include "fs/read_whole.hpp"

namespace reseal::cli {
namespace {

constexpr const char* register_examples = R"(Examples:
  reseal register --spec build.json >done.json
  reseal register --spec build.json --registration paths && nix-store --load-db <paths
  reseal register --spec build.json --dry-run | jq -r '.outputs[].path'

The specification says which trees a build has made and under which scratch paths.
  {"version": 1, "storeDir": "/nix/store", "references": ["/nix/store/…-glibc"],
   "outputs": {"out": {"kind": "ca-floating", "name": "foo",
                       "scratchPath": "/nix/store/…-foo", "tree": "/build/out"}}}
What each field means is in docs/register-spec.schema.json. Trees are only read, but
for one that lies where its output will be: that is replaced when something in it
changes. Outputs are put into the store when all are complete, each after those it
refers to; what a kill leaves behind in there (.reseal-private…) the next run sweeps
up. The result is printed as JSON.

Exit status: 0 all outputs are in the store, 2 one was refused and none is,
1 anything else.)";

void write_registration(const std::string& file, const store::Registration& done, const std::string& store_dir) {
    fs::OutputFile out(file);
    for (const store::RegisteredOutput& each : done.outputs) out.write(store::load_db_text(store_dir, each));
    out.commit();
}

}  // namespace

Command add_register(Command app, RegisterArguments& a) {
    Command command = app.command("register", "Put the outputs of a build into a store");
    command.required_option("--spec", "FILE", a.spec, "What to register, as JSON; - is standard input");
    command.option("--registration", "FILE", a.registration, "Also write what nix-store --load-db reads");
    command.flag("--strict-references", a.strict_references,
                 "A store path in an output that is not among the\nreferences is an error instead of a note");
    command.flag("--dry-run,-n", a.dry_run, "Write nothing; print what the result would be");
    command.flag("--sync", a.sync, "Wait until all is on the disk");
    command.number("--jobs", a.jobs, 0, 1024, "Outputs at once [as many as processors]");
    command.footer(register_examples);
    return command;
}

void complete_register(const RegisterArguments& a, const Words& words) {
    if (!words.operands.empty()) throw UsageError("register takes no operand: " + words.operands[0]);
    if (a.spec.empty()) throw UsageError("--spec: an empty name");
    if (!a.registration) return;
    if (a.registration->empty()) throw UsageError("--registration: an empty name");
    if (a.dry_run) throw UsageError("--registration: --dry-run writes nothing");
    const FileName registration{*a.registration, STDOUT_FILENO};
    if (*a.registration == "-" || same_file(registration, {"-", STDOUT_FILENO}))
        throw UsageError("--registration: standard output is the result's");
    if (same_file(registration, {a.spec, STDIN_FILENO})) throw UsageError("--registration: the same file as --spec");
}

void register_unless_interrupted(store::RegistrationSpec& spec, store::Registration& done) {
    const Interruption interruption;
    spec.stop = [&] { return interruption.pending(); };
    store::register_outputs(spec, done);
}

ExitStatus run_register(const RegisterArguments& a) {
    const auto begun = std::chrono::steady_clock::now();
    store::RegistrationSpec spec = parse_register_spec(fs::read_whole(a.spec), a.spec == "-" ? "standard input" : a.spec);
    spec.strict_references = spec.strict_references || a.strict_references;
    spec.dry_run = a.dry_run;
    spec.sync = a.sync;
    spec.jobs = a.jobs;
    store::Registration done;
    ExitStatus status = complete;
    try {
        register_unless_interrupted(spec, done);
        if (a.registration) write_registration(*a.registration, done, spec.store_dir);
    } catch (const Error& error) {
        message(error.what());
        status = error.error() == ErrorCode::refused ? refused : failed;
    }
    for (const std::string& each : done.warnings) message("note: " + each);
    for (const Finding& each : done.findings)
        if (each.severity == Severity::note) message(sentence(each));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    fs::OutputFile out("-");
    out.write(registration_json(done, spec.store_dir, taken.count()).dump(2) + "\n");
    out.commit();
    return status;
}

}  // namespace reseal::cli
