// SPDX-License-Identifier: BSL-1.0
#include "cli/refs.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "cli/candidates.hpp"
#include "cli/message.hpp"
#include "cli/refs_lines.hpp"
#include "cli/refs_scan.hpp"
#include "fs/input_file.hpp"
#include "fs/io_error.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {
namespace {

constexpr const char* refs_examples = R"(Examples:
  reseal refs /nix/store/…-hello-2.12.1
  xz -d <package.nar.xz | reseal refs --candidates build-inputs.txt -
  reseal refs --inside --json ./package | jq 'select(.inside)'

Found is a store path whose hash part, the 32 characters behind the store's folder,
stands anywhere in the bytes: with the rest of the path or without, in contents, in
the names of files and in the targets of links. No link is followed, PATH included
(with a slash behind it, it is). A file that is a Nix archive or a tape archive is
searched as it is, and its entries are named.

The output is a store path a line, as that of nix-store --query --references.
  --positions  STOREPATH  ENTRY: OFFSET, OFFSET …
  --inside     STOREPATH  inside ENTRY: FORMAT[: MEMBER]
Offsets count from the first byte of the file's contents, of the name or of the
target. The lines of --inside come last: no rewriting reaches what they name. Looked
into are gzip, bzip2, xz and zstd files and the members of zip files, three layers
deep and up to 16 GiB of each file. What is broken there is a note.

Exit status: 0 all was read, 1 not all was.)";

/// Links are not followed; one to something that is no file and no folder is a stream's name, as in /dev/fd.
bool is_tree(const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) throw fs::io_error(path, "open");
    if (!S_ISLNK(status.st_mode)) return S_ISDIR(status.st_mode);
    return ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

std::string usual_store() {
    const char* set = std::getenv("NIX_STORE_DIR");
    return set != nullptr && *set != '\0' ? set : "/nix/store";
}

Candidates candidates_of(const RefsArguments& a) {
    if (a.candidates) return Candidates::in_file(*a.candidates);
    if (a.store) return Candidates::in_store(*a.store);
    try {
        return Candidates::in_store(usual_store());
    } catch (const Error& error) {
        throw Error(ErrorCode::io, std::string(error.what()) + "; --candidates FILE or --store DIR says what to look for");
    }
}

std::optional<Error> read(const RefsArguments& a, RefsScan& scan, bool tree) {
    if (tree) {
        dump_nar(a.path, scan);
    } else {
        fs::InputFile in(a.path);
        for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) scan.write(bytes);
    }
    return scan.finish();
}

}  // namespace

Command add_refs(Command app, RefsArguments& a) {
    Command command = app.command("refs", "List the store paths that a file or folder refers to");
    command.option("--candidates", "FILE", a.candidates,
                   "The store paths or hash parts to look for, one a\nline; - is standard input");
    command.option("--store", "DIR", a.store, "Look for all that this folder holds\n[$NIX_STORE_DIR, else /nix/store]");
    command.flag("--positions", a.positions, "Say where each one stands");
    command.flag("--wide", a.wide, "Also as UTF-16 and UTF-32");
    command.flag("--inside", a.inside, "Also within compressed files");
    command.flag("--json", a.json, "One JSON object a line for each reference");
    command.operand("PATH", "What to search; - is standard input", Operand::once);
    command.footer(refs_examples);
    return command;
}

void complete_refs(RefsArguments& a, const Words& words) {
    if (words.operands.empty()) throw UsageError("PATH: is needed");
    if (words.operands.size() > 1) throw UsageError("PATH: one, not also " + words.operands[1]);
    a.path = words.operands[0];
    if (a.path.empty()) throw UsageError("PATH: an empty name");
    if (a.candidates && a.candidates->empty()) throw UsageError("--candidates: an empty name");
    if (a.store && a.store->empty()) throw UsageError("--store: an empty name");
    if (a.candidates && a.store) throw UsageError("--store: not together with --candidates");
    if (a.candidates == "-" && a.path == "-") throw UsageError("--candidates: standard input is read already");
}

ExitStatus run_refs(const RefsArguments& a) {
    const Candidates candidates = candidates_of(a);
    if (candidates.empty()) message("note: there is nothing to look for");
    const bool tree = a.path != "-" && is_tree(a.path);
    fs::OutputFile out("-");
    RefsScan scan(candidates.hash_parts(), {.positions = a.positions, .wide = a.wide, .inside = a.inside},
                  tree ? Format::nar : Format::automatic);
    const std::optional<Error> malformed = read(a, scan, tree);
    out.write(a.json ? refs_json(scan, candidates, a.positions) : refs_text(scan, candidates, a.positions));
    out.commit();

    ExitStatus status = complete;
    for (const Unread& each : scan.unread()) {
        message((each.by_us ? "" : "note: ") + inside_name(each.path, each.layers) + ": " + each.why);
        if (each.by_us) status = failed;
    }
    if (malformed) {
        message((a.path == "-" ? "" : a.path + ": ") + malformed->what());
        status = failed;
    }
    return status;
}

}  // namespace reseal::cli
