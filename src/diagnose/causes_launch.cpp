// SPDX-License-Identifier: BSL-1.0
// What a system asks of a program besides right hashes.
#include <algorithm>

#include "diagnose/checks.hpp"
#include "diagnose/remedies.hpp"
#include "macho/constants.hpp"
#include "seal/verifier_kernel.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint32_t first_constraint = 8, last_launch_constraint = 10;
constexpr std::uint32_t platform_macos = 1, platform_catalyst = 6, platform_driverkit = 10;
constexpr std::uint32_t mh_object = 1, mh_dsym = 10;
constexpr std::uint32_t subtype_mask = 0x00ffffff, subtype_arm64e = 2;
constexpr const char* technote_execution = "Apple: Resolving trusted execution problems";
constexpr const char* of_apple =
    "# It is Apple's. Use it where it is, and do not copy or change it; else take a build of your own.";

std::uint64_t start_of_signature(const ImageFacts& image) { return image.slice.offset + image.header->signature->offset; }

bool executable_behind(const ImageFacts& image, std::uint64_t offset) {
    return std::any_of(image.layout.segments.begin(), image.layout.segments.end(), [&](const macho::Segment& each) {
        return each.executable && each.file.size > 0 && each.file.within(image.slice.size) && each.file.end() > offset;
    });
}

/// Why no kernel starts such a program; empty: it does.
struct Obstacle {
    std::string verdict, what, remedy;
    Certainty certainty = Certainty::certain;
    bool note = false;
    bool of_file = false;  // it is the whole file's, not the slice's
};

/// What the kernel asks of a universal file that it starts or maps something of.
std::optional<Obstacle> obstacle_of_slice(const ImageFacts& image) {
    const Program& program = image.program;
    const bool mapped = program.executable() || program.filetype == macho::mh_dylib || program.filetype == macho::mh_bundle;
    if (!image.fat || !mapped) return {};
    if (image.wide_fat && program.executable())
        return Obstacle{"it is a program in a universal file of 64-bit offsets, which macOS does not start",
                        "the file begins with FAT_MAGIC_64",
                        "# Put its slices into a universal file of 32-bit offsets: lipo -create … -output … "
                        "without -fat64.",
                        Certainty::certain,
                        false,
                        true};
    const std::uint64_t page = std::uint64_t{1} << seal::largest_page_log2(*image.header);
    if (image.slice.offset % page == 0) return {};
    return Obstacle{"it begins in the middle of a page of memory, where macOS cannot map it",
                    "the slice's offset is no multiple of " + std::to_string(page),
                    "# Put the slices into a universal file anew: lipo -create … -output …"};
}

std::optional<Obstacle> obstacle(const ImageFacts& image) {
    const Program& program = image.program;
    if (program.filetype == mh_object)
        return Obstacle{"it is an object file, not linked yet into a program or a library", "the header says MH_OBJECT",
                        "# Link it.", Certainty::certain, true};
    if (program.filetype == mh_dsym)
        return Obstacle{"it holds what a debugger wants to know of a program, and no program", "the header says MH_DSYM",
                        "# The program is another file.", Certainty::certain, true};
    if (program.platform && *program.platform != platform_macos && *program.platform != platform_catalyst &&
        *program.platform != platform_driverkit)
        return Obstacle{"it is made for " + platform_name(*program.platform) + ", not for macOS",
                        "its load commands name the platform " + platform_name(*program.platform),
                        "# Build it for macOS, or fetch the build that is."};
    if (std::optional<Obstacle> slice = obstacle_of_slice(image)) return slice;
    if (!image.is_arm64() || !program.executable()) return {};
    if (!program.dynamic())
        return Obstacle{"it is linked without dyld, and a Mac with Apple silicon runs no such programs",
                        "the header lacks MH_DYLDLINK", "# Link it dynamically, to /usr/lib/libSystem.B.dylib."};
    if (!program.position_independent())
        return Obstacle{"it is made for a fixed address in memory (no PIE), and a Mac with Apple silicon runs no such programs",
                        "the header lacks MH_PIE", "# Link it again with -pie."};
    if ((image.header->cpusubtype & subtype_mask) == subtype_arm64e && image.platform() == 0)
        return Obstacle{"it is built for arm64e, which only Apple's own programs may be", "the processor arm64e",
                        "# Build it for arm64.", Certainty::likely};
    return {};
}

}  // namespace

std::optional<Cause> launch_constraint(const ImageFacts& image) {
    if (!image.parsed) return {};
    Cause cause = image.cause(CauseCode::launch_constraint,
                              "it carries launch constraints: it may be started only from where, and by whom, they say");
    for (std::uint32_t slot = first_constraint; slot <= last_launch_constraint; ++slot)
        if (const macho::Blob* blob = image.parsed->super.find(slot)) {
            Evidence& at = cause.evidence.emplace_back(
                image.evidence(start_of_signature(image) + blob->range.offset, "a launch constraint"));
            at.slot = -std::int64_t{slot};
        }
    if (cause.evidence.empty()) return {};
    cause.note = true;
    cause.certainty = Certainty::possible;
    cause.remedy = "# Start it from where it was installed, the way its maker means it.";
    cause.reference = "Apple: Applying launch environment and library constraints";
    return cause;
}

std::optional<Cause> platform_binary(const ImageFacts& image) {
    if (image.platform() == 0) return {};
    const bool unbound = image.cms_signed() && image.cms.state == Reading::read && !image.binding.primary;
    const bool changed = image.verdict.bad || unbound || image.adhoc();
    Cause cause =
        image.cause(CauseCode::platform_binary,
                    changed ? "it is a program of Apple's that was changed or signed anew: macOS trusts those only as "
                              "Apple made them"
                            : "it is a program of Apple's: a Mac may run it only where Apple installed it");
    cause.note = !changed;
    cause.certainty = changed ? Certainty::likely : Certainty::possible;
    cause.evidence.push_back(image.evidence(start_of_signature(image) + image.chosen()->blob.offset,
                                            "its signature says that it is of platform " + std::to_string(image.platform())));
    if (image.adhoc()) cause.evidence.back().what += ", and no certificate has signed it";
    cause.remedy = of_apple;
    cause.reference = technote_execution;
    return cause;
}

std::optional<Cause> beyond_signature(const ImageFacts& image) {
    if (const Problem* problem = image.problem({Code::signature_before_code})) {
        Cause cause = image.cause(CauseCode::beyond_signature,
                                  "code stands behind its signature, where no hash covers it: " + problem->what);
        cause.evidence.push_back(image.evidence(problem->offset, "the signature"));
        cause.remedy = "# Build it again: no signer can mend this.";
        cause.reference = "xnu bsd/kern/mach_loader.c";
        return cause;
    }
    const macho::CodeDirectory* directory = image.chosen();
    if (!directory || directory->page_size_log2 == 0 || directory->code_limit >= image.header->signature->offset) return {};
    const std::uint64_t bytes = image.header->signature->offset - directory->code_limit;
    const bool code = executable_behind(image, directory->code_limit);
    Cause cause = image.cause(CauseCode::beyond_signature, std::string(code ? "of its code" : "of its data") + " the last " +
                                                               std::to_string(bytes) + " bytes have no hash");
    cause.note = !code;
    cause.layer = code ? Layer::kernel : Layer::strict;
    cause.evidence.push_back(image.evidence(image.slice.offset + directory->code_limit, "here the hashes end"));
    cause.remedy = sign_again(image);
    cause.reference = "xnu bsd/kern/ubc_subr.c, cs_validate_hash";
    return cause;
}

std::optional<Cause> not_launchable(const ImageFacts& image) {
    if (!image.header) return {};
    const std::optional<Obstacle> found = obstacle(image);
    if (!found) return {};
    Cause cause = image.cause(CauseCode::not_launchable, found->verdict);
    cause.certainty = found->certainty;
    cause.note = found->note;
    cause.evidence.push_back(image.evidence(found->of_file ? 0 : image.slice.offset, found->what));
    cause.remedy = found->remedy;
    cause.reference = "xnu bsd/kern/mach_loader.c, parse_machfile";
    return cause;
}

}  // namespace reseal::diagnose
