// SPDX-License-Identifier: BSL-1.0
#include <reseal/nar.hpp>

#include "bytes/byte_string.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "cli/nar.hpp"
#include "fs/input_file.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {
namespace {

constexpr const char* nar_ls_examples = R"(Examples:
  reseal nar ls -l package.nar
  nix-store --dump ./package | reseal nar ls --json | jq 'select(.executable)'

In the archive's order, links and contents unread. What is not UTF-8 in a path is
written as \xNN, a backslash as \\. An entry is there as soon as it
has been read; that the rest of the archive is well-formed is known at the end.

Exit status: 0 the archive is complete, 1 it is not.)";

const char* kind_name(NarEntry::Kind kind) {
    switch (kind) {
        case NarEntry::Kind::regular: return "regular";
        case NarEntry::Kind::symlink: return "symlink";
        case NarEntry::Kind::folder: return "directory";
    }
    return "";
}

nlohmann::ordered_json nar_entry_json(const NarEntry& entry) {
    nlohmann::ordered_json out = {{"path", byte_string(entry.path)}, {"type", kind_name(entry.kind)}};
    if (entry.kind == NarEntry::Kind::regular) {
        out["size"] = entry.size;
        out["executable"] = entry.executable;
        out["offset"] = entry.offset;
    }
    if (entry.kind == NarEntry::Kind::symlink) out["target"] = byte_string(entry.target);
    return out;
}

// As nix nar ls has it: type and permissions in a Nix store, size, path.
std::string long_line(const NarEntry& entry) {
    const char* mode = entry.kind == NarEntry::Kind::folder    ? "dr-xr-xr-x"
                       : entry.kind == NarEntry::Kind::symlink ? "lrwxrwxrwx"
                       : entry.executable                      ? "-r-xr-xr-x"
                                                               : "-r--r--r--";
    std::string size = std::to_string(entry.size);
    std::string out =
        mode + std::string(size.size() < 20 ? 21 - size.size() : 1, ' ') + size + " " + printable_name(entry.path);
    return entry.kind == NarEntry::Kind::symlink ? out + " -> " + printable_name(entry.target) : out;
}

void print(const std::vector<NarEntry>& entries, const NarArguments& a, fs::OutputFile& out) {
    for (const NarEntry& entry : entries)
        out.write(a.json ? json_line(nar_entry_json(entry))
                         : (a.long_lines ? long_line(entry) : printable_name(entry.path)) + "\n");
}

}  // namespace

Command add_nar_ls(Command nar, NarArguments& a) {
    Command command = nar.command("ls", "List what is in a Nix archive");
    command.flag("-l", a.long_lines, "Also type, size and the target of links");
    command.flag("--json", a.json, "One JSON object a line for each entry");
    command.operand("IN", "The archive, a file or a pipe [-]", Operand::at_most_once);
    command.footer(nar_ls_examples);
    return command;
}

ExitStatus run_nar_ls(const NarArguments& a) {
    fs::InputFile in(a.in);
    fs::OutputFile out("-");
    NarListing listing;
    ExitStatus status = complete;
    try {
        for (std::string_view bytes = in.read(); !bytes.empty(); bytes = in.read()) {
            listing.write(bytes);
            print(listing.take(), a, out);
            out.flush();  // whoever looks on need not wait for the rest
        }
        listing.finish();
    } catch (const Error& error) {
        if (error.error() != ErrorCode::malformed) throw;
        print(listing.take(), a, out);
        out.flush();
        message(in_archive(error, a.in));
        status = failed;
    }
    print(listing.take(), a, out);
    out.commit();
    return status;
}

}  // namespace reseal::cli
