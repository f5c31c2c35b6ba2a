// SPDX-License-Identifier: BSL-1.0
#include <reseal/verify.hpp>

#include "seal/file_layout.hpp"
#include "seal/verifier_image.hpp"
#include "seal/verifier_strict.hpp"
#include "seal/verifier_weight.hpp"

namespace reseal {
namespace {

/// What strict mode says of the bytes between slices, told to the image nearest in front of them.
void add_slice_problems(const Source& file, const seal::FileLayout& layout, std::vector<ImageVerdict>& images) {
    if (images.empty()) return;
    for (seal::SliceProblem& each : seal::strict_slice_problems(file, layout)) {
        std::size_t nearest = 0;
        for (std::size_t i = 0; i < images.size(); ++i)
            if (images[i].offset <= layout.slices[each.slice].range.offset) nearest = i;
        images[nearest].problems.push_back(std::move(each.problem));
    }
}

}  // namespace

std::vector<ImageVerdict> verify(const Source& file, const VerifyOptions& options) {
    const seal::FileLayout layout = seal::read_layout(file);
    std::vector<ImageVerdict> images;
    if (layout.defect) {
        ImageVerdict& whole = images.emplace_back();
        whole.arch = "fat";
        whole.problems.push_back({layout.defect->code, layout.defect->offset, layout.defect->what, Layer::kernel});
    }
    for (const macho::Slice& slice : layout.slices)
        if (std::optional<ImageVerdict> image = seal::examine_image(file, layout, slice, options))
            images.push_back(std::move(*image));
    if (options.strict && layout.fat && !layout.defect) add_slice_problems(file, layout, images);
    for (ImageVerdict& image : images) seal::weigh(image, options.level);
    return images;
}

}  // namespace reseal
