// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_image.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "macho/arch.hpp"
#include "macho/constants.hpp"
#include "seal/verifier_codesign.hpp"
#include "seal/verifier_examination.hpp"
#include "seal/verifier_kernel.hpp"

namespace reseal::seal {
namespace {

void add_problem(ImageVerdict& verdict, Layer layer, Code code, std::uint64_t offset, std::string what) {
    verdict.problems.push_back({code, offset, std::move(what), layer});
}

bool is_mapped(const macho::Header& header) {
    return header.filetype == macho::mh_execute || header.filetype == macho::mh_dylib || header.filetype == macho::mh_bundle;
}

/// The table is what the kernel and dyld choose a slice by; then the image has to be what was chosen. Of a program xnu compares
/// all bits (kern_exec.c, exec_mach_imgact), of what it loads dyld leaves out the capabilities.
void check_entry(const macho::Slice& slice, const macho::Header& header, ImageVerdict& verdict) {
    const std::uint32_t ignored = header.filetype == macho::mh_execute ? 0 : 0xff000000;
    if (slice.cputype == header.cputype && ((slice.cpusubtype ^ header.cpusubtype) & ~ignored) == 0) return;
    std::string table = macho::arch_name(slice.cputype, slice.cpusubtype);
    if (table == verdict.arch) table += " of other capabilities";
    add_problem(verdict, Layer::kernel, Code::fat_malformed, slice.range.offset,
                "the table of slices says " + table + ", what stands there is for " + verdict.arch);
}

/// The kernel maps whole pages of the file. Asked at its level only: codesign does not mind.
void check_fat(const FileLayout& layout, const macho::Slice& slice, const macho::Header& header, ImageVerdict& verdict) {
    if (layout.wide && header.filetype == macho::mh_execute)
        add_problem(verdict, Layer::kernel, Code::fat_unloadable, 0,
                    "a program in a universal file of 64-bit offsets, which the kernel does not know");
    const std::uint64_t page = std::uint64_t{1} << largest_page_log2(header);
    if (is_mapped(header) && slice.range.offset % page != 0)
        add_problem(verdict, Layer::kernel, Code::fat_unloadable, slice.range.offset,
                    "the slice begins at " + std::to_string(slice.range.offset) + ", no multiple of the system's pages of " +
                        std::to_string(page) + " bytes");
}

/// What the header says of the signature. False: it keeps it from being read.
bool check_header(const macho::Slice& slice, const macho::Header& header, ImageVerdict& verdict) {
    if (!header.defect) return true;
    const bool kernel = header.defect->code != Code::signature_before_code;
    add_problem(verdict, kernel ? Layer::kernel : Layer::codesign, header.defect->code,
                slice.range.offset + header.defect->offset, header.defect->what);
    // The kernel goes on, and asks whether what it executes is covered; another defect may stand behind this one.
    return !kernel && header.signature->size <= macho::max_signature && header.signature->offset >= header.commands_end;
}

void examine_signed(const Source& file, const macho::Slice& slice, const SliceHead& head, const VerifyOptions& options,
                    ExaminedImage& image) {
    ImageVerdict& verdict = image.verdict;
    const std::uint64_t start = slice.range.offset + head.header->signature->offset;
    const std::string bytes = read_range(file, {start, head.header->signature->size});
    if (bytes.size() < head.header->signature->size)
        return add_problem(verdict, Layer::kernel, Code::truncated, file.size(),
                           "the signature ends at " + std::to_string(start + head.header->signature->size) + ", the file at " +
                               std::to_string(file.size()));
    const Examination of{file, slice.range, *head.header, head.bytes, bytes, options, verdict, image.team};
    const macho::Parsed<macho::KernelSignature> as_kernel =
        macho::parse_kernel_signature(bytes, largest_page_log2(*head.header));
    if (options.level == Level::kernel || head.header->defect) examine_as_kernel(of, as_kernel);
    else examine_as_codesign(of, as_kernel);
}

}  // namespace

std::optional<ExaminedImage> examine_image(const Source& file, const FileLayout& layout, const macho::Slice& slice,
                                           const VerifyOptions& options) {
    ExaminedImage image;
    ImageVerdict& verdict = image.verdict;
    verdict.offset = slice.range.offset;
    verdict.arch = layout.fat ? macho::arch_name(slice.cputype, slice.cpusubtype) : "unknown";
    if (options.level == Level::kernel && slice.hidden) return {};
    if (!slice.range.within(file.size())) {
        add_problem(verdict, Layer::kernel, Code::truncated, file.size(),
                    "the slice ends at " + std::to_string(slice.range.end()) + ", the file at " + std::to_string(file.size()));
        return image;
    }
    // A thin file does not say how long it should be: a signature behind its end means that it was cut short.
    std::optional<std::uint64_t> size;
    if (layout.fat) size = slice.range.size;
    const SliceHead head = read_head(file, slice.range, size);
    if (!head.image) return {};
    if (!head.header) {
        add_problem(verdict, Layer::kernel, Code::commands_malformed, slice.range.offset,
                    "the load commands do not hold together");
        return image;
    }
    const macho::Header& header = *head.header;
    verdict.arch = macho::arch_name(header.cputype, header.cpusubtype);
    if (layout.fat && is_mapped(header)) check_entry(slice, header, verdict);
    if (options.level == Level::kernel && layout.fat) check_fat(layout, slice, header, verdict);
    if (!check_header(slice, header, verdict)) return image;
    if (header.signature) {
        examine_signed(file, slice, head, options, image);
    } else {
        verdict.verdict = Verdict::unsigned_;
        if (header.must_be_signed())
            add_problem(verdict, Layer::kernel, Code::unsigned_image, slice.range.offset,
                        "no signature, without which the system does not load it");
    }
    return image;
}

std::optional<ImageVerdict> examine_other(const Source& file, const macho::Slice& slice, Level level) {
    if (slice.hidden && level == Level::kernel) return {};
    // What lipo puts beside images: static libraries, and LLVM's bitcode in its two forms.
    constexpr std::array harmless =
        std::to_array<std::string_view>({"!<arch>\n", "!<thin>\n", "BC\xc0\xde", "\xde\xc0\x17\x0b"});
    const std::string head = read_range(file, {slice.range.offset, std::min<std::uint64_t>(slice.range.size, 8)});
    if (std::any_of(harmless.begin(), harmless.end(), [&](std::string_view magic) { return head.starts_with(magic); }))
        return {};
    ImageVerdict verdict;
    verdict.offset = slice.range.offset;
    verdict.arch = macho::arch_name(slice.cputype, slice.cpusubtype);
    add_problem(verdict, Layer::kernel, Code::fat_malformed, slice.range.offset,
                "the table of slices says " + verdict.arch + ", what stands there is no Mach-O");
    return verdict;
}

}  // namespace reseal::seal
