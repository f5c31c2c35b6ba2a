// SPDX-License-Identifier: BSL-1.0
// What is asked of the file as a whole, before any signature.
#include <algorithm>
#include <array>
#include <reseal/log.hpp>

#include "bytes/byte_string.hpp"
#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"
#include "macho/constants.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::string_view other_build = "# Take the build for macOS.";
constexpr std::string_view unpack = "# Unpack it, and ask about what is in it.";
constexpr std::string_view linked = "# It is not run by itself: ask about a program that was linked with it.";

struct Magic {
    std::string_view bytes, what, remedy;
};

constexpr std::array magics = std::to_array<Magic>({
    {"\x7f"
     "ELF",
     "a program or library for Linux or BSD (ELF)", other_build},
    {"MZ", "a program or library for Windows", other_build},
    {"!<arch>\n", "a static library (an archive of object files)", linked},
    {"dyld_v1", "a cache of system libraries", "# It is part of macOS: ask about the program that is killed."},
    {"PK\3\4", "a zip archive", unpack},
    {"\x1f\x8b", "compressed with gzip", unpack},
    {"\xfd"
     "7zXZ",
     "compressed with xz", unpack},
    {"BZh", "compressed with bzip2", unpack},
    {"\x28\xb5\x2f\xfd", "compressed with zstd", unpack},
    {std::string_view("\x0d\0\0\0\0\0\0\0nix-archive-1", 21), "a Nix archive", unpack},
});
constexpr std::string_view java_magic = "\xca\xfe\xba\xbe";
constexpr std::size_t longest_first_line = 256;

constexpr std::string_view blanks = " \t\r";

std::string take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const std::string word(line.substr(0, line.find_first_of(blanks)));
    line.remove_prefix(word.size());
    return word;
}

/// The program that runs a script.
struct Interpreter {
    std::string name;
    bool found_by_env = false;  // along the PATH
};

Interpreter interpreter(std::string_view head) {
    std::string_view line = head.substr(2, std::min(head.find('\n'), longest_first_line) - 2);
    const std::string named = take_word(line);
    if (named.ends_with("/env"))
        for (std::string word = take_word(line); !word.empty(); word = take_word(line))
            if (!word.starts_with('-') && word.find('=') == std::string::npos) return {word, true};
    return {named};
}

/// A log or a crash report, which people have at hand when a program was killed.
bool tells_of_programs(const FileFacts& file) {
    constexpr std::uint64_t looked_at = std::uint64_t{64} << 10;
    const std::string head = seal::read_range(*file.file, {0, looked_at});
    if (head.find('\0') != std::string::npos) return false;
    const std::string_view first_line = std::string_view(head).substr(0, head.find('\n'));
    const bool is_ips = first_line.starts_with('{') && first_line.find("\"bug_type\"") != std::string_view::npos;
    return is_ips || !read_log(head).events.empty();
}

bool is_for_arm64(const std::string& processor) { return processor.starts_with("arm64"); }

bool runs_on(const ImageFacts& image, const std::string& processor) {
    if (!image.header) return true;  // nobody can tell
    const std::uint32_t cpu = image.header->cputype;
    return is_for_arm64(processor) ? cpu == macho::cpu_arm64 : cpu == macho::cpu_x86_64 || cpu == macho::cpu_i386;
}

bool is_intel(const ImageFacts& image) { return image.header && image.header->cputype == macho::cpu_x86_64; }

}  // namespace

std::optional<Cause> not_macho(const FileFacts& file) {
    if (!file.images.empty() || file.table) return {};
    const std::string head = seal::read_range(*file.file, {0, longest_first_line});
    Cause cause;
    cause.code = CauseCode::not_macho;
    cause.reference = "mach-o/loader.h";
    if (head.empty()) {
        cause.verdict = "the file is empty";
        cause.remedy = "# Fetch or build it again.";
        return cause;
    }
    if (head.starts_with("#!")) {
        const auto [program, found_by_env] = interpreter(head);
        cause.verdict = "this is a script; what a Mac runs, and kills, is " + (program.empty() ? "nothing" : program);
        if (found_by_env) cause.remedy = "reseal explain \"$(command -v " + shell_word(program) + ")\"";
        else if (!program.empty()) cause.remedy = "reseal explain " + shell_word(program);
        return cause;
    }
    if (tells_of_programs(file)) {
        cause.verdict = "this is no program; it reads like a log or a crash report";
        cause.remedy = "reseal explain --log " + file_word(*file.around);
        cause.reference.clear();
        return cause;
    }
    Magic found{{}, "neither a program nor a library", other_build};
    for (const Magic& magic : magics)
        if (head.starts_with(magic.bytes)) found = magic;
    if (file.layout.fat) found = {{}, "several files in one, none of them a program (a static library, most often)", linked};
    else if (head.starts_with(java_magic)) found.what = "a Java class";
    cause.verdict = std::string("this is no program for macOS (no Mach-O file): it is ").append(found.what);
    cause.remedy = found.remedy;
    return cause;
}

std::optional<Cause> wrong_architecture(const FileFacts& file) {
    const std::string& processor = file.around->processor;
    if (file.images.empty()) return {};
    if (std::any_of(file.images.begin(), file.images.end(), [&](const ImageFacts& each) { return runs_on(each, processor); }))
        return {};
    Cause cause;
    cause.code = CauseCode::wrong_architecture;
    std::string there;
    for (const ImageFacts& image : file.images) {
        there += (there.empty() ? "" : ", ") + image.arch();
        cause.evidence.push_back(image.evidence(image.slice.offset, "for " + image.arch()));
        if (cause.evidence.size() == max_evidence) break;
    }
    cause.more = file.images.size() - cause.evidence.size();
    cause.reference = "xnu bsd/kern/mach_fat.c";
    if (is_for_arm64(processor) && std::any_of(file.images.begin(), file.images.end(), is_intel)) {
        cause.note = true;
        cause.certainty = Certainty::possible;
        cause.verdict = "it is for Intel processors only; a Mac with Apple silicon runs it if Rosetta 2 is installed";
        cause.remedy = "softwareupdate --install-rosetta";
        return cause;
    }
    cause.verdict = "nothing in it is for " + processor + ", only for " + there;
    cause.remedy = "# Build it for " + printable(processor) + ", or fetch the build that is.";
    return cause;
}

std::optional<Cause> bad_table(const FileFacts& file) {
    const Problem* found = file.table && !file.table->problems.empty() ? &file.table->problems.front() : nullptr;
    for (const ImageFacts& image : file.images)
        if (!found) found = image.problem({Code::fat_malformed});
    if (!found) return {};
    const Problem& problem = *found;
    Cause cause;
    cause.code = problem.code == Code::truncated ? CauseCode::truncated : CauseCode::bad_structure;
    cause.verdict = "the table of its slices does not hold together: " + problem.what;
    Evidence& at = cause.evidence.emplace_back();
    at.offset = problem.offset;
    at.what = problem.what;
    cause.remedy = "# Fetch it again, or put the slices together anew: lipo -create … -output " + file_word(*file.around);
    cause.reference = "xnu bsd/kern/mach_fat.c";
    return cause;
}

}  // namespace reseal::diagnose
