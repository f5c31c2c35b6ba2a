// SPDX-License-Identifier: BSL-1.0
#include "diagnose/facts.hpp"

#include <algorithm>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint64_t platform_at = 38;  // of a CodeDirectory

VerifyOptions verify_options(const Surroundings& around) {
    VerifyOptions options;
    if (around.info_plist) options.preimages[-1] = *around.info_plist;
    if (around.resources) options.preimages[-3] = *around.resources;
    return options;
}

std::string read_image_head(const Source& file, const macho::Range& slice) {
    std::string head = seal::read_range(file, {slice.offset, std::min<std::uint64_t>(slice.size, 32)});
    const std::uint64_t wanted = std::min<std::uint64_t>(macho::header_bytes_wanted(head), slice.size);
    return wanted > head.size() ? seal::read_range(file, {slice.offset, wanted}) : head;
}

void read_signed(ImageFacts& image) {
    const macho::Header& header = *image.header;
    if (header.defect || !header.signature) return;
    const macho::Range& range = *header.signature;
    image.signature = seal::read_range(*image.file, {image.slice.offset + range.offset, range.size});
    const macho::Parsed<macho::Signature> parsed = macho::parse_signature(image.signature);
    if (!parsed) return;
    image.parsed = *parsed;
    image.entitlements = bundle::entitlements_of(parsed->super, image.signature);
    const macho::Blob* cms = parsed->super.find(macho::slot_cms);
    if (!cms) return;
    image.cms = read_cms(seal::slice(image.signature, cms->range));
    if (image.cms.state == Reading::read) image.binding = bind(image.cms.cms, *parsed, image.signature);
}

ImageFacts read_image(const FileFacts& of, const macho::Range& slice, ImageVerdict verdict) {
    ImageFacts image;
    image.file = of.file;
    image.around = of.around;
    image.fat = of.layout.fat;
    image.wide_fat = of.layout.wide;
    image.slice = slice;
    image.verdict = std::move(verdict);
    if (!slice.within(of.file->size())) return image;
    const std::string head = read_image_head(*of.file, slice);
    image.header = macho::parse_header(head, slice.size);
    image.layout = macho::parse_layout(head);
    image.program = read_program(head);
    if (image.header) read_signed(image);
    return image;
}

}  // namespace

bool ImageFacts::is_arm64() const { return header && header->cputype == macho::cpu_arm64; }

const CodeDirectoryVerdict* ImageFacts::chosen_verdict() const {
    for (const CodeDirectoryVerdict& each : verdict.codedirectories)
        if (each.chosen) return &each;
    return nullptr;
}

const macho::CodeDirectory* ImageFacts::chosen() const { return parsed ? &parsed->chosen() : nullptr; }

const macho::CodeDirectory* ImageFacts::primary() const { return parsed ? &parsed->primary() : nullptr; }

bool ImageFacts::cms_signed() const { return parsed && parsed->super.cms_signed(); }

std::uint32_t ImageFacts::flags() const {
    const macho::CodeDirectory* directory = chosen();
    return directory ? directory->flags : 0;
}

std::uint32_t ImageFacts::platform() const {
    const macho::CodeDirectory* directory = chosen();
    if (!directory) return 0;
    return static_cast<unsigned char>(signature[static_cast<std::size_t>(directory->blob.offset + platform_at)]);
}

std::string_view ImageFacts::team() const {
    const macho::CodeDirectory* directory = chosen();
    if (!directory || directory->team.offset == 0) return {};
    return seal::slice(signature, directory->team);
}

std::string_view ImageFacts::identifier() const {
    const macho::CodeDirectory* directory = chosen();
    return directory ? seal::slice(signature, directory->identifier) : std::string_view();
}

bool ImageFacts::has(std::uint32_t slot) const { return parsed && parsed->super.find(slot); }

const Problem* ImageFacts::problem(std::initializer_list<Code> codes) const {
    for (const Problem& each : verdict.problems)
        if (std::find(codes.begin(), codes.end(), each.code) != codes.end()) return &each;
    return nullptr;
}

Cause ImageFacts::cause(CauseCode code, std::string sentence) const {
    Cause made;
    made.code = code;
    made.arch = verdict.arch;
    made.verdict = std::move(sentence);
    return made;
}

Evidence ImageFacts::evidence(std::uint64_t offset, std::string what) const {
    Evidence made;
    made.arch = verdict.arch;
    made.offset = offset;
    made.what = std::move(what);
    return made;
}

FileFacts read_facts(const Source& file, const Surroundings& around) {
    FileFacts facts;
    facts.file = &file;
    facts.around = &around;
    facts.layout = seal::read_layout(file);
    std::vector<ImageVerdict> verdicts = verify(file, verify_options(around));
    if (facts.layout.defect && !verdicts.empty()) facts.table = verdicts.front();
    for (const macho::Slice& slice : facts.layout.slices) {
        const auto found = std::find_if(verdicts.begin(), verdicts.end(), [&](const ImageVerdict& each) {
            return each.offset == slice.range.offset && !(facts.table && each.arch == "fat");
        });
        if (found != verdicts.end()) facts.images.push_back(read_image(facts, slice.range, std::move(*found)));
    }
    if (around.profile) facts.profile = read_profile(*around.profile, "embedded.provisionprofile");
    return facts;
}

}  // namespace reseal::diagnose
