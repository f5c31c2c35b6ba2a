// SPDX-License-Identifier: BSL-1.0
#include <reseal/verify.hpp>

#include <algorithm>

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

/// Several files in one of which none is an image are no business of ours; beside images each slice should be one.
void add_others(const Source& file, const std::vector<const macho::Slice*>& slices, Level level,
                std::vector<ImageVerdict>& images) {
    for (const macho::Slice* slice : slices)
        if (std::optional<ImageVerdict> other = seal::examine_other(file, *slice, level)) images.push_back(std::move(*other));
    std::stable_sort(images.begin(), images.end(),
                     [](const ImageVerdict& a, const ImageVerdict& b) { return a.offset < b.offset; });
}

/// Security.framework wants the team of the slice that is run of every other. Told to those that name one: without it they
/// would be alike.
void add_team_problems(const std::vector<std::optional<std::string>>& teams, std::vector<ImageVerdict>& images) {
    for (std::size_t i = 0; i < images.size(); ++i) {
        if (!teams[i] || teams[i]->empty()) continue;
        for (std::size_t k = 0; k < images.size(); ++k) {
            if (!teams[k] || *teams[k] == *teams[i]) continue;
            images[i].problems.push_back({Code::teams_differ, images[i].offset,
                                          std::string("it names the team ") + *teams[i] + ", the signature of the " +
                                              images[k].arch + " slice " + (teams[k]->empty() ? "none" : *teams[k]),
                                          Layer::codesign});
            break;
        }
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
    std::vector<const macho::Slice*> others;
    std::vector<std::optional<std::string>> teams(images.size());
    for (const macho::Slice& slice : layout.slices) {
        std::optional<seal::ExaminedImage> image = seal::examine_image(file, layout, slice, options);
        if (!image) {
            others.push_back(&slice);
            continue;
        }
        images.push_back(std::move(image->verdict));
        teams.push_back(std::move(image->team));
    }
    add_team_problems(teams, images);
    if (!images.empty()) add_others(file, others, options.level, images);
    if (options.strict && layout.fat && !layout.defect) add_slice_problems(file, layout, images);
    for (ImageVerdict& image : images) seal::weigh(image, options.level);
    return images;
}

}  // namespace reseal
