// SPDX-License-Identifier: BSL-1.0
#include "cli/show.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <reseal/bundle.hpp>
#include <reseal/error.hpp>

#include "bytes/joined.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "cli/page_map_svg.hpp"
#include "cli/program_file.hpp"
#include "cli/same_file.hpp"
#include "cli/show_json.hpp"
#include "cli/show_text.hpp"
#include "cli/surroundings.hpp"
#include "fs/file_source.hpp"
#include "fs/input_kind.hpp"
#include "fs/output_file.hpp"
#include "fs/tree.hpp"

namespace reseal::cli {
namespace {

constexpr const char* show_examples = R"(Examples:
  reseal show ./tool
  reseal show --arch arm64 --svg pages.svg ./tool
  reseal show --json ./tool | jq '.images[].codedirectories[] | select(.chosen).cdhash'

Shows, for each architecture: what kind of signature there is, what verify says
of it, every CodeDirectory with its hashes, requirements, entitlements, launch
constraints, who signed, and a map of the pages:
  = valid        it is what its hash says
  X stale        it is not
  o touched      a rewrite has changed it and its hash
  ? unknown      the signature is damaged, or hashes in a way that is not known
  . not covered  no hash is about it
On a terminal in colours, unless NO_COLOR is set; COLUMNS says how wide.
Of a damaged signature it shows all that can be read, and why the rest cannot.

Exit status: 0 every image that was shown is fine, 2 one is bad, as verify
judges; 1 PATH could not be read, or is no Mach-O file.)";

struct Shown {
    std::vector<ShownImage> images;
    std::vector<std::string> left_out;  // architectures that were not asked for
    std::string fault;
    bool bad = false;
};

template <class Each>
const Each* at_offset(const std::vector<Each>& all, std::uint64_t offset) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Each& each) { return each.offset == offset; });
    return found == all.end() ? nullptr : &*found;
}

/// What a bundle has outside of its executable, and special slots seal.
std::map<std::int64_t, std::string> preimages_of(const std::string& path) {
    std::map<std::int64_t, std::string> preimages;
    Surroundings around = surroundings_of(path, {});
    if (around.info_plist) preimages[-1] = std::move(*around.info_plist);
    if (around.resources) preimages[-3] = std::move(*around.resources);
    return preimages;
}

Shown look(const Source& file, const std::string& path, const ShowArguments& a) {
    Shown shown;
    const std::map<std::int64_t, std::string> preimages = preimages_of(path);
    SignatureView viewed = view(file, {.preimages = preimages, .digests = a.slots});
    const std::vector<ImageVerdict> verdicts = verify(file, {.preimages = preimages});
    const PageMap maps = page_map(file);
    shown.fault = viewed.fault;
    shown.bad = !viewed.fault.empty();
    for (ImageView& each : viewed.images) {
        if (a.arch && each.arch != *a.arch) {
            shown.left_out.push_back(each.arch);
            continue;
        }
        ShownImage image;
        if (const ImageVerdict* verdict = at_offset(verdicts, each.offset)) image.verdict = *verdict;
        if (const ImagePageMap* map = at_offset(maps, each.offset)) image.map = *map;
        image.view = std::move(each);
        shown.bad = shown.bad || image.verdict.bad;
        shown.images.push_back(std::move(image));
    }
    return shown;
}

/// The file to show: of a bundle its main executable.
std::string shown_file(const std::string& path) {
    if (fs::kind_of_input(path) != fs::Kind::folder) return path;
    const std::optional<BundlePlace> place = bundle_of(path);
    if (!place) throw Error(ErrorCode::io, "is a folder, and no bundle; name a program in it", path);
    if (place->executable.empty()) throw Error(ErrorCode::io, "is a bundle without a main executable", path);
    std::string_view given = path;
    while (given.size() > 1 && given.ends_with('/')) given.remove_suffix(1);
    const bool itself = std::filesystem::absolute(given).lexically_normal() == place->folder;
    return itself && place->executable.starts_with(place->folder)
               ? std::string(given).append(place->executable, place->folder.size())
               : place->executable;
}

void write_text(const std::string& text) {
    fs::OutputFile out("-");
    out.write(text);
    out.commit();
}

std::string text_of(const ShowArguments& a, const std::string& path, const Shown& shown) {
    if (a.json) return json_line(show_json(path, shown.images, shown.fault, a.slots));
    const Terminal terminal = standard_output();
    std::string text;
    for (const ShownImage& image : shown.images)
        text.append(text.empty() ? "" : "\n").append(show_text(path, image, a.slots, terminal));
    return text;
}

void draw(const std::string& path, const std::vector<ShownImage>& images, fs::OutputFile& out) {
    PageMap maps;
    for (const ShownImage& image : images) maps.push_back(image.map);
    out.write(page_map_svg(path == "-" ? "standard input" : path, maps));
    out.commit();
}

}  // namespace

Command add_show(Command app, ShowArguments& a) {
    Command command = app.command("show", "Show what the code signatures of a file say, and its pages");
    command.flag("--json", a.json, "One JSON object (docs/show.schema.json)");
    command.option("--arch", "ARCH", a.arch, "Of a universal file only this one: arm64, x86_64, …");
    command.flag("--slots", a.slots, "The hash of every page, too");
    command.option("--svg", "FILE", a.svg, "Draw the page map into FILE as well");
    command.operand("PATH", "A Mach-O file, or a bundle, which stands for its\nmain executable; - is standard input",
                    Operand::once);
    command.footer(show_examples);
    return command;
}

void complete_show(ShowArguments& a, const Words& words) {
    if (words.operands.empty()) throw UsageError("PATH: one is needed");
    if (words.operands.size() > 1) throw UsageError("PATH: one file, not also " + words.operands[1]);
    a.path = words.operands[0];
    if (a.path.empty()) throw UsageError("PATH: an empty name");
    if (a.svg && a.svg->empty()) throw UsageError("--svg: an empty name");
    if (a.svg && *a.svg == "-") throw UsageError("--svg: standard output is for the text; name a file");
    if (a.svg && same_file({*a.svg, STDOUT_FILENO}, {a.path, STDIN_FILENO})) throw UsageError("--svg: the same file as PATH");
    if (a.arch && a.arch->empty()) throw UsageError("--arch: an empty name");
}

ExitStatus run_show(const ShowArguments& a) {
    const std::string path = shown_file(a.path);
    const std::unique_ptr<Source> file = open_program(path);
    std::optional<fs::OutputFile> svg;
    if (a.svg) svg.emplace(*a.svg);
    const Shown shown = look(*file, path, a);
    const std::string name = path == "-" ? "standard input" : path;
    if (!shown.fault.empty()) message(name + ": " + shown.fault);
    if (shown.images.empty() && shown.fault.empty()) {
        message(shown.left_out.empty() ? name + ": not Mach-O"
                                       : name + ": has no image for " + *a.arch + ", only for " + joined(shown.left_out));
        return failed;
    }
    write_text(text_of(a, path, shown));
    if (svg) draw(path, shown.images, *svg);
    return shown.bad ? refused : complete;
}

}  // namespace reseal::cli
