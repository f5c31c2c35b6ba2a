// SPDX-License-Identifier: BSL-1.0
#include "cli/verify.hpp"

#include <reseal/error.hpp>
#include <reseal/verify.hpp>

#include "bytes/byte_string.hpp"
#include "cli/message.hpp"
#include "cli/verdict_json.hpp"
#include "cli/verdict_text.hpp"
#include "fs/file_source.hpp"
#include "fs/output_file.hpp"
#include "fs/tree.hpp"

namespace reseal::cli {
namespace {

constexpr const char* verify_examples = R"(Examples:
  reseal verify ./tool
  reseal verify --json /nix/store/*-package | jq 'select(.status != "valid")'

A line reads: path, architecture, status, detail. The status is
  valid        every hash is right
  stale        at least one is not
  unbound      the hashes are right, but the CMS signature is of others
  unsigned     bad for arm64 executables, dynamic libraries and bundles only
  malformed    the signature does not hold together
  unsupported  it hashes in a way that neither the kernel nor reseal takes
Folders are searched for Mach-O files; links in them are not followed.

Exit status: 0 every image is fine, 2 one is bad, 1 something could not be read.)";

class Verification {
public:
    explicit Verification(const VerifyArguments& arguments) : arguments_(arguments) {}

    void named(const std::string& path) {
        fs::Kind kind = fs::Kind::other;
        try {
            if (path != "-") kind = fs::kind_of(path);
        } catch (const Error& error) {
            return unreadable(error);
        }
        if (kind != fs::Kind::folder) return look(path, kind, true);
        fs::Tree tree = fs::list_tree(path);
        for (const Error& error : tree.unreadable) unreadable(error);
        for (const std::string& file : tree.files) look(file, fs::Kind::regular, false);
    }

    ExitStatus finish() {
        if (!arguments_.json && images_ > 1) out_.write(counted(images_, "image") + ", " + std::to_string(bad_) + " bad\n");
        out_.commit();
        return status_;
    }

private:
    void look(const std::string& path, fs::Kind kind, bool was_named) {
        std::vector<ImageVerdict> images;
        try {
            images = verify(kind == fs::Kind::regular ? fs::FileSource::open(path) : fs::FileSource::spool(path),
                            {.strict = arguments_.strict});
        } catch (const Error& error) {
            return unreadable(error);
        }
        for (const ImageVerdict& image : images) {
            out_.write((arguments_.json ? verdict_json(path, image).dump() : verdict_text(path, image)) + "\n");
            ++images_;
            if (!image.bad) continue;
            ++bad_;
            status_ = worse(status_, refused);
        }
        if (images.empty() && was_named)
            out_.write((arguments_.json ? not_macho_json(path).dump() : printable(path) + "  not Mach-O") + "\n");
        out_.flush();  // so that who reads along sees each file when it is done, and messages stand where they belong
    }

    void unreadable(const Error& error) {
        message(error.what());
        status_ = worse(status_, failed);
    }

    const VerifyArguments& arguments_;
    fs::OutputFile out_{"-"};
    ExitStatus status_ = complete;
    std::uint64_t images_ = 0;
    std::uint64_t bad_ = 0;
};

}  // namespace

Command add_verify(Command app, VerifyArguments& a) {
    Command command = app.command("verify", "Check the code signatures of files and folders");
    command.flag("--json", a.json, "One JSON object a line for each image");
    command.flag("--strict", a.strict,
                 "Also what codesign's strict mode asks: nothing\nbehind the signature, __LINKEDIT's end");
    command.operand("PATH", "Files and folders; - is standard input", Operand::repeated);
    command.footer(verify_examples);
    return command;
}

void complete_verify(VerifyArguments& a, const Words& words) {
    a.paths = words.operands;
    if (a.paths.empty()) throw UsageError("PATH: at least one is needed");
    for (const std::string& path : a.paths)
        if (path.empty()) throw UsageError("PATH: an empty name");
}

ExitStatus run_verify(const VerifyArguments& a) {
    Verification verification(a);
    for (const std::string& path : a.paths) verification.named(path);
    return verification.finish();
}

}  // namespace reseal::cli
